"""Is the sample warehouse whole, realistic, repeatable and free of personal data?"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access.model_file import read_model
from sample_data import make, world

from .conftest import read, truth_of

MODEL = Path(make.__file__).with_name("semantic.toml")


def test_it_spans_thirteen_months_in_order_of_time(contacts: pd.DataFrame) -> None:
    assert len(contacts) == 400_000
    assert contacts["contacted_at"].is_monotonic_increasing
    assert contacts["contacted_at"].min() >= pd.Timestamp("2025-10-01")
    assert pd.Timestamp("2026-10-31 20:00") < contacts["contacted_at"].max() < pd.Timestamp("2026-11-01")
    assert contacts["contacted_at"].dt.to_period("M").nunique() == 13
    assert contacts["contact_id"].is_unique


def test_three_in_ten_answer_with_a_ceiling(contacts: pd.DataFrame) -> None:
    rated = contacts[contacts["score"].notna()]
    assert len(rated) / len(contacts) == pytest.approx(0.30, abs=0.01)
    assert rated["score"].between(1, 10).all()
    assert 0.30 < (rated["score"] == 10).mean() < 0.45
    assert 0.005 < rated["exempted"].mean() < 0.015
    counted = rated[rated["exempted"] == 0]
    assert 84.5 < 10 * counted["score"].mean() < 87


def test_october_fell_by_one_to_two_points(contacts: pd.DataFrame) -> None:
    counted = contacts[contacts["score"].notna() & (contacts["exempted"] == 0)]
    by_month = 10 * counted.groupby(counted["contacted_at"].dt.strftime("%Y-%m"))["score"].mean()
    assert -2.2 < by_month["2026-10"] - by_month["2026-09"] < -1.0
    assert by_month.drop("2026-10").max() - by_month.drop("2026-10").min() < 1.5


def test_answers_hang_together(contacts: pd.DataFrame) -> None:
    rated = contacts["score"].notna()
    assert (contacts["invited"][rated] == 1).all()
    assert contacts["responded_at"].notna().equals(rated)
    assert (contacts["responded_at"][rated] >= contacts["contacted_at"][rated]).all()
    assert (contacts["responded_at"][rated] <= contacts["loaded_at"][rated]).all()
    assert contacts["reason"].notna().equals(rated & (contacts["score"] < 10).fillna(False).astype(bool))
    assert not contacts["comment"][~rated].notna().any()
    assert contacts["exempt_reason"].notna().equals(contacts["exempted"] == 1)


def test_non_response_depends_on_the_experience(contacts: pd.DataFrame) -> None:
    invited = contacts[(contacts["invited"] == 1) & (contacts["touchpoint"] == "enquiry_call")]
    answered = invited["score"].notna().groupby(invited["resolved"]).mean()
    assert answered[0] < answered[1] - 0.005


def test_volumes_are_skewed_and_follow_week_and_day(contacts: pd.DataFrame) -> None:
    shares = contacts["business"].value_counts(normalize=True)
    assert shares.max() > 4 * shares.min()
    days = contacts["contacted_at"].dt.day_of_week.value_counts()
    assert days[0] > 1.3 * days[6]
    hours = contacts["contacted_at"].dt.hour.value_counts()
    assert hours[10] > 10 * hours[3]


def test_who_gave_up_reached_nobody(contacts: pd.DataFrame) -> None:
    gone = contacts[contacts["abandoned"] == 1]
    assert 0.01 < len(gone) / contacts["wait_s"].notna().sum() < 0.08
    assert gone[["team", "agent", "unit", "handle_s", "resolved", "score"]].isna().all(axis=None)
    assert (gone["invited"] == 0).all()


def test_every_rating_has_a_serving_unit(contacts: pd.DataFrame) -> None:
    rated = contacts[contacts["score"].notna()]
    assert rated["unit"].notna().all()
    by_agent = rated["team"].notna()
    assert (rated["unit"][by_agent].to_numpy(str) == rated["team"][by_agent].to_numpy(str)).all()
    assert rated["unit"].value_counts(normalize=True).max() < 0.1


def test_tenure_bands_hold_their_days(contacts: pd.DataFrame) -> None:
    days = contacts.groupby("tenure_band", observed=True)["tenure_days"].agg(["min", "max"])
    assert days.loc["d0_60", "min"] == 0
    assert list(days["max"])[:3] == [60, 180, 365]
    assert list(days["min"])[1:] == [61, 181, 366]


def test_sub_types_lie_under_one_business(contacts: pd.DataFrame) -> None:
    assert (contacts.groupby("sub_type", observed=True)["business"].nunique() == 1).all()


def test_repeat_contacts_give_a_plausible_resolution_rate(contacts: pd.DataFrame) -> None:
    rows = contacts.sort_values(["customer_id", "business", "contacted_at"], kind="stable")
    gap = rows.groupby(["customer_id", "business"], observed=True)["contacted_at"].diff(-1).abs()
    mature = rows["contacted_at"] < rows["loaded_at"].max() - pd.Timedelta(hours=48)
    rates = [(~(gap[mature] <= pd.Timedelta(hours=hours))).mean() for hours in (2, 24, 48)]
    assert rates[0] > rates[1] > rates[2]
    assert 0.80 < rates[2] < 0.92
    customers = contacts["customer_id"].value_counts()
    assert customers.max() > 10 * customers.median()


def test_rows_are_loaded_the_night_after_and_some_late(contacts: pd.DataFrame) -> None:
    delay = contacts["loaded_at"] - contacts["contacted_at"]
    assert delay.min() > pd.Timedelta(0)
    assert contacts["loaded_at"].max() <= pd.Timestamp(world.EXTRACT)
    assert 0.005 < (delay > pd.Timedelta(hours=30)).mean() < 0.015


def test_reasons_are_codes_of_the_taxonomy(contacts: pd.DataFrame) -> None:
    named = contacts["reason"].dropna().str.split("|")
    assert set(named.explode()) == set(world.reasons())
    assert named.map(lambda codes: len(set(codes)) == len(codes)).all()
    assert 0.1 < (named.str.len() > 1).mean() < 0.5
    silent = named.map(lambda codes: "not_stated" in codes)
    assert (named[silent].str.len() == 1).all()


def test_comments_come_in_both_languages_without_personal_data(contacts: pd.DataFrame) -> None:
    comments = contacts["comment"].dropna()
    chinese = comments.str.contains(r"[一-鿿]")
    assert 0.6 < chinese.mean() < 0.9
    assert not comments.str.contains(r"\d{5,}|@|https?:", regex=True).any()
    assert contacts["customer_id"].str.fullmatch(r"[0-9a-f]{16}").all()
    assert contacts["agent"].dropna().astype(str).str.fullmatch(r"A\d{4}").all()


def test_dimensions_are_stored_as_enums(warehouse: Path) -> None:
    kinds = read(warehouse, "DESCRIBE contacts").set_index("column_name")["column_type"]
    for dimension in read_model(MODEL).dimensions.values():
        assert all(kinds[column].startswith("ENUM") for column in dimension.columns), dimension.name
    assert kinds["tier"] == "ENUM('basic', 'silver', 'gold', 'vip')"


def test_the_semantic_model_names_what_is_there(warehouse: Path) -> None:
    model = read_model(MODEL)
    text = MODEL.read_text(encoding="utf-8")
    columns = set(re.findall(r'(?:column|reason|loaded|contact_id|customer_id) = "(\w+)"', text))
    assert {"score", "contacted_at", "loaded_at", "exempt_reason", "wait_s"} <= columns
    assert columns <= set(read(warehouse, "DESCRIBE contacts")["column_name"])
    present = set(read(warehouse, "SELECT table_name FROM information_schema.tables")["table_name"])
    assert {model.table, "reason_power", "surveys", *model.tables.values()} <= present


def test_surveys_are_the_invited(warehouse: Path, contacts: pd.DataFrame) -> None:
    assert len(read(warehouse, "SELECT score FROM surveys")) == contacts["invited"].sum()


def test_every_code_has_a_name_in_both_languages(warehouse: Path, contacts: pd.DataFrame) -> None:
    labels = read(warehouse, "SELECT * FROM labels")
    assert not labels.duplicated(["dimension", "value"]).any()
    assert (labels[["en", "zh"]] != "").all(axis=None)
    for name in set(read_model(MODEL).dimensions) - {"touchpoint"} | {"exempt_reason"}:
        known = set(labels.loc[labels["dimension"] == name, "value"])
        assert set(contacts[name].cat.remove_unused_categories().cat.categories) <= known, name


def test_reasons_have_a_power_and_an_owner_of_the_taxonomy(warehouse: Path) -> None:
    lookup = read(warehouse, "SELECT * FROM reason_power")
    assert tuple(lookup["reason"]) == world.reasons()
    for column, section in (("power", "power"), ("owner", "owner")):
        assert set(lookup[column]) <= {entry["code"] for entry in world.taxonomy()[section]}


@pytest.mark.parametrize("table", ["complaints", "qa_evaluations", "bot_sessions"])
def test_companions_belong_to_contacts(table: str, warehouse: Path) -> None:
    joined = (
        f"SELECT count(*) AS n, count(c.contact_id) AS found FROM {table} t LEFT JOIN contacts c USING (contact_id)"
    )
    counts = read(warehouse, joined)
    assert counts["n"].item() == counts["found"].item() > 1000


def test_companions_are_plausible(warehouse: Path) -> None:
    cases = read(warehouse, "SELECT * FROM complaints")
    assert 0.03 < (cases["level"] == "escalated").mean() < 0.09
    assert 0.0 < cases["closed_at"].isna().mean() < 0.05
    assert (cases["due_at"] > cases["opened_at"]).all()
    checks = read(warehouse, "SELECT * FROM qa_evaluations")
    assert checks["sampling_weight"].notna().equals(checks["sample"] == "random")
    months = read(warehouse, "SELECT * FROM agent_months")
    assert not months.duplicated(["agent", "month"]).any()
    assert months["occupancy"].between(0, 1).all()
    assert months["left_centre"].mean() == pytest.approx(0.03, abs=0.02)
    others = read(warehouse, "SELECT * FROM benchmarks")
    assert set(others.loc[others["n"].isna(), "source"]) == {"competitor_b"}


def test_agent_months_count_the_contacts(warehouse: Path, contacts: pd.DataFrame) -> None:
    months = read(warehouse, "SELECT sum(contacts) AS n FROM agent_months")
    assert months["n"].item() == contacts["agent"].notna().sum()


def test_the_same_seed_gives_the_same_rows(tmp_path: Path) -> None:
    frames = [read(make.build(tmp_path / name, contacts=3000, seed=seed), "SELECT * FROM contacts")
              for name, seed in (("a", 1), ("b", 1), ("c", 2))]  # fmt: skip
    pd.testing.assert_frame_equal(frames[0], frames[1])
    assert not np.array_equal(frames[0]["customer_id"], frames[2]["customer_id"])


def test_ensure_builds_once_and_removes_what_is_older(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = warehouse.with_name("satrace_sample_0123456789ab.duckdb")
    older.write_bytes(b"")
    before = warehouse.stat().st_mtime_ns
    monkeypatch.setenv("SATRACE_DATA", str(warehouse.parent))
    assert make.ensure() == warehouse
    assert warehouse.stat().st_mtime_ns == before
    assert not older.exists()
    assert truth_of(warehouse)["contacts"] == 400_000


def test_the_command_prints_the_path(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make.main(["--folder", str(warehouse.parent)])
    assert capsys.readouterr().out.strip() == str(warehouse)


def test_the_command_refuses_an_unknown_cause(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        make.main(["--without", "weather"])
    assert stop.value.code == 2
    assert "billing_rule" in capsys.readouterr().err


def test_a_broken_build_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(share: float, step: str) -> None:
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make.build(tmp_path, contacts=2000, progress=fail)
    assert not list(tmp_path.iterdir())


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    steps: list[float] = []
    make.build(tmp_path, contacts=2000, progress=lambda share, step: steps.append(share))
    assert steps == sorted(steps)
    assert steps[0] == 0.0
    assert steps[-1] == 1.0


def test_too_few_contacts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 1,000 contacts"):
        make.build(tmp_path, contacts=10)


def test_what_bots_and_staff_leave_on_a_contact(warehouse: Path, contacts: pd.DataFrame) -> None:
    sessions = read(warehouse, "SELECT * FROM bot_sessions").set_index("contact_id")
    bot = contacts[contacts["bot_turns"].notna()].set_index("contact_id")
    assert set(bot.index) == set(sessions.index)
    assert (bot["bot_turns"] == sessions["turns"]).all() and (bot["bot_fallbacks"] == sessions["fallbacks"]).all()
    assert (bot["bot_handed_over"] == (sessions["outcome"] == "handed_over")).all()
    by_chance = read(warehouse, "SELECT * FROM qa_evaluations WHERE sample = 'random'").set_index("contact_id")
    checked = contacts.set_index("contact_id")["qa_errors"].dropna()
    assert (checked == (by_chance["critical_error"] + by_chance["noncritical_errors"]).reindex(checked.index)).all()
    assert len(checked) == len(by_chance)
    assert (contacts["training_hours"].notna() == contacts["agent"].notna()).all()


def test_who_came_back_within_two_days(contacts: pd.DataFrame) -> None:
    order = contacts.sort_values(["customer_id", "contacted_at", "contact_id"])
    after = order.groupby("customer_id")["contacted_at"].shift(-1) - order["contacted_at"]
    bot = order["bot_turns"].notna()
    repeat = (after[bot] <= pd.Timedelta(hours=48)).astype(float)
    open_yet = (order.loc[bot, "contacted_at"] + pd.Timedelta(hours=48) > "2026-11-01 03:00") & (repeat == 0)
    assert order.loc[bot, "bot_repeat"].isna().equals(open_yet)
    assert (order.loc[bot, "bot_repeat"].dropna() == repeat[~open_yet]).all()
    assert (order.loc[bot & (order["bot_repeat"] == 1), "bot_verified"] == 0).all()


def test_relations_are_told(warehouse: Path) -> None:
    relations = truth_of(warehouse)["relations"]
    assert relations["handling"]["apparent"] < -0.3 and abs(relations["handling"]["adjusted"]) < 0.05
    assert 0.5 < relations["wait"]["beyond"] < 0.8

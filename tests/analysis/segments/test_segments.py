"""The answer as a whole, asked through a warehouse: sums, hierarchy, surges, halves, the sample and the fixture."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.api import WLS

from analysis.result import Result
from analysis.segments import segments
from analysis.segments.cells import CellSums
from analysis.segments.earlier import earlier
from analysis.segments.partition import parts
from data_access.model_file import parse_model, read_model
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from data_access.warehouse.dialects.duckdb import to_read
from sample_data import make
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.segments.cells import cells_of
from tests.analysis.segments.instances import Look, instance
from tests.proof import examples

MODEL = """
time = { column = "contacted_at" }
contact_id = "contact_id"
score = { column = "score", scale = [1, 10] }
[dimensions]
business = { column = "business" }
sub_type = { column = "sub_type", under = "business" }
team = { column = "team" }
tier = { column = "tier" }
[reasons]
reason = { column = "reason" }
"""
OCTOBER, SEPTEMBER = Period(date(2026, 10, 1), date(2026, 11, 1)), Period(date(2026, 9, 1), date(2026, 10, 1))
BOTH = Selection(period=OCTOBER, baseline=SEPTEMBER)
ROOT = Path(__file__).resolve().parents[3]
EFFECTS = ["rate_effect", "mix_effect", "total_effect"]


def contacts(n: int = 12_000) -> pd.DataFrame:
    """Two months: broadband's fault calls fall by 2, gold customers of team 3 rise by 1.5, television doubles."""
    rng = np.random.default_rng(3)
    later = rng.random(n) < 0.5
    business = rng.choice(["mobile", "broadband", "tv"], n, p=[0.6, 0.3, 0.1])
    business = np.where(later & (rng.random(n) < 0.1), "tv", business)
    kinds = np.char.add(np.char.add(business.astype(str), "_"), rng.choice(["fault", "bill", "other"], n))
    team, tier = rng.choice([f"t{i}" for i in range(8)], n), rng.choice(["gold", "basic"], n, p=[0.3, 0.7])
    score = rng.normal(7, 1.5, n) - 0.5 * (business == "tv")
    score -= 2.0 * (later & (kinds == "broadband_fault"))
    score += 1.5 * (later & (team == "t3") & (tier == "gold"))
    days = pd.to_datetime(np.where(later, "2026-10-01", "2026-09-01")) + pd.to_timedelta(rng.integers(0, 30, n), "D")
    return pd.DataFrame({
        "contact_id": np.arange(n), "contacted_at": days, "business": business, "sub_type": kinds, "team": team,
        "tier": tier, "reason": "x", "score": np.clip(np.round(score), 1, 10),
    })  # fmt: skip


@pytest.fixture(scope="module")
def hotline(warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(contacts(), MODEL)


@pytest.fixture(scope="module")
def found(hotline: Warehouse) -> Result:
    return segments(hotline, BOTH)


def named(result: Result, kind: str) -> list[dict[str, str | None]]:
    return [dict(s) for s in result.table.loc[result.table["kind"] == kind, "segment"]]


def test_a_fall_a_rise_and_a_surge(found: Result) -> None:
    assert named(found, "rate") == [{"sub_type": "broadband_fault"}, {"team": "t3", "tier": "gold"}]
    assert named(found, "mix") == [{"business": "tv"}]
    rate = found.table[found.table["kind"] == "rate"]
    assert list(np.sign(rate["change"])) == [-1, 1]
    assert (rate["p_adjusted"] < 1e-4).all()
    assert [s.key for s in found.findings[:4]] == [
        "segments.found", "segments.fell", "segments.rose", "segments.surge"
    ]  # fmt: skip


def test_own_numbers_against_the_rows_themselves(found: Result) -> None:
    frame, row = contacts(), found.table.iloc[0]
    own = frame[frame["sub_type"] == "broadband_fault"]
    later = own["contacted_at"] >= "2026-10-01"
    assert (row["n0"], row["n1"]) == ((~later).sum(), later.sum())
    scores = [own.loc[side, "score"].mean() * 10 for side in (~later, later)]
    assert (row["score0"], row["score1"]) == pytest.approx(tuple(scores))
    assert row["low"] < row["change"] == pytest.approx(scores[1] - scores[0])
    assert row["high"] > row["change"]


def test_effects_and_everything_else_sum_to_the_change(found: Result) -> None:
    both = pd.concat([found.table[EFFECTS], found.parts["rest"][EFFECTS]])
    assert both["total_effect"].sum() == pytest.approx(found.statistics["change"], abs=1e-9)
    assert (both["rate_effect"] + both["mix_effect"]).sum() == pytest.approx(found.statistics["change"], abs=1e-9)
    assert found.parts["total"]["total_effect"].iloc[0] == pytest.approx(found.statistics["change"], abs=1e-9)


def test_a_sub_type_is_no_second_cause_beside_its_business(found: Result) -> None:
    for row in (*found.table["segment"], *found.parts["candidates"]["segment"]):
        assert not {"business", "sub_type"} <= {name for name, _ in row}


def test_the_half_that_did_not_find_it_tells_the_change(found: Result) -> None:
    row = found.table.iloc[0]
    assert row["split_low"] < row["split_change"] < row["split_high"] < 0
    assert row["split_change"] == pytest.approx(row["change"], abs=6)
    assert found.table.loc[found.table["kind"] == "mix", "split_change"].isna().all()


def test_the_periods_swapped(hotline: Warehouse, found: Result) -> None:
    back = segments(hotline, Selection(period=SEPTEMBER, baseline=OCTOBER))
    assert named(back, "rate") == named(found, "rate")
    for name in ("change", "split_change"):
        rate = found.table["kind"] == "rate"
        assert back.table[name].to_numpy()[:2] == pytest.approx(-found.table.loc[rate, name].to_numpy())


def test_the_dimensions_and_the_depth_asked_for(hotline: Warehouse) -> None:
    one = segments(hotline, BOTH, by=["team", "tier"], depth=1)
    assert one.options["by"] == ("team", "tier")
    assert one.statistics["candidates"] == {"1": 10}
    assert {len(s) for s in one.parts["candidates"]["segment"]} == {1}


def test_a_twin_dimension_is_named_as_the_alternative(warehouse_of: MakeWarehouse) -> None:
    frame = contacts()
    other = np.where(np.random.default_rng(1).random(len(frame)) < 0.02, "t0", frame["team"])
    frame["desk"] = pd.Series(other).str.replace("t", "desk")
    frame.loc[(frame["team"] == "t5") & (frame["contacted_at"] >= "2026-10-01"), "score"] -= 1
    told = segments(warehouse_of(frame, MODEL.replace("[reasons]", 'desk = { column = "desk" }\n[reasons]')), BOTH)
    place = dict(zip(told.table["segment"], told.table["alternative"], strict=True))
    assert place[(("team", "t5"),)] in (None, (("desk", "desk5"),))
    twins = [{"team": "t3", "tier": "gold"}, {"tier": "gold", "desk": "desk3"}]
    assert sum(s in twins for s in named(told, "rate")) == 1


def test_the_changes_before_are_those_there_are_answers_for(warehouse_of: MakeWarehouse, hotline: Warehouse) -> None:
    august = contacts().assign(contacted_at=lambda f: f["contacted_at"] - pd.DateOffset(months=1))
    older = warehouse_of(pd.concat([contacts(), august[august["contacted_at"] < "2026-09-01"]]), MODEL)
    (change,) = earlier(older, BOTH, SEPTEMBER, ["team"])
    expected = august[august["contacted_at"] < "2026-09-01"].groupby("team").size()
    assert change.n[:, 0] == pytest.approx(expected.to_numpy())
    assert list(earlier(hotline, BOTH, SEPTEMBER, ["team"])) == []
    assert named(segments(older, BOTH), "rate") == named(segments(hotline, BOTH), "rate")


def test_what_cannot_be_asked(hotline: Warehouse) -> None:
    with pytest.raises(BadInput):
        segments(hotline, Selection(period=OCTOBER))
    with pytest.raises(BadInput):
        segments(hotline, BOTH, by=["reason"])
    for depth in (0, 6):
        with pytest.raises(BadInput):
            segments(hotline, BOTH, depth=depth)
    with pytest.raises(NothingToShow):
        segments(hotline, Selection(period=OCTOBER, baseline=Period(date(2025, 1, 1), date(2025, 2, 1))))


def test_progress_counts_what_was_found(hotline: Warehouse) -> None:
    told: list[int] = []
    segments(hotline, BOTH, progress=told.append)
    assert told[0] == 0  # while it counts
    assert told.count(0) > 5
    assert told[-1] == 2


@pytest.mark.parametrize("calls", [1, 5, 15])
def test_an_error_in_progress_stops_the_search(hotline: Warehouse, calls: int) -> None:
    told: list[int] = []

    def stop(found: int) -> None:
        told.append(found)
        if len(told) == calls:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        segments(hotline, BOTH, progress=stop)
    assert len(told) == calls


@examples(40)
@given(seed=st.integers(0, 500), picked=st.lists(st.integers(0, 10_000), max_size=6))
def test_any_partition_sums_exactly(seed: int, picked: list[int]) -> None:
    answers = CellSums.of(cells_of(instance(seed, "knotted", look=Look((3, 4, 5), 400)))).merged()
    chosen = [np.flatnonzero(answers.codes[:, i % 3] == i % 4) for i in picked]
    metric = parse_model('table = "x"\n' + MODEL).metric("score")
    table = parts(answers, chosen, metric)
    change = answers.score[1] - answers.score[0]
    assert len(table) == len(picked) + 1
    assert table["total_effect"].sum() == pytest.approx(change, abs=1e-9)
    assert table[["share0", "share1"]].sum().to_list() == pytest.approx([1, 1])


def test_3g_of_the_fixture_comes_first_and_is_not_proven(shared: Path, warehouse_of: MakeWarehouse) -> None:
    frame = pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"])
    model = MODEL.split("sub_type", maxsplit=1)[0]
    told = segments(warehouse_of(frame, model), BOTH)
    assert told.table.empty
    assert told.findings[0].key == "segments.nothing"
    first = told.parts["candidates"].iloc[0]
    assert first["segment"] == (("business", "3G"),)
    assert not first["chosen"]
    assert first["p_adjusted"] == pytest.approx(0.068, abs=0.001)  # Welch's .017 times four businesses
    assert told.parts["rest"]["total_effect"].iloc[0] == pytest.approx(-1.6, abs=1e-9)


@pytest.mark.slow
def test_the_billing_rule_of_the_sample_is_found(tmp_path: Path) -> None:
    path = make.build(tmp_path, contacts=60_000)
    with to_read(path) as connection:
        last = connection.execute("SELECT max(contacted_at)::DATE FROM contacts").fetchall()[0][0]
    assert last >= date(2026, 10, 30)
    sample = open_warehouse(path, read_model(ROOT / "sample_data" / "semantic.toml"))
    told = segments(sample, BOTH)
    assert named(told, "rate")[0] == {"sub_type": "5g_bill"}
    assert told.table["change"].iloc[0] < -8
    assert told.table["split_high"].iloc[0] < 0
    sample.close()


def test_survey_weights_widen_an_interval_as_they_should(warehouse_of: MakeWarehouse) -> None:
    """Beside the variance of a weighted mean (statsmodels, HC0) in each period."""
    frame = contacts().assign(w=np.random.default_rng(4).lognormal(0, 0.8, 12_000))
    found = segments(warehouse_of(frame, f'weight = {{ column = "w", kind = "survey" }}\n{MODEL}'), BOTH)
    row = found.table[found.table["kind"] == "rate"].iloc[0]
    inside = np.logical_and.reduce([frame[name] == value for name, value in row["segment"]])
    variance = 0.0
    for period in (SEPTEMBER, OCTOBER):
        during = frame["contacted_at"].dt.date.between(period.start, period.last_day)
        own = frame[inside & during]
        y = (own["score"] - 1) / 9 * 100 if found.unit == "rate" else own["score"] * 10
        variance += WLS(y, np.ones(len(own)), weights=own["w"]).fit(cov_type="HC0").cov_params().iloc[0, 0]
    assert (row["high"] - row["low"]) / 2 / 1.96 == pytest.approx(variance**0.5, rel=0.12)  # 38 % without

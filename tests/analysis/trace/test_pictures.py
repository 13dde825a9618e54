"""Members to choose from, day by hour, the calendar beside the score, and before against after: against the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from analysis.contribution import contribution
from analysis.trace import before_after, heat_map, step_values, timeline
from data_access.model_file import parse_model
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse, open_warehouse
from tests.analysis.conftest import MakeWarehouse
from tests.analysis.trace.test_steps import CLUSTERED, OCTOBER, SEPTEMBER

BOTH = Selection(period=OCTOBER, baseline=SEPTEMBER)
RULE = date(2026, 10, 6)
A = Filter("business", ("a",))
MODEL = 'table = "answers"\n' + CLUSTERED.replace(
    'team = { column = "team" }', 'team = { column = "team" }\nregion = { column = "region" }'
)


def contacts(n: int = 4_000) -> pd.DataFrame:
    """Two months; from the rule's day business a falls by 2; region north is rare."""
    rng = np.random.default_rng(4)
    at = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61 * 24 * 60, n), "min")
    business = rng.choice(["a", "b", "c"], n)
    team = rng.integers(0, 12, n)
    score = 8 + rng.normal(0, 0.5, 12)[team] + 1.5 * rng.normal(size=n)
    score -= 2.0 * ((business == "a") & (at >= pd.Timestamp(RULE)))
    return pd.DataFrame({
        "at": at, "score": np.clip(np.round(score), 1, 10), "business": business, "team": [f"t{t}" for t in team],
        "region": rng.choice(["north", "south"], n, p=[0.02, 0.98]),
        "reason": rng.choice(["wait", "fee|wait", ""], n),
    })  # fmt: skip


def calendar() -> pd.DataFrame:
    rows = [
        ("R1", "rule_change", "2026-10-06", None, "a", None, "Rule"),
        ("R2", "rule_change", "2026-10-08", None, "b", None, "Other business"),
        ("O1", "outage", "2026-09-10 10:00", "2026-09-12", None, "north", "Concerns few"),
        ("C1", "campaign", "2026-08-01", "2026-09-03", None, None, "Lasts into it"),
        ("C2", "campaign", "2026-08-01", "2026-08-20", None, None, "Over before"),
        ("C3", "release", "2026-11-01", None, None, None, "After"),
    ]
    return pd.DataFrame(rows, columns=["event_id", "kind", "effective_at", "ended_at", "business", "region", "title"])


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    path: Path = tmp_path_factory.mktemp("pictures") / "answers.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name, frame in (("answers", contacts()), ("events", calendar())):
            connection.register("frame", frame)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
            connection.unregister("frame")
    opened = open_warehouse(path, parse_model(MODEL + '[tables]\nevents = "events"\n'))
    yield opened
    opened.close()


def test_members_are_those_of_contribution(hotline: Warehouse) -> None:
    found = step_values(hotline, BOTH, (A,), "team").table
    other = contribution(hotline, BOTH.where("business", "a"), by=["team"]).table
    assert found["segment"].tolist() == other["segment"].tolist()
    for name, like in (("n", "n"), ("share", "share"), ("kept", "contribution"), ("kept_low", "contribution_low"),
                       ("kept_high", "contribution_high"), ("index", "index")):  # fmt: skip
        assert found[name].tolist() == pytest.approx(other[like].tolist()), name
    reasons = step_values(hotline, BOTH, (A,), "reason").table
    other = contribution(hotline, BOTH.where("business", "a"), by=["reason"]).table
    assert reasons["kept"].tolist() == pytest.approx(other["contribution"].tolist())
    assert reasons["share"].tolist() == pytest.approx(other["share"].tolist())


def test_numbers_come_in_their_order(hotline: Warehouse) -> None:
    days = step_values(hotline, BOTH, (A,), "day_of_month").table["segment"].str[0].tolist()
    assert days == [str(d) for d in range(1, 32)]


def test_day_by_hour_against_the_rows(hotline: Warehouse) -> None:
    frame = contacts()
    now = frame[frame["at"] >= "2026-10-01"]
    own = now[now["business"] == "a"].assign(day=lambda f: f["at"].dt.day, hour=lambda f: f["at"].dt.hour)
    cells = own.groupby(["day", "hour"])["score"].agg(["size", "mean"])
    table = heat_map(hotline, BOTH, path=[A]).table.set_index(["day", "hour"])
    assert table["n"].to_dict() == cells["size"].to_dict()
    lost = (10 - cells["mean"]) * cells["size"]
    assert table["contribution"].tolist() == pytest.approx((lost / lost.sum()).tolist())
    assert table["lost_points"].tolist() == pytest.approx((10 * lost / len(now)).tolist())
    assert table["score"].isna().eq(cells["size"] < 10).all()


def test_the_days_since_the_rule_stand_out(hotline: Warehouse) -> None:
    found = heat_map(hotline, BOTH, path=[A])
    days = found.parts["runs"].set_index("dimension").loc["day_of_month"]
    assert {str(d) for d in range(8, 30)} <= set(days["value"]) <= {str(d) for d in range(5, 32)}
    assert found.findings[0].key == "trace.heat_place"
    assert heat_map(hotline, BOTH, path=[Filter("business", ("b",))]).findings[0].key == "trace.heat_even"


def test_days_over_both_periods_and_events_that_touch(hotline: Warehouse) -> None:
    frame = contacts()
    own = frame[frame["business"] == "a"]
    found = timeline(hotline, BOTH, path=[A])
    daily = own.groupby(own["at"].dt.strftime("%Y-%m-%d"))["score"].agg(["size", "mean"])
    assert found.table["start"].tolist() == daily.index.tolist()
    assert found.table["n"].tolist() == daily["size"].tolist()
    known = found.table["score"].notna().to_numpy()
    assert (known == (daily["size"] >= 10).to_numpy()).all()
    assert found.table["score"][known].tolist() == pytest.approx((10 * daily["mean"][known]).tolist())
    events = found.parts["events"]
    assert events["id"].tolist() == ["C1", "R1"]
    assert events["date"].tolist() == [date(2026, 8, 1), RULE] and events["until"].tolist() == [
        date(2026, 9, 3),
        None,
    ]
    assert events["label_en"].tolist() == ["Lasts into it", "Rule"] and events["share"].tolist() == [1, 1]
    assert found.findings[0].values["events"] == 2
    north = timeline(hotline, BOTH, path=[Filter("region", ("north",))]).parts["events"]
    assert set(north["id"]) == {"C1", "O1", "R1", "R2"}


def test_many_days_are_weeks_and_no_period_is_all_days(hotline: Warehouse) -> None:
    long = Selection(period=Period(date(2026, 7, 1), date(2026, 11, 1)))
    found = timeline(hotline, long, path=[A])
    assert found.statistics["bucket"] == "week"
    assert all(date.fromisoformat(start).weekday() == 0 for start in found.table["start"])
    assert timeline(hotline, Selection()).table["n"].sum() == len(contacts())


def test_whom_the_rule_touched(hotline: Warehouse) -> None:
    found = before_after(hotline, BOTH, path=[A], on=RULE)
    frame = contacts()
    window = frame[(frame["at"] >= "2026-09-08") & (frame["at"] < "2026-11-03")]
    window = window.assign(after=window["at"] >= pd.Timestamp(RULE), touched=window["business"] == "a")
    means = 10 * window.groupby(["touched", "after"])["score"].mean()
    expected = [means[True, True] - means[True, False], means[False, True] - means[False, False]]
    assert found.table["group"].tolist() == ["touched", "others"]
    assert found.table["change"].tolist() == pytest.approx(expected)
    assert found.table["n0"].tolist() == [
        (window["touched"] & ~window["after"]).sum(),
        (~window["touched"] & ~window["after"]).sum(),
    ]
    assert found.statistics["difference"] == pytest.approx(expected[0] - expected[1])
    assert found.statistics["verdict"] == "fell" and found.statistics["clusters"] == 12
    assert found.statistics["low"] < found.statistics["difference"] < found.statistics["high"] < 0
    assert [s.key for s in found.caveats] == ["trace.windows_cut", "trace.not_effect"]


def test_the_error_of_the_difference_is_that_of_a_regression(hotline: Warehouse) -> None:
    """Against statsmodels: single answers by HC1 up to its small-sample factor, teams by CR0 up to CR2's."""
    frame = contacts()
    window = frame[(frame["at"] >= "2026-09-08") & (frame["at"] < "2026-11-03")]
    data = pd.DataFrame({"y": 10 * window["score"], "d": (window["business"] == "a").astype(int),
                         "t": (window["at"] >= pd.Timestamp(RULE)).astype(int), "team": window["team"]})  # fmt: skip
    model = smf.ols("y ~ d * t", data)
    robust = model.fit(cov_type="cluster", cov_kwds={"groups": data["team"]}).bse["d:t"]
    found = before_after(hotline, BOTH, path=[A], on=RULE).statistics
    reach = (found["high"] - found["low"]) / 2
    assert reach / robust == pytest.approx(2.2, abs=0.25)  # t of about 11 degrees of freedom
    single = open_without_teams(hotline)
    alone = before_after(single, BOTH, path=[A], on=RULE).statistics
    assert alone["clusters"] == 0
    assert (alone["high"] - alone["low"]) / 2 == pytest.approx(1.962 * model.fit(cov_type="HC2").bse["d:t"], rel=2e-3)
    single.close()


def open_without_teams(hotline: Warehouse) -> Warehouse:
    path = Path(hotline.address.removeprefix("duckdb:///"))
    return open_warehouse(path, parse_model(MODEL.replace('cluster = "team"\n', "")))


def test_a_date_without_a_change(hotline: Warehouse) -> None:
    found = before_after(hotline, BOTH, path=[Filter("business", ("b",))], on=date(2026, 9, 20), days=10)
    assert found.statistics["verdict"] == "not_enough_evidence"
    assert "trace.windows_cut" not in [s.key for s in found.caveats]


def test_reasons_do_not_tell_whom_a_change_touched(hotline: Warehouse) -> None:
    found = before_after(hotline, BOTH, path=[A, Filter("reason", ("wait",))], on=RULE)
    plain = before_after(hotline, BOTH, path=[A], on=RULE)
    pd.testing.assert_frame_equal(found.table, plain.table)
    assert "trace.reasons_left_out" in [s.key for s in found.caveats]
    alone = before_after(hotline, BOTH, path=[Filter("reason", ("wait",))], on=RULE)
    assert alone.table["group"].tolist() == ["touched"] and np.isnan(alone.statistics["difference"])
    assert alone.findings[0].key == "trace.nobody_else"


def test_too_few_are_not_judged(hotline: Warehouse) -> None:
    found = before_after(hotline, BOTH, path=[Filter("region", ("north",))], on=RULE, days=3)
    assert found.statistics["verdict"] == "not_enough_evidence" and np.isnan(found.statistics["p"])
    assert found.findings[0].key == "trace.touched_few" and "trace.windows_few" in [s.key for s in found.caveats]


def test_what_cannot_be_asked(hotline: Warehouse, warehouse_of: MakeWarehouse) -> None:
    with pytest.raises(BadInput):
        before_after(hotline, BOTH, path=[A], on=RULE, days=0)
    with pytest.raises(NothingToShow):
        before_after(hotline, BOTH, path=[A], on=date(2020, 1, 1))
    with pytest.raises(NothingToShow):
        timeline(hotline, Selection(period=Period(date(2020, 1, 1), date(2020, 2, 1))))
    with pytest.raises(NothingToShow):
        heat_map(hotline, BOTH.where("business", "zz"), path=[A])
    timeless = warehouse_of(contacts(200), CLUSTERED.replace('time = { column = "at" }\n', ""))
    for ask in (heat_map, timeline):
        with pytest.raises(BadInput):
            ask(timeless, Selection())
    with pytest.raises(BadInput):
        before_after(timeless, Selection(), path=[A], on=RULE)

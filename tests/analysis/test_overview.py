"""The headline, its rates, change, segments and trend by plain pandas."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.overview import overview
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse.connection import Connection
from tests.analysis.conftest import MakeWarehouse

BEFORE, NOW = Period(date(2026, 9, 1), date(2026, 10, 1)), Period(date(2026, 10, 1), date(2026, 11, 1))
SELECTION = Selection(period=NOW, baseline=BEFORE)
MODEL = """
time = { column = "at" }
excluded = { column = "exempted" }
responded = { column = "invited" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[metrics]
resolved = { column = "resolved" }
[dimensions]
channel = { column = "channel" }
scenes = { columns = { a = "resolved", b = "invited" } }
"""


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    rng, n = np.random.default_rng(11), 3_000
    at = pd.Timestamp("2026-09-01") + pd.to_timedelta(rng.integers(0, 61 * 24 * 60, n), unit="min")
    score = np.where(rng.random(n) < 0.4, rng.integers(1, 13, n), np.nan)
    late = at >= pd.Timestamp("2026-10-01")
    return pd.DataFrame(
        {
            "at": at,
            "score": np.where(late & (score < 4), 1, score),
            "resolved": rng.integers(0, 2, n),
            "invited": (rng.random(n) < np.where(late, 0.9, 0.6)).astype(int),
            "exempted": rng.random(n) < 0.05,
            "channel": rng.choice(["phone", "chat", "rare"], n, p=[0.6, 0.395, 0.005]),
        }
    )


def sides(contacts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    late = contacts["at"] >= pd.Timestamp("2026-10-01")
    return contacts[~late], contacts[late]


def valid(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["score"].between(1, 10) & ~rows["exempted"]]


def test_headline(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    found = overview(warehouse_of(contacts, MODEL), SELECTION).statistics
    before, now = sides(contacts)
    x0, x1 = 10 * valid(before)["score"], 10 * valid(now)["score"]
    test = stats.ttest_ind(x1, x0, equal_var=False)
    assert found["contacts"] == len(now)
    assert found["responses"] == len(x1)
    assert found["excluded"] == now["exempted"].sum()
    assert found["out_of_scale"] == (~now["exempted"] & (now["score"] > 10)).sum()
    assert found["invited"] == (now[~now["exempted"]]["invited"] == 1).sum()
    assert found["response_rate"] == pytest.approx(100 * found["responses"] / found["invited"])
    assert found["score"] == pytest.approx(x1.mean())
    assert found["satisfied_rate"] == pytest.approx(100 * (x1 >= 90).mean())
    assert found["dissatisfied_rate"] == pytest.approx(100 * (x1 <= 60).mean())
    assert found["lost_points"] == pytest.approx(100 - x1.mean())
    assert found["baseline_score"] == pytest.approx(x0.mean())
    assert found["baseline_responses"] == len(x0)
    assert found["baseline_contacts"] == len(before)
    assert found["change"] == pytest.approx(x1.mean() - x0.mean())
    assert found["p"] == pytest.approx(test.pvalue)
    bounds = test.confidence_interval()
    assert (found["change_low"], found["change_high"]) == pytest.approx((bounds.low, bounds.high))


def test_segments_worst_last_and_the_rare_one_withheld(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    table = overview(warehouse_of(contacts, MODEL), SELECTION).table
    before, now = (valid(side) for side in sides(contacts))
    for _, row in table.iterrows():
        own = now[now["channel"] == row["segment"][0]]["score"]
        past = before[before["channel"] == row["segment"][0]]["score"]
        assert (row["n"], row["n0"]) == (len(own), len(past))
        if row["segment"] == ("rare",):
            assert np.isnan(row["score"]) and np.isnan(row["p"])
        else:
            assert row["score"] == pytest.approx(10 * own.mean())
            assert row["change"] == pytest.approx(10 * (own.mean() - past.mean()))
            assert row["p"] == pytest.approx(stats.ttest_ind(own, past, equal_var=False).pvalue)
    assert table["segment"].iloc[-1] == ("rare",)
    assert table["score"].dropna().is_monotonic_decreasing


def test_trend_by_week(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    trend = overview(warehouse_of(contacts, MODEL), SELECTION).parts["trend"]
    rows = valid(contacts)
    rows = rows[rows["at"] < pd.Timestamp("2026-11-01")]
    weeks = rows.groupby((rows["at"].dt.normalize() - pd.to_timedelta(rows["at"].dt.day_of_week, unit="D")).dt.date)
    assert trend["start"].tolist() == [str(week) for week in sorted(weeks.groups)]
    assert trend["n"].tolist() == weeks.size().tolist()
    shown = trend["n"] >= 10
    assert trend["score"][shown].tolist() == pytest.approx((10 * weeks["score"].mean()).to_numpy()[shown].tolist())


def test_a_moved_response_rate_is_a_caveat(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    keys = {c.key for c in overview(warehouse_of(contacts, MODEL), SELECTION).caveats}
    assert {"caveat.response_rate_moved", "caveat.excluded", "caveat.out_of_scale"} <= keys


def test_without_baseline_or_with_an_empty_one(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    warehouse = warehouse_of(contacts, MODEL)
    alone = overview(warehouse, Selection(period=NOW))
    assert "change" not in alone.statistics and len(alone.findings) == 1
    early = overview(warehouse, Selection(period=NOW, baseline=Period(date(2020, 1, 1), date(2020, 2, 1))))
    assert "change" not in early.statistics
    assert "caveat.empty_baseline" in {c.key for c in early.caveats}


def test_a_rate_has_a_wilson_interval(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    found = overview(warehouse_of(contacts, MODEL), Selection("resolved", NOW)).statistics
    rows = sides(contacts)[1]
    rows = rows[~rows["exempted"]]
    wilson = stats.binomtest(int(rows["resolved"].sum()), len(rows)).proportion_ci(method="wilson")
    assert (found["low"], found["high"]) == pytest.approx((100 * wilson.low, 100 * wilson.high))


def test_all_data_without_time(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    timeless = MODEL.replace('time = { column = "at" }\n', "")
    found = overview(warehouse_of(contacts, timeless), Selection())
    assert found.statistics["contacts"] == len(contacts) and found.parts == {}


def test_nothing_to_show_and_overlap(warehouse_of: MakeWarehouse, contacts: pd.DataFrame) -> None:
    warehouse = warehouse_of(contacts, MODEL)
    with pytest.raises(NothingToShow):
        overview(warehouse, SELECTION.where("channel", "none such"))
    with pytest.raises(BadInput) as problem:
        overview(warehouse, SELECTION, by=["scenes"])
    assert problem.value.statement.key == "cut.overlap"


def test_both_periods_are_asked_in_one_pass(
    warehouse_of: MakeWarehouse, contacts: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells and trend of both, and who is behind each: three queries; the numbers are those of each alone."""
    warehouse, asked = warehouse_of(contacts, MODEL), list[object]()
    run, sums = Connection.run, Connection.sums
    monkeypatch.setattr(Connection, "run", lambda self, query: asked.append(query) or run(self, query))
    monkeypatch.setattr(Connection, "sums", lambda self, query, keys: asked.append(query) or sums(self, query, keys))
    both = overview(warehouse, SELECTION)
    assert len(asked) == 4  # and the data version, which this warehouse has to ask for
    now, before = (overview(warehouse, Selection(period=period)) for period in (NOW, BEFORE))
    pd.testing.assert_frame_equal(both.table[list(now.table)[:5]], now.table[list(now.table)[:5]])
    assert both.statistics["baseline_score"] == before.statistics["score"]
    apart = overview(warehouse, Selection(period=NOW, baseline=Period(date(2026, 9, 1), date(2026, 9, 30))))
    assert apart.parts["trend"]["n"].sum() == now.parts["trend"]["n"].sum() == now.statistics["responses"]
    assert both.parts["trend"]["n"].sum() == now.statistics["responses"] + before.statistics["responses"]

"""An effect on and after its planned day, without a control, and as a share of two arms: on a real file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from analysis.effect.effect import effect
from analysis.effect.pretrend import breakdown, drift
from analysis.effect.series import series
from analysis.result import Result
from analysis.stats.distributions import t_ppf
from analysis.stats.intervals import Difference, Interval
from data_access.selection import Filter, Period, Selection
from data_access.sources import open_source
from data_access.warehouse import Warehouse

FILE = Path(__file__).parent / "f3_remedy_1200.csv"
START, PLANNED = date(2026, 9, 15), date(2026, 9, 22)
TREATED, CONTROL = Filter("arm", ("treated",)), Filter("arm", ("control",))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return open_source(str(FILE), cache=tmp_path_factory.mktemp("looks"))


def _asked(warehouse: Warehouse, end: date, check_on: date | None, *, smallest: float | None = None) -> Result:
    period = Period(date(2026, 8, 1), end)
    return effect(
        warehouse, Selection(period=period, filters=(TREATED,)), control=(CONTROL,), start=START, cluster="team",
        check_on=check_on, smallest=smallest,
    )  # fmt: skip


def test_a_planned_verdict_is_not_moved_by_later_answers(warehouse: Warehouse) -> None:
    on_the_day, later = (_asked(warehouse, end, PLANNED) for end in (PLANNED, date(2026, 9, 26)))
    assert on_the_day.statistics["verdict"] == "effective"
    assert later.statistics == on_the_day.statistics
    assert "effect.look_planned" in [caveat.key for caveat in later.caveats]


def test_later_answers_are_asked_where_the_planned_day_had_not_enough(warehouse: Warehouse) -> None:
    later, once = (_asked(warehouse, date(2026, 9, 26), day, smallest=3.5) for day in (PLANNED, None))
    assert later.statistics["verdict"] == "not_enough_evidence"
    assert later.statistics["effect"] == pytest.approx(once.statistics["effect"])
    assert later.statistics["low"] < once.statistics["low"]
    assert "effect.look_late" in [caveat.key for caveat in later.caveats]


def test_a_short_course_is_judged_by_its_days(warehouse: Warehouse) -> None:
    found = effect(warehouse, Selection(filters=(TREATED,)), start=START, design="series")
    rows = pd.read_csv(FILE, parse_dates=["contacted_at"]).query("arm == 'treated'")
    days = rows.groupby(rows["contacted_at"].dt.date)["score"].agg(["size", "sum"])
    at = [day.toordinal() for day in days.index]
    theirs = series(at, days["size"].to_numpy(), 10 * days["sum"].to_numpy(), START.toordinal(), daily=True)
    assert found.statistics["effect"] == pytest.approx(theirs.effect.value)
    assert found.statistics["low"] == pytest.approx(theirs.effect.interval.low)
    assert [note.key for note in found.how.assumptions] == ["how.effect.newey_west_days"]
    assert found.statistics["design"] == "series"


def test_too_short_a_course_says_nothing_of_its_error(warehouse: Warehouse) -> None:
    found = effect(warehouse, Selection(filters=(TREATED,)), start=date(2026, 8, 23), design="series")
    assert found.statistics["verdict"] == "not_enough_evidence" and found.how.assumptions == ()
    assert "effect.because_few_points" in [said.key for said in found.findings]


def test_two_arms_are_compared_by_their_shares(warehouse: Warehouse) -> None:
    selection = Selection("satisfied", filters=(TREATED,))
    found = effect(warehouse, selection, control=(CONTROL,), start=START, design="arms")
    rows = pd.read_csv(FILE, parse_dates=["contacted_at"]).query("contacted_at >= @START.isoformat()")
    yes = (rows["score"] >= 9).groupby(rows["arm"]).agg(["sum", "size"]).loc[["treated", "control"]]
    _, p = proportions_ztest(yes["sum"], yes["size"])
    (x1, n1), (x0, n0) = yes.to_numpy().tolist()
    low, high = confint_proportions_2indep(x1, n1, x0, n0, method="newcomb", compare="diff")
    assert found.statistics["p"] == pytest.approx(p)
    assert [found.statistics[end] for end in ("low", "high")] == [pytest.approx(100 * low), pytest.approx(100 * high)]
    assert [note.key for note in found.how.assumptions] == ["how.effect.shares"]


def test_bounds_know_nothing_of_the_time_that_was_left_out(warehouse: Warehouse) -> None:
    """What is compared ends with August: the gap of the days in between, whatever it was, moves no bound."""
    noticed = Period(date(2026, 8, 31), START)
    found = effect(
        warehouse, Selection(filters=(TREATED,)), control=(CONTROL,), start=START, cluster="team", noticed=noticed,
        baseline=Period(date(2026, 8, 1), START),
    )  # fmt: skip
    bounds = found.parts["bounds"]
    assert bounds["low"].iloc[0] == found.statistics["low"] and bounds["low"].is_monotonic_decreasing
    rows = pd.read_csv(FILE, parse_dates=["contacted_at"])
    rows["day"] = rows["contacted_at"].dt.date
    kept = rows[(rows["day"] < noticed.start) | (rows["day"] >= START)]
    monday = kept["contacted_at"].dt.to_period("W").dt.start_time.dt.date
    week = (pd.to_datetime(monday) - pd.Timestamp("2026-09-14")).dt.days // 7
    cells = kept.assign(
        week=np.where(week < 0, week + 2, week), treated=kept["arm"] == "treated", cluster=kept["team"]
    )
    own = (
        cells.groupby(["cluster", "week", "treated"])["score"]
        .agg(n="size", total=lambda s: 10 * s.sum())
        .reset_index()
    )
    assert found.statistics["breakdown"] == pytest.approx(breakdown(_difference(found), drift(own)))


def _difference(found: Result) -> Difference:
    s = found.statistics
    error = (s["high"] - s["effect"]) / float(t_ppf(0.975, s["df"]))
    return Difference(s["effect"], error, s["df"], Interval(s["low"], s["high"]), s["p"])

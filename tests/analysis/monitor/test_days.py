"""Workdays of China, what a day is expected to be, and on which days limits rest."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.monitor.baseline import LEAST_DAYS, default_baseline
from analysis.monitor.expected import fit
from analysis.monitor.workdays import DayKind, kind_of_day, unknown_years
from analysis.stats.intervals import Array
from data_access.selection import Period
from data_access.statement import NothingToShow

QUARTER = Period(date(2026, 7, 1), date(2026, 10, 1))
KNOWN = [date(2023, 1, 1) + timedelta(days=i) for i in range(4 * 365 + 1)]


def test_holidays_are_those_of_the_notices() -> None:
    """Days off by law (2024: 11, from 2025: 13) and what was exchanged for weekends, year by year."""
    off = {2023: 28, 2024: 28, 2025: 28, 2026: 33}
    worked = {2023: 7, 2024: 8, 2025: 5, 2026: 6}
    kinds = {day: kind_of_day(day) for day in KNOWN}
    assert {y: sum(k is DayKind.HOLIDAY for d, k in kinds.items() if d.year == y) for y in off} == off
    assert {y: sum(k is DayKind.WORKING_WEEKEND for d, k in kinds.items() if d.year == y) for y in off} == worked


def test_worked_weekend_days_are_weekend_days_and_workdays_are_none() -> None:
    for day in KNOWN:
        kind = kind_of_day(day)
        if kind in (DayKind.WORKING_WEEKEND, DayKind.WEEKEND):
            assert day.weekday() >= 5
        if kind is DayKind.WORKDAY:
            assert day.weekday() < 5


@pytest.mark.parametrize(("year", "legal"), [(2023, 11), (2024, 11), (2025, 13), (2026, 13)])
def test_workdays_of_a_year_are_all_days_less_weekends_and_days_off_by_law(year: int, legal: int) -> None:
    """Shifting gives back each workday it takes; only a day off by law that falls on a weekend is made up for."""
    days = [day for day in KNOWN if day.year == year]
    worked = sum(kind_of_day(day) in (DayKind.WORKDAY, DayKind.WORKING_WEEKEND) for day in days)
    assert worked == sum(day.weekday() < 5 for day in days) - legal


def test_a_year_without_a_notice_is_said() -> None:
    assert kind_of_day(date(2027, 1, 1)) is DayKind.UNKNOWN_YEAR
    assert unknown_years([date(2026, 1, 1)]) == ()
    (said,) = unknown_years([date(2027, 1, 1), date(2026, 5, 1), date(2028, 3, 1)])
    assert (said.key, said.values["years"]) == ("caveat.unknown_year", ["2027", "2028"])


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_baseline_is_the_same_for_all_days_of_a_quarter_and_lies_before_them(day: date) -> None:
    found = default_baseline(day)
    assert found.whole_months() == 3 and found.end <= day
    assert default_baseline(found.end) == found
    assert default_baseline(found.last_day).end == found.start


def test_a_short_history_gives_what_there_is() -> None:
    assert default_baseline(date(2026, 10, 20), date(2026, 8, 10)) == Period(date(2026, 8, 10), date(2026, 10, 1))
    assert default_baseline(date(2026, 10, 20), date(2026, 9, 12)) == Period(date(2026, 9, 12), date(2026, 10, 10))
    with pytest.raises(NothingToShow) as said:
        default_baseline(date(2026, 10, 20), date(2026, 9, 25))
    assert said.value.statement.values == {"days": 26, "least": LEAST_DAYS + 1}


def days_of(values: Array, w: float = 200.0, period: Period = QUARTER) -> pd.DataFrame:
    days = [period.start + timedelta(days=i) for i in range(period.days)]
    return pd.DataFrame({"day": days, "w": w, "wx": w * values})


def is_turn(day: date) -> bool:
    return day.day >= 28 or day.day <= 3


def test_planted_effects_are_found_and_taken_out() -> None:
    frame = days_of(np.zeros(QUARTER.days))
    effect = np.array([80 - 3.0 * is_turn(d) - 2.0 * (d.weekday() == 0) for d in frame["day"]])
    noise = 0.8 * np.random.default_rng(6).standard_normal(len(effect))
    found = fit(days_of(effect + noise), QUARTER)
    november = [date(2026, 11, 1) + timedelta(days=i) for i in range(30)]
    expected = found.expected(november)
    truth = np.array([80 - 3.0 * is_turn(d) - 2.0 * (d.weekday() == 0) for d in november])
    assert np.abs(expected - truth).max() < 0.8
    assert found.weekday[0] < -1.2 and found.turn[1] - found.turn[0] < -2.2


def test_a_holiday_is_as_a_sunday_and_a_worked_weekend_day_as_a_workday() -> None:
    sunday = np.array([80 - 4.0 * (d.weekday() == 6) for d in days_of(np.zeros(QUARTER.days))["day"]])
    found = fit(days_of(sunday), QUARTER)
    holiday, shifted, weekday, weekend = found.expected(
        [date(2026, 10, 6), date(2026, 10, 10), date(2026, 10, 13), date(2026, 10, 18)]
    )
    assert holiday == pytest.approx(weekend)
    assert shifted == pytest.approx(weekday, abs=0.2)
    assert weekday - weekend > 3


def test_one_turn_of_a_month_is_too_little_to_have_an_effect() -> None:
    """A single bad stretch at the end of a month may have any reason; three of them may not."""
    month = Period(date(2026, 9, 5), date(2026, 10, 3))
    frame = days_of(np.zeros(month.days), period=month)
    values = np.array([80 - 5.0 * is_turn(d) for d in frame["day"]])
    assert fit(days_of(values, period=month), month).turn.tolist() == [0.0, 0.0]


def test_days_outside_the_baseline_change_nothing() -> None:
    frame = days_of(80 + np.random.default_rng(8).standard_normal(QUARTER.days))
    later = days_of(np.full(31, 20.0), period=Period(date(2026, 10, 1), date(2026, 11, 1)))
    both = fit(pd.concat([frame, later], ignore_index=True), QUARTER)
    assert both.level == pytest.approx(fit(frame, QUARTER).level)


def test_a_baseline_without_answers_expects_nothing() -> None:
    assert np.isnan(fit(days_of(np.zeros(QUARTER.days), w=0.0), QUARTER).expected([date(2026, 10, 2)])).all()


def test_noise_is_taken_for_little() -> None:
    """Of what 91 quiet days vary by, effects carry less than a third of what the raw means of their levels would."""
    generator, kept, raw = np.random.default_rng(9), [], []
    for _ in range(40):
        values = 80 + generator.standard_normal(QUARTER.days)
        frame = days_of(values)
        found = fit(frame, QUARTER)
        kept.append(np.var(found.expected(list(frame["day"]))))
        raw.append(np.var(pd.Series(values).groupby([d.weekday() for d in frame["day"]]).transform("mean")))
    assert np.mean(kept) < 0.33 * np.mean(raw)

"""Codes of periods and baselines, and the dates they stand for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.selection import Period
from pages.frame import periods
from pages.frame.periods import Calendar, baseline, parse_days

SAMPLE = Calendar(date(2025, 10, 1), date(2026, 10, 31))
OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
OWN = (date(2026, 9, 7), date(2026, 9, 20))


def test_months_come_latest_first() -> None:
    assert SAMPLE.months[:2] == ["2026-10", "2026-09"] and SAMPLE.months[-1] == "2025-10"
    assert len(SAMPLE.months) == 13
    assert SAMPLE.codes == ["last7", "last30", *SAMPLE.months, *SAMPLE.weeks, "all", "own"]


def test_no_more_months_than_two_years() -> None:
    assert len(Calendar(date(2019, 3, 3), date(2026, 10, 31)).months) == periods.MONTHS_OFFERED


def test_weeks_are_whole_and_not_the_last_seven_days() -> None:
    assert SAMPLE.weeks[:2] == ["2026-W43", "2026-W42"] and len(SAMPLE.weeks) == periods.WEEKS_OFFERED
    sunday = Calendar(date(2026, 10, 13), date(2026, 11, 1))
    assert sunday.weeks == ["2026-W43"]  # week 44 goes by the name of the last seven days, week 42 is cut
    assert sunday.period("2026-W43", OWN) == Period(date(2026, 10, 19), date(2026, 10, 26))
    turn = Calendar(date(2026, 12, 1), date(2027, 1, 15))
    assert "2026-W53" in turn.weeks
    assert turn.period("2026-W53", OWN) == Period(date(2026, 12, 28), date(2027, 1, 4))


@pytest.mark.parametrize(
    ("first", "later", "earlier"),
    [
        (
            date(2026, 10, 1),
            Period(date(2026, 10, 18), date(2026, 11, 1)),
            Period(date(2026, 10, 4), date(2026, 10, 18)),
        ),
        (
            date(2026, 10, 27),
            Period(date(2026, 10, 30), date(2026, 11, 1)),
            Period(date(2026, 10, 28), date(2026, 10, 30)),
        ),
    ],
)
def test_halves_of_a_month_are_whole_weeks_where_they_can(first: date, later: Period, earlier: Period) -> None:
    assert Calendar(first, date(2026, 10, 31)).halves(OCTOBER) == (later, earlier)


def test_a_single_day_has_no_halves() -> None:
    assert Calendar(date(2026, 10, 31), date(2026, 10, 31)).halves(OCTOBER) is None


@pytest.mark.parametrize(
    ("last", "usual"),
    [(date(2026, 10, 31), "2026-10"), (date(2026, 10, 30), "2026-09"), (date(2026, 2, 28), "2026-02")],
)
def test_the_usual_month_is_the_latest_complete_one(last: date, usual: str) -> None:
    assert Calendar(date(2025, 1, 1), last).usual == usual


@pytest.mark.parametrize(("last", "usual"), [(date(2026, 10, 13), "2026-09"), (date(2026, 10, 14), "2026-10")])
def test_of_two_months_the_second_is_usual_once_it_can_be_compared(last: date, usual: str) -> None:
    assert Calendar(date(2026, 9, 1), last).usual == usual


def test_the_usual_month_of_one_month_is_that_one() -> None:
    assert Calendar(date(2026, 10, 5), date(2026, 10, 9)).usual == "2026-10"


@pytest.mark.parametrize(
    ("code", "period"),
    [
        ("2026-10", OCTOBER),
        ("last7", Period(date(2026, 10, 25), date(2026, 11, 1))),
        ("last30", Period(date(2026, 10, 2), date(2026, 11, 1))),
        ("all", None),
        ("own", Period(date(2026, 9, 7), date(2026, 9, 21))),
    ],
)
def test_what_a_code_stands_for(code: str, period: Period | None) -> None:
    assert SAMPLE.period(code, OWN) == period
    assert SAMPLE.period(code, OWN[::-1]) == period  # whichever day is given first


@pytest.mark.parametrize("code", [c for c in SAMPLE.codes if c not in ("all", "own")])
def test_dates_of_a_code_lead_back_to_it(code: str) -> None:
    period = SAMPLE.period(code, OWN)
    assert period and SAMPLE.code_of(period) == code


def test_other_dates_are_ones_own() -> None:
    assert SAMPLE.code_of(Period(date(2026, 9, 7), date(2026, 9, 21))) == periods.OWN


def test_baselines() -> None:
    assert baseline("previous", OCTOBER, OWN) == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert baseline("year", OCTOBER, OWN) == Period(date(2025, 10, 1), date(2025, 11, 1))
    assert baseline("own", OCTOBER, OWN) == Period(date(2026, 9, 7), date(2026, 9, 21))
    assert baseline("none", OCTOBER, OWN) is None
    assert [baseline(code, None, OWN) for code in periods.BASELINES] == [None] * 4


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000), st.integers(1, 400))
def test_the_period_before_touches_and_is_as_long(first: date, span: int, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    before = baseline("previous", period, OWN)
    assert before and before.end == period.start
    assert before.days == period.days or before.whole_months() == period.whole_months() > 0
    calendar = Calendar(first, first + timedelta(days=span))
    assert calendar.usual in calendar.months and len(set(calendar.codes)) == len(calendar.codes)


@pytest.mark.parametrize("given_", [[], ["2026-02-30"], ["yesterday"], [""], ["2026-10-01", "2026-10-02"]])
def test_nonsense_is_no_day(given_: list[str]) -> None:
    assert parse_days(given_) is None


def test_a_day() -> None:
    assert parse_days(["2026-10-01"]) == date(2026, 10, 1)

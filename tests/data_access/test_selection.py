"""Periods by the calendar; a selection can only be narrowed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.selection import Filter, Period, Selection, months_later


def period(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("now", "previous", "year_earlier"),
    [
        (("2026-10-01", "2026-11-01"), ("2026-09-01", "2026-10-01"), ("2025-10-01", "2025-11-01")),
        (("2026-01-01", "2026-04-01"), ("2025-10-01", "2026-01-01"), ("2025-01-01", "2025-04-01")),
        (("2026-03-01", "2026-04-01"), ("2026-02-01", "2026-03-01"), ("2025-03-01", "2025-04-01")),
        (("2026-10-05", "2026-10-12"), ("2026-09-28", "2026-10-05"), ("2025-10-05", "2025-10-12")),
        (("2024-02-29", "2024-03-01"), ("2024-02-28", "2024-02-29"), ("2023-02-28", "2023-03-01")),
    ],
)
def test_baselines(now: tuple[str, str], previous: tuple[str, str], year_earlier: tuple[str, str]) -> None:
    assert period(*now).previous() == period(*previous)
    assert period(*now).year_earlier() == period(*year_earlier)


def test_a_period_has_at_least_one_day() -> None:
    assert period("2026-10-01", "2026-10-02").last_day == date(2026, 10, 1)
    with pytest.raises(ValueError, match="before it begins"):
        period("2026-10-02", "2026-10-02")


dates = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(start=dates, days=st.integers(1, 800))
def test_the_previous_period_adjoins(start: date, days: int) -> None:
    now = Period(start, start + timedelta(days=days))
    assert now.previous().end == now.start
    assert now.year_earlier().days >= 1
    if not now.whole_months():
        assert now.previous().days == now.days


@given(day=dates, months=st.integers(-400, 400))
def test_months_later_keeps_the_day_or_takes_the_last(day: date, months: int) -> None:
    found = months_later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


values = st.lists(st.sampled_from(["A", "B", "C", None]), max_size=4).map(tuple)
filters = st.lists(st.builds(Filter, st.sampled_from(["team", "tier"]), values), max_size=4)


@given(mine=filters, scope=filters)
def test_a_scope_only_narrows(mine: list[Filter], scope: list[Filter]) -> None:
    narrowed = Selection().within(mine).within(scope)
    for part in (*mine, *scope):
        left = narrowed.values_of(part.dimension)
        assert left is not None and set(left) <= set(part.values)
    assert narrowed.within(scope) == narrowed


def test_a_selection_is_a_cache_key_whatever_the_order_of_filters() -> None:
    a = Selection().where("team", "A").where("tier", "gold", None)
    b = Selection().where("tier", "gold", None).where("team", "A")
    assert a == b and hash(a) == hash(b)
    assert a.values_of("tier") == ("gold", None) and a.values_of("business") is None

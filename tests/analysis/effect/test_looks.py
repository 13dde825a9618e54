"""Which interval a look has, and that the planned date is as sharp as without any look before it."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.effect.looks import Look, Stage, information, look_interval, looks_at
from analysis.stats.intervals import t_interval

PLANNED = date(2026, 9, 30)


def test_the_planned_verdict_stands_before_later_answers_are_asked() -> None:
    assert looks_at(date(2026, 9, 2), PLANNED) == (Look(date(2026, 9, 2), Stage.EARLY),)
    assert looks_at(PLANNED, PLANNED) == (Look(PLANNED, Stage.PLANNED),)
    late = date(2026, 11, 1)
    assert looks_at(late, PLANNED) == (Look(PLANNED, Stage.PLANNED), Look(late, Stage.LATE))
    assert looks_at(late, None) == (Look(late, Stage.PLANNED),)


def test_the_planned_look_has_the_ordinary_interval_and_others_a_wider_one() -> None:
    early, planned, late = (
        look_interval(2.0, 0.5, 10, *look) for look in ((Stage.EARLY, 0.4), (Stage.PLANNED, 1.0), (Stage.LATE, 1.6))
    )
    assert planned == t_interval(2.0, 0.5, 10)
    assert early.low < planned.low and late.low < planned.low


@pytest.mark.parametrize(("before", "after", "by_then", "share"), [(8, 2, 8, 0.4), (8, 8, 8, 1.0), (8, 0, 8, 0.0)])
def test_information_grows_with_the_time_since_the_start(
    before: float, after: float, by_then: float, share: float
) -> None:
    assert information(before, after, by_then) == pytest.approx(share)

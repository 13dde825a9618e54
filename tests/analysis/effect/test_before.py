"""Who picks the worst segments of a month finds them better afterwards; that is no effect."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.effect.judged import Judged, Terms, judged
from data_access.selection import Period

from ...proof import Figure
from .made import MONDAY, at_most, frame, rate

WHOLE = pytest.param(1_000, marks=pytest.mark.prove)
BEFORE, AFTER = 12, 8  # weeks
START = MONDAY + timedelta(weeks=BEFORE)
LAST_MONTH = Period(START - timedelta(weeks=4), START)


def segments(rng: np.random.Generator, units: int, *, level: float) -> pd.DataFrame:
    """Weeks of 15 answers each without any effect: segments that differ, and have better and worse months."""
    months = rng.normal(0, 1.5, (units, (BEFORE + AFTER) // 4)).repeat(4, axis=1)
    mean = 80 + rng.normal(0, level, (units, 1)) + months + rng.normal(0, 20 / np.sqrt(15), months.shape)
    n = np.full(mean.shape, 15.0)
    return frame(n, n * mean, n * (mean**2 + 400))


def with_the_worst_treated(sums: pd.DataFrame, many: int) -> pd.DataFrame:
    """Those of the last month before the start."""
    month = sums[[LAST_MONTH.start <= day < START for day in sums["day"]]].groupby("unit")[["w", "wx"]].sum()
    return sums.assign(treated=sums["unit"].isin((month["wx"] / month["w"]).nsmallest(many).index))


def seen(sums: pd.DataFrame, *, noticed: Period | None = None, smallest: float = 1e-9) -> Judged:
    return judged(sums, Terms(start=START, smallest=smallest, noticed=noticed))


@pytest.mark.parametrize("times", [12, WHOLE])
@pytest.mark.parametrize("level", [1.0, 5.0])
def test_the_ten_worst_of_sixty_get_better_by_themselves(level: float, times: int, figure: Figure) -> None:
    def happens(rng: np.random.Generator) -> bool:
        return seen(with_the_worst_treated(segments(rng, 60, level=level), 10)).verdict == "effective"

    assert at_most(figure(f"effective, ten worst of 60, levels {level}", rate(times, happens)), 0.05, times)


def test_with_that_month_they_would_seem_better() -> None:
    """What the rule is for: the same segments against the month that picked them."""
    sums = with_the_worst_treated(segments(np.random.default_rng(1), 60, level=2.0), 10)
    found = seen(sums)
    assert found.before.left_out == Period(date(2026, 2, 28), START) and found.before.found
    alone = judged(sums[sums["day"] >= LAST_MONTH.start], Terms(start=START, smallest=1e-9))
    assert alone.before.alone and alone.effect.low > 0 and alone.effect.value > found.effect.value + 2
    assert alone.verdict == "not_enough_evidence" and alone.against == ("only_noticed",)


def test_a_span_that_is_named_is_left_out_whatever_it_looks_like() -> None:
    sums = segments(np.random.default_rng(2), 20, level=2.0)
    sums = sums.assign(treated=sums["unit"] < 10)
    early = Period(MONDAY, MONDAY + timedelta(weeks=4))
    found = seen(sums, noticed=early)
    assert found.before.left_out == early and not found.before.found
    assert not found.before.cells[[day < early.end for day in sums["day"]]].any()


def test_segments_that_did_not_fall_keep_their_whole_baseline() -> None:
    sums = with_the_worst_treated(segments(np.random.default_rng(3), 20, level=2.0), 5)
    sums = sums.assign(treated=~sums["treated"])
    assert seen(sums).before.left_out is None

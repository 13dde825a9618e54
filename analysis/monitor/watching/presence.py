"""Which segments are there no longer, and which are there only now? Neither is a fall or a rise of its score."""

from __future__ import annotations

from analysis.monitor.watching.expectations import ANSWERS_OF_LOOK, WEEK
from analysis.monitor.watching.segments_watched import Watched
from data_access.selection import Period

APPEARED, GONE = "appeared", "gone"


def presence(found: Watched, baseline: Period) -> tuple[str, ...]:
    """By segment: `gone` with no answer in a week where 20 or more are usual, `appeared` with none in the baseline.

    Empty for the others, and for all where the last week has no answers at all: that is a fault of the data.
    """
    calm = found.within(baseline)
    before, late = found.sums.n[:, calm].sum(axis=1), found.sums.n[:, -WEEK:].sum(axis=1)
    if not late.any():
        return ("",) * len(before)
    a_week = before * WEEK / max(int(calm.sum()), 1)
    return tuple(
        GONE if usual >= ANSWERS_OF_LOOK and not now else APPEARED if not usual and now else ""
        for usual, now in zip(a_week, late, strict=True)
    )

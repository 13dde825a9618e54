"""What does a chart say in one glance? Variation and assurance, in the way of NHS England's Making Data Count."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from analysis.monitor.charts.run_rules import UP


class Variation(StrEnum):
    """Whether the latest points are more than common cause, and if so, for better or worse, and which way."""

    COMMON = "common"
    IMPROVING_HIGH = "improving_high"
    IMPROVING_LOW = "improving_low"
    CONCERNING_HIGH = "concerning_high"
    CONCERNING_LOW = "concerning_low"


class Assurance(StrEnum):
    """Whether the process as it is can be trusted to meet its target."""

    PASSING = "passing"
    FAILING = "failing"
    HIT_OR_MISS = "hit_or_miss"
    NO_TARGET = "no_target"


def variation(rules: Sequence[str], better: str) -> Variation:
    """What the rules of the latest point say; the first counts (see `run_rules`).

    >>> str(variation(("shift_down",), "high")), str(variation((), "high"))
    ('concerning_low', 'common')
    """
    if not rules:
        return Variation.COMMON
    is_high = rules[0].endswith(UP)
    word = "improving" if is_high == (better == "high") else "concerning"
    return Variation(f"{word}_{'high' if is_high else 'low'}")


def assurance(low: float, high: float, target: float | None, better: str) -> Assurance:
    """Whether limits lie on the good side of a target, on the other, or on both: then chance decides each day.

    >>> str(assurance(82.0, 88.0, 85.0, "high")), str(assurance(82.0, 84.0, 85.0, "high"))
    ('hit_or_miss', 'failing')
    """
    if target is None or not (low <= high):
        return Assurance.NO_TARGET
    if low <= target <= high:
        return Assurance.HIT_OR_MISS
    return Assurance.PASSING if (low > target) == (better == "high") else Assurance.FAILING

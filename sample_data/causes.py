"""What was planted, where, and how is it switched off?

Every cause is one object with the figures the generator uses; `truth.json` is written from the same objects.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

Bools = np.ndarray[Any, np.dtype[np.bool_]]

BILLING_FROM = np.datetime64("2026-10-06T00:00:00", "s")
BILLING_RULE_ID = "BR-2026-113"
BILLING_SUB_TYPE = "5g_bill"
BILLING_POINTS = -15.0

BOT_FROM = np.datetime64("2026-08-17T00:00:00", "s")
BOT_SCENARIO = "plan_change"
BOT_POINTS = -11.0  # beside what the failed tasks cost
BOT_RELEASE = "REL-2026-031"

PEAK_DAYS = (1, 2, 3, 28, 29, 30, 31)
PEAK_WAIT = 5.0  # factor on the wait

NEW_HIRE_TEAM = "team_17"
NEW_HIRE_FROM = np.datetime64("2026-09-07", "D")
NEW_HIRE_SEATS = 10  # of 12
NEW_HIRE_POINTS = -6.5

SHIFT_BUSINESS = "value_added"
SHIFT_MOVED = 0.045  # share of October's contacts that change to the business

MIXED_TEAM = "team_08"
MIXED_BUSINESS = "broadband"
MIXED_IN, MIXED_OUT = 0.135, 0.64  # into the team of that business; out of it of the others


QUICK_SUB_TYPE = "fixed_bill"  # who comes back about it does so within the hour, no more often than about others
QUICK_PART = 0.1  # of the usual time until then

HOLLOW_SCENARIO = "password_reset"  # from a version on it hides the way to agents: more contained, less resolved
HOLLOW_FROM = np.datetime64("2026-09-28T00:00:00", "s")
HOLLOW_FEWER = 0.7  # of its hand-overs that are no more
HOLLOW_RETURNS = 0.5  # at most, of its first contacts with the bot: these customers need an agent all the same


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One planted cause: where it is found and what kind it is (rate, mix, looks_bad_through_mix)."""

    name: str
    kind: str
    segment: dict[str, list[Any]]
    start: str
    end: str
    compare: str  # with what the segment is compared
    reasons: tuple[str, ...]
    power: str | None
    pages: tuple[str, ...]
    event: str | None = None


_OCTOBER = "2026-10-01", "2026-11-01"
_ALL = "2025-10-01", "2026-11-01"
_CAUSES = (
    Cause(
        name="billing_rule",
        kind="rate",
        segment={"business": ["mobile_5g"], "sub_type": [BILLING_SUB_TYPE]},
        start="2026-10-06",
        end=_OCTOBER[1],
        compare="the same segment in September 2026",
        reasons=("billing_dispute",),
        power="business_rule",
        pages=("overview", "change", "contribution"),
        event=BILLING_RULE_ID,
    ),
    Cause(
        name="bot_flow",
        kind="rate",
        segment={"scenario": [BOT_SCENARIO]},
        start="2026-08-17",
        end=_OCTOBER[1],
        compare="the same scenario before the release",
        reasons=("bot_loop", "bot_misunderstood"),
        power="centre",
        pages=("contribution", "change"),
        event=BOT_RELEASE,
    ),
    Cause(
        name="month_start_queue",
        kind="rate",
        segment={"day_of_month": list(PEAK_DAYS), "touchpoint": ["enquiry_call", "complaint", "handover"]},
        start=_ALL[0],
        end=_ALL[1],
        compare="the other days of the month",
        reasons=("wait_busy",),
        power="centre",
        pages=("contribution",),
    ),
    Cause(
        name="new_hire_team",
        kind="rate",
        segment={"team": [NEW_HIRE_TEAM], "tenure_band": ["d0_60"]},
        start="2026-09-07",
        end=_OCTOBER[1],
        compare="the other telephone teams",
        reasons=("unclear_answer", "cannot_answer"),
        power="centre",
        pages=("contribution", "change"),
    ),
    Cause(
        name="mix_shift",
        kind="mix",
        segment={"business": [SHIFT_BUSINESS]},
        start=_OCTOBER[0],
        end=_OCTOBER[1],
        compare="its share of responses in September 2026; its score does not change",
        reasons=(),
        power=None,
        pages=("change",),
    ),
    Cause(
        name="mixed_team",
        kind="looks_bad_through_mix",
        segment={"team": [MIXED_TEAM]},
        start=_ALL[0],
        end=_ALL[1],
        compare="the other telephone teams; within each business the team is like them",
        reasons=(),
        power=None,
        pages=("contribution",),
    ),
)
CAUSES: dict[str, Cause] = {cause.name: cause for cause in _CAUSES}


@dataclass(frozen=True)
class Planted:
    """Which causes are at work in this sample."""

    names: frozenset[str]

    @classmethod
    def without(cls, names: Collection[str]) -> Planted:
        """All but the named ones. Raises ValueError for a name that is no cause."""
        unknown = sorted(set(names) - set(CAUSES))
        if unknown:
            raise ValueError(f"no such cause: {', '.join(unknown)}; there are {', '.join(CAUSES)}")
        return cls(frozenset(CAUSES) - frozenset(names))

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def where(self, name: str, rows: Bools) -> Bools:
        """The rows the cause touches; none when it is switched off."""
        return rows if name in self.names else np.zeros_like(rows)

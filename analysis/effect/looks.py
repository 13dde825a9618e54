"""When may a plan be called effective? One rule for all looks, so that looking often makes no effect.

Before the planned date, and after it, the interval is always valid (`stats.sequential`): it holds at all looks at
once, so the chance that any of them falsely shows an effect in the good direction is at most half of 5 %. On the
planned date, and only for the answers before it, it is the ordinary interval at 95 %, which errs in that direction in
2.5 % as well. Together at most 5 % of plans without any effect are ever called effective, however often anybody looks
(the sum of both bounds, so nothing is assumed of how the looks hang together). The planned verdict is thus as sharp
as if nobody had looked before; what a look costs is that, before and after, it needs about one and a half times the
distance from nothing. Sources: Howard et al. 2021; Waudby-Smith et al. 2024; O'Brien and Fleming 1979 for the
thought of keeping most of the error for the end.

Answers that come after the planned date do not change the planned verdict; they are looked at by the sequence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analysis.stats.intervals import Interval, t_interval
from analysis.stats.sequential import sequence_interval


class Stage(StrEnum):
    """Which interval a look has: `early` and `late` ones hold at all looks at once; `planned` is the ordinary one."""

    EARLY = "early"
    PLANNED = "planned"
    LATE = "late"


@dataclass(frozen=True)
class Look:
    """Answers judged at a stage; `until`: the first day whose answers no longer count."""

    until: date
    stage: Stage


def looks_at(end: date, check_on: date | None) -> tuple[Look, ...]:
    """What is judged when answers end before the day `end`; the first that decides stands, else the last is shown.

    From the planned date on the verdict of that date comes first, whatever has arrived since: later answers are asked
    only where it had not enough evidence. A plan without a date is looked at once, as any analysis is.

    >>> planned = date(2026, 9, 30)
    >>> [[str(look.stage) for look in looks_at(date(2026, m, d), planned)] for m, d in ((9, 29), (9, 30), (10, 1))]
    [['early'], ['planned'], ['planned', 'late']]
    """
    if check_on is None:
        return (Look(end, Stage.PLANNED),)
    if end < check_on:
        return (Look(end, Stage.EARLY),)
    planned = Look(check_on, Stage.PLANNED)
    return (planned,) if end == check_on else (planned, Look(end, Stage.LATE))


def information(before: float, after: float, planned_after: float) -> float:
    """Share of the planned information that a look has: from answers (or weeks) before, after, and after by the date.

    The time before is there at every look; only the time since the start grows.

    >>> round(information(100, 50, 100), 3), information(100, 100, 100)
    (0.667, 1.0)
    """
    if min(before, after, planned_after) <= 0:
        return 0.0
    return (1 / before + 1 / planned_after) / (1 / before + 1 / after)


def look_interval(value: float, error: float, df: float, at: Stage, fraction: float) -> Interval:
    """The interval of an effect at a look: ordinary on the planned date, always valid before and after it."""
    if at is Stage.PLANNED:
        return t_interval(value, error, df)
    return sequence_interval(value, error, df, fraction)

"""How fields of a plan stand in their widgets: lists of members, spans of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from data_access.selection import Period
from pages.frame.kept import Shape


def _days(span: Period | None) -> tuple[date, ...]:
    return (span.start, span.last_day) if span else ()


def _span(days: Sequence[date] | date) -> Period | None:
    """The span between two days, both within it; of one day while the second is not chosen yet."""
    chosen: Any = days if isinstance(days, Sequence) else (days,)
    return Period(chosen[0], chosen[-1] + timedelta(days=1)) if chosen else None


MEMBERS = Shape(list, tuple)
SPAN = Shape(_days, _span)
# the fields whose widgets hold something else than the record does
SHAPES: Mapping[str, Shape] = {
    **dict.fromkeys(("treated", "control", "guardrails"), MEMBERS),
    **dict.fromkeys(("baseline", "noticed"), SPAN),
}

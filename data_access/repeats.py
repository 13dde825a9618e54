"""When has a customer come back? What a model says of repeat contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data_access.selection import Filter
from data_access.statement import BadInput

ISSUES = ("any", "same")  # which further contact counts: about anything, or about the same question

WINDOWS = (2.0, 24.0, 48.0)
ON_TIME = 48.0  # hours within which a row is loaded, where the model does not say
LONGEST = 24.0 * 366


@dataclass(frozen=True)
class Repeats:
    """How first-contact resolution is counted.

    windows: hours within which no further contact of the customer may come; the longest is also how far is looked
    back for an earlier one, and how old a contact must be to be judged: all windows count the same contacts.
    on_time: hours within which a row is loaded; a later one is never counted, so that no judged day changes.
    survey: the metric that asks customers whether it was solved. not_applicable: contacts that promise a later one.
    """

    windows: tuple[float, ...] = WINDOWS
    on_time: float = ON_TIME
    survey: str = ""
    not_applicable: tuple[Filter, ...] = ()

    @property
    def longest(self) -> float:
        return max(self.windows)


@dataclass(frozen=True)
class NoReturn:
    """What a metric counts: first contacts without a further one within some hours, of the same question or any."""

    rules: Repeats
    hours: float
    same: bool = False


def windows_of(hours: Any, key: str) -> tuple[float, ...]:
    """Windows in their order, each once. Raises BadInput for none, or one that is no number of hours."""
    plain = isinstance(hours, list | tuple) and all(isinstance(h, int | float) and h == h for h in hours)
    if not plain or not hours or isinstance(hours[0], bool) or min(hours) <= 0 or max(hours) > LONGEST:
        each = hours if isinstance(hours, list | tuple) else [hours]
        listed = ", ".join(f"{h:g}" if isinstance(h, float) else str(h) for h in each)
        raise BadInput("model.bad_windows", key=key, value=listed[:80], most=LONGEST)
    return tuple(sorted({float(h) for h in hours}))

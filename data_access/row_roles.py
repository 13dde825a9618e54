"""How are the rows of the table to be taken? When they happened, what they weigh, which ratings do not count."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Time:
    """When a contact happened, in which zone its calendar days are counted, and when its row was loaded."""

    column: str
    timezone: str = "UTC"
    loaded: str | None = None
    extracted: str | None = None


@dataclass(frozen=True)
class Weight:
    """Column of weights; `frequency` counts identical answers, `survey` stands for unequal selection."""

    column: str
    kind: str


@dataclass(frozen=True)
class Exclusion:
    """Ratings taken out of the denominator, counted and shown."""

    column: str
    reason: str | None = None

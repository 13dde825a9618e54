"""Do the numbers of a pin still hold? The pin's statistics beside those of the same question asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from data_access.statement import Statement
from data_access.workshop.codec import plain
from data_access.workshop.records import Pin

TOLERANCE = 1e-9  # relative above 1, absolute below: far under what a score can show, above what summing order does


class PinVerdict(StrEnum):
    """What became of the evidence."""

    HOLDS = "holds"
    DATA_CHANGED = "data_changed"
    NUMBERS_MOVED = "numbers_moved"


@dataclass(frozen=True)
class Moved:
    """A statistic that is not what it was; None where it was or is withheld or missing."""

    name: str
    then: Any
    now: Any

    @property
    def change(self) -> float | None:
        """Now minus then, in the statistic's own unit; None unless both are numbers."""
        return self.now - self.then if _is_number(self.then) and _is_number(self.now) else None


@dataclass(frozen=True)
class PinCheck:
    """`data_changed` with nothing in `moved`: newer data, same numbers. `moved` without it: another computation."""

    data_changed: bool
    moved: tuple[Moved, ...]

    @property
    def verdict(self) -> PinVerdict:
        if self.moved:
            return PinVerdict.NUMBERS_MOVED
        return PinVerdict.DATA_CHANGED if self.data_changed else PinVerdict.HOLDS

    @property
    def statement(self) -> Statement:
        if self.moved and not self.data_changed:
            return Statement("workshop.check.computation_changed", {"count": len(self.moved)})
        return Statement(f"workshop.check.{self.verdict}", {"count": len(self.moved)} if self.moved else {})


def compare_pin(pin: Pin, statistics: Mapping[str, Any], data_version: str) -> PinCheck:
    """The pin beside a fresh run of its own question: `statistics` and `data_version` of that run's result.

    Where the reader may not know the pin's version, numbers that moved are put down to the data.
    """
    then, now = plain(pin.statistics), plain(statistics)
    names = [*pin.statistics, *(name for name in statistics if name not in pin.statistics)]
    moved = (Moved(name, then.get(name), now.get(name)) for name in names)
    differing = tuple(m for m in moved if not _same(m.then, m.now))
    return PinCheck(pin.data_version != data_version if pin.data_version else bool(differing), differing)


def _same(one: Any, other: Any) -> bool:
    if _is_number(one) and _is_number(other):
        return bool(abs(one - other) <= TOLERANCE * max(1.0, abs(one), abs(other)))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

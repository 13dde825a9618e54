"""A signal as the page speaks of it, and all of a morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.workshop.monitor_records import Rebase, SignalFeedback, WatchBaseline
from pages.monitor.alerts.choices import BEFORE

UNJUDGED = ("new", "open")


@dataclass(frozen=True)
class Signal:
    """A row of `monitor`, with what was said of it last. name: its segment, as it stands in the data."""

    row: Mapping[Any, Any]
    segment: tuple[Filter, ...]
    name: str
    since: date
    said: SignalFeedback | None = None

    @property
    def key(self) -> str:
        return str(self.row["signal"])

    def asked(self, selection: Selection, day: date) -> Selection:
        """The segment since the signal began, against the four weeks before it."""
        start = min(self.since, day)
        period, before = Period(start, day + timedelta(days=1)), Period(start - timedelta(days=BEFORE), start)
        return replace(selection, period=period, baseline=before).within(self.segment)


@dataclass(frozen=True)
class Limits:
    """What was agreed: a frozen baseline, None for that of the calendar, and where limits begin anew."""

    frozen: WatchBaseline | None = None
    rebased: tuple[Rebase, ...] = ()

    @property
    def period(self) -> Period | None:
        return self.frozen.period if self.frozen else None

    def days(self, signal: Signal) -> tuple[date, ...]:
        """Where the limits of a signal's segment begin anew."""
        return tuple(one.at for one in self.rebased if one.segment == signal.segment)


@dataclass(frozen=True)
class Signalled:
    """What was watched; None where it could not be. new: what nobody has judged yet."""

    result: Result | None = None
    signals: tuple[Signal, ...] = ()
    limits: Limits = Limits()

    @property
    def new(self) -> tuple[Signal, ...]:
        return tuple(signal for signal in self.signals if signal.row["state"] in UNJUDGED)

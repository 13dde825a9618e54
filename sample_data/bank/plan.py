"""What does a case's data set consist of? Cells of answers with exact figures, their columns, and a calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from data_access.selection import Period
from data_access.training import Truth

Text = tuple[str, str]  # English, Chinese
MAY, JUNE = Period(date(2026, 5, 1), date(2026, 6, 1)), Period(date(2026, 6, 1), date(2026, 7, 1))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Contacts that share some columns, spread evenly over some days.

    n: valid answers; points: their mean x 10, met as far as whole ratings allow, of cells that are `joint` by their
    common sum; sd: their spread x 10.
    teams: those that serve them, all by default; a cell may name one in its columns instead.
    rates: name of a yes-or-no column -> per cent of yes among the contacts; within one cell a smaller rate is a part
    of a larger one, and yes goes with the better ratings. fails: per cent of the contacts with an error that a
    quality check would find; of a cell that `doubled` says twice as many are checked. reasons: extra weight of a
    reason. wait: seconds in the queue, the shortest and the usual.
    """

    n: int
    points: float
    days: tuple[date, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    joint: str = ""
    teams: tuple[str, ...] = ()
    sd: float = 19.0
    rates: Mapping[str, float] = field(default_factory=dict)
    fails: float = 4.0
    doubled: bool = False
    reasons: Mapping[str, float] = field(default_factory=dict)
    wait: tuple[float, float] = (3.0, 15.0)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A dimension of the model: its values with their labels, in their order where it is ordinal."""

    name: str
    label: Text
    values: Mapping[str, Text]
    ordinal: bool = False
    under: str = ""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the calendar; `concerns` names members of dimensions."""

    id: str
    kind: str
    on: date
    title: Text
    owner: str
    until: date | None = None
    concerns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that the data set of one case is made from.

    idle: dimensions without effect, not named by cells. factor: contacts for each answer. teams: all there are.
    staffed: whether people serve in them. staff: the column in which `rows.NEW` says that an agent is new. errs_low:
    contacts with an error are those of the lower ratings. called: labels of the values of further columns. settle: a
    last touch to the table before it is stored.
    """

    cells: Sequence[Cell]
    columns: Sequence[Column]
    idle: Sequence[Column] = ()
    events: Sequence[Event]
    truth: Truth
    period: Period
    baseline: Period | None
    factor: int = 2
    unit: Text = ("Team", "班组")
    teams: Mapping[str, Text] = field(default_factory=lambda: teams(10))
    cluster: str = ""
    staffed: bool = True
    staff: str = ""
    rates: Mapping[str, tuple[str, Text]] = field(default_factory=dict)  # name -> which is better, label
    errs_low: bool = False
    called: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    settle: Callable[[pd.DataFrame], None] | None = None


def teams(count: int) -> dict[str, Text]:
    """Teams by number."""
    return {f"T{number:02d}": (f"Team {number}", f"{number}班") for number in range(1, count + 1)}


def days(period: Period, first: int = 1, last: int = 31) -> tuple[date, ...]:
    """The days of a month from one number to another.

    >>> len(days(JUNE)), days(JUNE, 1, 3)[-1].day
    (30, 3)
    """
    every = (period.start + timedelta(days=number) for number in range(period.days))
    return tuple(day for day in every if first <= day.day <= last)


def split(total: int, parts: int) -> list[int]:
    """A count in whole parts that differ by one at most.

    >>> split(7, 3)
    [3, 2, 2]
    """
    return [total // parts + (place < total % parts) for place in range(parts)]

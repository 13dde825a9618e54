"""What can an analysis be asked for, and how is that written: in a link, on the command line, in a pin? Pure."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from data_access.labels import meant
from data_access.repeats import LONGEST, windows_of
from data_access.selection import Filter, Period
from data_access.statement import BadInput

BLANK = "~"  # stands for a blank cell in an address
SHOWN = 80  # characters of a text that could not be read


def code_of(value: str | None) -> str:
    """A member of a dimension as an address has it."""
    return BLANK if value is None else value


def member_of(code: str) -> str | None:
    """The member that a code of an address stands for."""
    return None if code == BLANK else code


def option_meant(text: str, options: Sequence[str], show: Callable[[str], str]) -> str | None:
    """The option that a link means: a code, else the only one that is shown so; None where that is open."""
    return text if text in options else meant(text, {code: [show(code)] for code in options})


def names_in(text: str) -> tuple[str, ...]:
    """Names with commas between them, each once.

    >>> names_in("team, tier,,team")
    ('team', 'tier')
    """
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))


def members_in(text: str) -> tuple[str | None, ...]:
    """Members with commas between them, nothing for a blank cell; one that holds a comma stands in quotation marks.

    >>> members_in("mobile,"), members_in('"Fee, bill",gold')
    (('mobile', None), ('Fee, bill', 'gold'))
    """
    return tuple(value or None for value in next(csv.reader([text], skipinitialspace=True), [""]))


def hours_in(text: str) -> tuple[float, ...]:
    """Numbers with commas between them.

    >>> hours_in("2, 24")
    (2.0, 24.0)
    """
    return tuple(float(name) for name in names_in(text))


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option of an analysis that is one name or text.

    name: the argument of the analysis. link: its parameter in an address, empty where the address has none.
    flag, metavar, help, usual: on the command line, which has none without a flag; several analyses may share one.
    always: what the command line gives although nobody can choose it there. of_model: whether it names metrics,
    drivers or dimensions, which may be given by what they are called. repeated: whether the flag may be given again;
    what is read is then all its texts.
    """

    name: str
    link: str = ""
    flag: str = ""
    metavar: str | None = None
    help: str = ""
    usual: Any = ""
    always: Any = None
    of_model: bool = False
    repeated: bool = False

    def read(self, text: Any) -> Any:
        """What the text behind the flag stands for. Raises BadInput, which says what it may be."""
        return text

    def written(self, value: Any) -> Sequence[str]:
        """The values of the link's parameter."""
        return () if value in ("", None) else (str(value),)

    def restored(self, value: Any) -> Any:
        """What was pinned, as the analysis takes it."""
        return value


@dataclass(frozen=True, kw_only=True)
class Names(Option):
    """Several names."""

    metavar: str | None = "NAME[,NAME]"
    usual: Any = ()
    of_model: bool = True

    def read(self, text: str) -> Any:
        return names_in(text)

    def written(self, value: Any) -> Sequence[str]:
        return tuple(value)


@dataclass(frozen=True, kw_only=True)
class Cut(Names):
    """Dimensions to cut by. A page cuts by one, or by none where `whole` says so; headless by combinations too."""

    metavar: str | None = "DIM[,DIM]"
    whole: str = ""

    def written(self, value: Any) -> Sequence[str]:
        if value:
            return tuple(value) if len(value) == 1 else ()
        return (self.whole,) if self.whole else ()


@dataclass(frozen=True, kw_only=True)
class OneCut(Cut):
    """A dimension."""

    metavar: str | None = "DIM"
    usual: Any = ""

    def read(self, text: str) -> Any:
        return text

    def written(self, value: Any) -> Sequence[str]:
        return (value,) if value else ()


@dataclass(frozen=True, kw_only=True)
class Members(Option):
    """A segment by its members; a page knows those of one dimension."""

    metavar: str | None = "VALUE[,VALUE]"
    usual: Any = None

    def read(self, text: str) -> Any:
        return members_in(text)

    def written(self, value: Any) -> Sequence[str]:
        return (code_of(value[0]),) if value and len(value) == 1 else ()


@dataclass(frozen=True, kw_only=True)
class Number(Option):
    """A finite number: above one limit, and below another or no more than it."""

    usual: Any = None
    above: float = -math.inf
    below: float = math.inf
    most: float = math.inf

    def read(self, text: str) -> Any:
        try:
            value = self._number(text)
        except ValueError:
            value = math.nan
        if self.above < value < self.below and value <= self.most:
            return value
        limits = {name: limit for name in ("above", "below", "most") if math.isfinite(limit := getattr(self, name))}
        kind = "_".join((type(self).__name__.lower(), *limits))
        written = {name: f"{limit:g}" for name, limit in limits.items()}
        raise BadInput(f"command.{kind}", flag=self.flag, text=text[:SHOWN], **written)

    def _number(self, text: str) -> float:
        return float(text)

    def written(self, value: Any) -> Sequence[str]:
        return () if value is None else (f"{value:g}",)


@dataclass(frozen=True, kw_only=True)
class Whole(Number):
    """A whole number."""

    def _number(self, text: str) -> float:
        return int(text)


@dataclass(frozen=True, kw_only=True)
class Hours(Option):
    """Several numbers of hours."""

    metavar: str | None = "H[,H]"
    usual: Any = ()

    def read(self, text: str) -> Any:
        try:
            return windows_of(hours_in(text), self.flag)
        except ValueError:
            raise BadInput("model.bad_windows", key=self.flag, value=text[:SHOWN], most=LONGEST) from None

    def written(self, value: Any) -> Sequence[str]:
        return (",".join(f"{hours:g}" for hours in value),) if value else ()

    def restored(self, value: Any) -> tuple[float, ...]:
        return tuple(float(hours) for hours in value)


@dataclass(frozen=True, kw_only=True)
class Day(Option):
    """A date; a result keeps it as text."""

    usual: Any = None
    metavar: str | None = "D"

    def read(self, text: str) -> Any:
        return day_in(text, self.flag)

    def restored(self, value: Any) -> date:
        return value if isinstance(value, date) else date.fromisoformat(value)


@dataclass(frozen=True, kw_only=True)
class Dates(Option):
    """Several dates; a result keeps them as text."""

    usual: Any = ()
    metavar: str | None = "D[,D]"

    def read(self, text: str) -> Any:
        return tuple(day_in(day, self.flag) for day in names_in(text))

    def restored(self, value: Any) -> tuple[date, ...]:
        return tuple(date.fromisoformat(day) for day in value)


@dataclass(frozen=True, kw_only=True)
class Days(Option):
    """A half-open span of days; a result keeps its two dates as text."""

    usual: Any = None
    metavar: str | None = "D,D"

    def read(self, text: str) -> Any:
        first, _, end = text.partition(",")
        days = day_in(first, self.flag), day_in(end, self.flag)
        if days[1] <= days[0]:
            raise BadInput("command.empty_period", start=days[0], end=days[1])
        return Period(*days)

    def restored(self, value: Any) -> Period | None:
        return Period(*map(date.fromisoformat, value)) if value else None


@dataclass(frozen=True, kw_only=True)
class Starts(Option):
    """Members with a day each."""

    usual: Any = ()
    metavar: str | None = "VALUE=D[,VALUE=D]"

    def read(self, text: str) -> Any:
        parts = [part.rpartition("=") for part in names_in(text)]
        return tuple((member, day_in(day, self.flag)) for member, _, day in parts)

    def restored(self, value: Any) -> tuple[tuple[str, date], ...]:
        return tuple((member, date.fromisoformat(day)) for member, day in value)


def day_in(text: str, flag: str) -> date:
    """The date that a text stands for. Raises BadInput."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise BadInput("command.day", flag=flag, text=text[:SHOWN]) from None


@dataclass(frozen=True, kw_only=True)
class Filters(Option):
    """Members of dimensions. A result keeps them as plain values; the command line has a text for each member."""

    usual: Any = ()
    metavar: str | None = "DIM=VALUE"
    repeated: bool = True

    def restored(self, value: Any) -> tuple[Filter, ...]:
        return tuple(Filter(dimension, tuple(members)) for dimension, members in value)


@dataclass(frozen=True, kw_only=True)
class Path(Filters):
    """Steps in their order; on the command line the --where."""


BY = Cut(name="by", link="by", flag="--by", help="dimensions to cut by")
PATH = Path(name="path")
AS_OF = Day(name="as_of", link="as_of", flag="--as-of", help="the last day looked at; default: the last full one")

"""Which of the many ways to write a date is this? SQL that reads it, and both readings where there are two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from data_access.files import date_words
from data_access.files.forms import reaches

CLOCK = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
TAIL = rf"(?P<year>\d{{4}}|\d{{2}})([ ,T]+(?P<clock>{CLOCK}( ?[AaPp][Mm])?))?"
ISO = re.compile(rf"\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?([ T]*{CLOCK}( ?(Z|[+-]\d{{2}}:?\d{{2}}))?)?")
ZONED = re.compile(r":\d{2}(\.\d+)? ?(Z|[+-]\d{2}:?\d{2})$")
COMPACT = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])([0-5]\d){1,2})?")
SLASHED = re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1{TAIL}")
DAY_MONTH = re.compile(rf"\d{{1,2}}[-/ ]?[A-Za-z]{{3,9}}[-/ ,]+{TAIL}")
MONTH_DAY = re.compile(rf"[A-Za-z]{{3,9}}[- ]\d{{1,2}}[-/ ,]+{TAIL}")
SHAPES = {"iso": ISO, "compact": COMPACT, "slashed": SLASHED, "day_month": DAY_MONTH, "month_day": MONTH_DAY}
COMPACT_FORMATS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
COMPACT_MONTH = re.compile(date_words.COMPACT_MONTH)
ENOUGH = 0.9
MOST_YEARS = 4


@dataclass(frozen=True)
class Evidence:
    """How many values of a slashed date prove each reading, and the days that each reading would span."""

    first_over_12: int
    second_over_12: int
    day_first_span: int
    month_first_span: int

    @property
    def proof(self) -> bool | None:
        """True: the day comes first; False: the month does; None: both readings are possible."""
        if self.first_over_12 == self.second_over_12:
            return None
        return self.first_over_12 > self.second_over_12

    @property
    def plausible(self) -> bool:
        """The reading that keeps the file within fewer days; the day first when that does not tell either."""
        return self.day_first_span <= self.month_first_span


def shape_of(values: Mapping[str, int], name: str = "") -> str | None:
    """The shape that nearly all values (with their counts) have, None when they are no dates.

    >>> shape_of({"31/07/2023 22:29": 1, "01/08/2023 09:00": 2}), shape_of({"2026-9-1": 1}), shape_of({"0-30": 1})
    ('slashed', 'iso', None)
    """
    if date_words.OF_MONTHS.search(name) and reaches(ENOUGH, COMPACT_MONTH.fullmatch, values):
        return "compact_month"
    for shape, pattern in (SHAPES | date_words.PATTERNS).items():
        if reaches(ENOUGH, pattern.fullmatch, values):
            return None if shape == "word_year" and _are_days(name, values) else shape
    return None


def _are_days(name: str, values: Mapping[str, int]) -> bool:
    """Whether "Sep 12" is the 12th of September and no month of 2012: many different numbers stand there."""
    years = {value[-2:] for value in values if not value[-4:].isdigit()}
    return len(years) > MOST_YEARS and not date_words.OF_MONTHS.search(name)


@dataclass(frozen=True)
class Written:
    """How the dates of a column are written: their shape, and what follows day and month, commonest first.

    dotted: as 31.12.2025.
    """

    shape: str
    tails: tuple[str, ...] = ()
    zoned: bool = False
    dotted: bool = False


def written(values: Mapping[str, int], name: str = "") -> Written | None:
    """How dates are written, None when these values (with their counts) are none; `name` is that of their column.

    >>> written({"31/07/2023 22:29": 3, "01/08/23": 1})
    Written(shape='slashed', tails=('%Y %H:%M', '%y'), zoned=False, dotted=False)
    """
    shape = shape_of(values, name)
    if shape is None:
        return None
    if shape not in SHAPES:
        return Written(shape)
    tails: Counter[str] = Counter()
    for value, n in values.items():
        found = SHAPES[shape].fullmatch(value)
        if found is not None and shape != "iso":
            tails[COMPACT_FORMATS[len(value)] if shape == "compact" else _tail(found)] += n
    zoned = shape == "iso" and any(ZONED.search(value) for value in values)
    dotted = shape == "slashed" and all("." in value[:3] for value in values)
    return Written(shape, tuple(tail for tail, _ in tails.most_common()), zoned, dotted)


def _tail(found: re.Match[str]) -> str:
    year, clock = "%Y" if len(found["year"]) == 4 else "%y", found["clock"]
    if clock is None:
        return year
    half, seconds = clock[-1] in "mM", clock.count(":") == 2
    parts = [":".join(["%I" if half else "%H", "%M", *(["%S"] if seconds else [])]), ".%f" if "." in clock else ""]
    return f"{year} {''.join(parts)}{' %p' if ' ' in clock else '%p' if half else ''}"


def reading(how: Written, cell: str, *, day_first: bool = True) -> str:
    """SQL that turns the text expression `cell` into a timestamp, NULL where it cannot.

    Only the ways of writing that were seen are tried: each one that fails costs more than reading the cell.
    """
    if how.shape not in SHAPES:
        return date_words.reading_of(how.shape)
    if how.shape == "iso":
        plain = rf"regexp_replace({cell}, '^(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?[ T]*', '\1-\2-\3 ')"
        kind = "TIMESTAMPTZ" if how.zoned else "TIMESTAMP"
        return f"coalesce(try_cast({cell} AS {kind}), try_cast(trim({plain}) AS {kind}))"
    if how.shape == "compact":
        return _strptime(cell, how.tails)
    if how.shape == "slashed":
        return _slashed(how, cell, day_first)
    plain = rf"regexp_replace({_spaced(cell)}, '^([0-9A-Za-z]+)[-/ ]([0-9A-Za-z]+)[-/ ]+', '\1-\2-')"
    starts = ["%d-%b-", "%d-%B-"] if how.shape == "day_month" else ["%b-%d-", "%B-%d-"]
    return _strptime(plain, [f"{start}{tail}" for tail in how.tails for start in starts])


def _slashed(how: Written, cell: str, day_first: bool) -> str:
    """A cast where it can do: it is several times faster than a format."""
    if all(tail in ("%Y", "%Y %H:%M", "%Y %H:%M:%S", "%Y %H:%M:%S.%f") for tail in how.tails):
        iso = r"\3-\2-\1 " if day_first else r"\3-\1-\2 "
        plain = rf"regexp_replace({cell}, '^(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}})[ ,T]*', '{iso}')"
        return f"try_cast(trim({plain}) AS TIMESTAMP)"
    plain = rf"regexp_replace({_spaced(cell)}, '^(\d{{1,2}})[-/.](\d{{1,2}})[-/.]', '\1/\2/')"
    return _strptime(plain, [f"{'%d/%m/' if day_first else '%m/%d/'}{tail}" for tail in how.tails])


def evidence_of(db: duckdb.DuckDBPyConnection, table: str, cell: str) -> Evidence:
    """Counts over the whole column of a slashed date."""
    one, two, year = (f"regexp_extract({cell}, '^(\\d+)[-/.](\\d+)[-/.](\\d+)', {i})" for i in (1, 2, 3))
    dates = [
        f"try_cast('20' || right({year}, 2) || '-' || {m} || '-' || {d} AS DATE)" for d, m in ((one, two), (two, one))
    ]
    spans = [f"date_diff('day', min({date}), max({date}))" for date in dates]
    over = [f"count_if(try_cast({part} AS INTEGER) > 12)" for part in (one, two)]
    row = db.execute(f"SELECT {', '.join(over + spans)} FROM {table}").fetchone()
    assert row is not None
    return Evidence(*(int(value or 0) for value in row))


def examples(value: str) -> tuple[str, str]:
    """A slashed date in both readings, day first and month first, in ISO form; '' where it cannot be read so.

    >>> examples("03/04/2026 10:00")
    ('2026-04-03', '2026-03-04')
    """
    parts = re.match(r"(\d+)[-/.](\d+)[-/.](\d+)", value)
    if parts is None:
        return "", ""
    one, two, year = (int(p) for p in parts.groups())
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    return _iso(year, two, one), _iso(year, one, two)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return ""


def _spaced(cell: str) -> str:
    return f"regexp_replace({cell}, '[ ,T]+', ' ', 'g')"


def _strptime(cell: str, formats: Sequence[str]) -> str:
    return f"try_strptime({cell}, [{', '.join(repr(f) for f in formats)}])"

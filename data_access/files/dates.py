"""Which of the many ways to write a date is this? SQL that reads it, and both readings where there are two."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

TIME = r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
ISO = re.compile(rf"\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?([ T]*{TIME}( ?(Z|[+-]\d{{2}}:?\d{{2}}))?)?")
ZONED = re.compile(r":\d{2}(\.\d+)? ?(Z|[+-]\d{2}:?\d{2})$")
COMPACT = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(([01]\d|2[0-3])([0-5]\d){1,2})?")
SLASHED = re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1(\d{{4}}|\d{{2}})([ ,T]+{TIME}( ?[AaPp][Mm])?)?")
DAY_MONTH = re.compile(rf"\d{{1,2}}[-/ ]?[A-Za-z]{{3,9}}[-/ ,]+(\d{{4}}|\d{{2}})([ ,T]+{TIME}( ?[AaPp][Mm])?)?")
MONTH_DAY = re.compile(rf"[A-Za-z]{{3,9}}[- ]\d{{1,2}}[-/ ,]+(\d{{4}}|\d{{2}})([ ,T]+{TIME}( ?[AaPp][Mm])?)?")
SHAPES = {"iso": ISO, "compact": COMPACT, "slashed": SLASHED, "day_month": DAY_MONTH, "month_day": MONTH_DAY}
TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
ENOUGH = 0.9


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


def shape_of(values: Mapping[str, int]) -> str | None:
    """The shape that nearly all values (with their counts) have, None when they are no dates.

    >>> shape_of({"31/07/2023 22:29": 1, "01/08/2023 09:00": 2}), shape_of({"2026-9-1": 1}), shape_of({"0-30": 1})
    ('slashed', 'iso', None)
    """
    for name, pattern in SHAPES.items():
        hits = sum(n for v, n in values.items() if pattern.fullmatch(v))
        if hits and hits >= ENOUGH * sum(values.values()):
            return name
    return None


def reading(shape: str, cell: str, *, day_first: bool = True, zoned: bool = False) -> str:
    """SQL that turns the text expression `cell` into a timestamp, NULL where it cannot."""
    if shape == "iso":
        plain = rf"regexp_replace({cell}, '^(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?[ T]*', '\1-\2-\3 ')"
        return f"try_cast(trim({plain}) AS {'TIMESTAMPTZ' if zoned else 'TIMESTAMP'})"
    if shape == "compact":
        return _strptime(cell, ["%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d"])
    if shape == "slashed":
        plain = rf"regexp_replace({_spaced(cell)}, '^(\d{{1,2}})[-/.](\d{{1,2}})[-/.]', '\1/\2/')"
        order = "%d/%m/" if day_first else "%m/%d/"
        return _strptime(plain, [f"{order}{year}{time}" for year in ("%y", "%Y") for time in TIMES])
    plain = rf"regexp_replace({_spaced(cell)}, '^([0-9A-Za-z]+)[-/ ]([0-9A-Za-z]+)[-/ ]+', '\1-\2-')"
    orders = ["%d-%b-", "%d-%B-"] if shape == "day_month" else ["%b-%d-", "%B-%d-"]
    formats = [f"{order}{year}{time}" for order in orders for year in ("%y", "%Y") for time in TIMES]
    return _strptime(plain, formats)


def evidence_of(db: duckdb.DuckDBPyConnection, table: str, cell: str) -> Evidence:
    """Counts over the whole column of a slashed date."""
    first, second = (rf"try_cast(regexp_extract({cell}, '^(\d+)[-/.](\d+)[-/.]', {i}) AS INTEGER)" for i in (1, 2))
    spans = [f"date_diff('day', min({r}), max({r}))" for r in (_either(cell, True), _either(cell, False))]
    query = f"SELECT count_if({first} > 12), count_if({second} > 12), {', '.join(spans)} FROM {table}"
    row = db.execute(query).fetchone()
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


def _either(cell: str, day_first: bool) -> str:
    return reading("slashed", cell, day_first=day_first)


def _spaced(cell: str) -> str:
    return f"regexp_replace({cell}, '[ ,T]+', ' ', 'g')"


def _strptime(cell: str, formats: Sequence[str]) -> str:
    return f"try_strptime({cell}, [{', '.join(repr(f) for f in formats)}])"

"""Which rows of a file are the same contact again? Exact copies, and one id with several different rows.

Two equal ratings without an id are two ratings: rows count as repeated only where an id is part of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import duckdb

from data_access.files import names
from data_access.files.account import LeftOut, Why
from data_access.files.options import Notes
from data_access.files.reading import Reading
from data_access.files.stage import SHEET_COLUMN

IDS = frozenset(("text", "words", "integer", "native"))
MOSTLY_ONCE = 0.5  # of the different rows: below, several rows an id are how the table is meant
SELDOM_OFTEN = 0.2  # of all rows: below, the column is a kind rather than an id


class Repeated(StrEnum):
    """Which rows of one id count; the words of the option `repeated`."""

    LAST = "last"
    FIRST = "first"
    ALL = "all"


@dataclass(frozen=True)
class Again:
    """What is there again: `copies` that equal another row, `ids` with different rows, `rows` beyond one an id."""

    column: str
    copies: int
    ids: int
    rows: int


@dataclass(frozen=True)
class Rows:
    """How the columns of `staged` are read, what the file says of each, and whether it is of several sheets."""

    readings: tuple[Reading, ...]
    labels: tuple[str, ...]
    several_sheets: bool = False

    @property
    def compared(self) -> str:
        """The columns in which copies are alike: all but the number of the row."""
        return ", ".join(r.source for r in self.readings if not names.ROW_NUMBERS.search(r.name))

    def key(self, column: Reading) -> str:
        """What a contact is known by: ids may begin anew on each sheet."""
        sheets = [r.source for r in self.readings if self.several_sheets and r.name == SHEET_COLUMN]
        return ", ".join([column.source, *sheets])


def without_repeated(db: duckdb.DuckDBPyConnection, rows: Rows, asked: str | None, doubts: Notes) -> list[LeftOut]:
    """Take repeated rows out of `staged`, as asked, by default all but the last answer; what was done is a doubt."""
    found = _id_column(db, rows)
    if found is None:
        if asked and not any(names.is_row_id(r.name) for r in rows.readings):
            doubts.tell("file.no_ids")
        return []
    column, only_copies = found
    again = _counted(db, column, rows, only_copies)
    if not again.copies and not again.ids:
        return []
    way = Repeated(asked or Repeated.LAST)
    key = way.value if again.ids else f"copies_{'kept' if way is Repeated.ALL else 'left'}"
    doubts.tell(f"file.repeated_{key}", column=column.name, copies=again.copies, n=again.ids, rows=again.rows)
    if way is Repeated.ALL:
        return []
    place = _place(column, rows, way) if again.ids else f"PARTITION BY {rows.compared} ORDER BY rowid"
    numbered = f"SELECT rowid AS r, row_number() OVER ({place}) AS n FROM staged WHERE {column.source} IS NOT NULL"
    db.execute(f"DELETE FROM staged WHERE rowid IN (SELECT r FROM ({numbered}) WHERE n > 1)")
    left = (LeftOut(Why.COPIES, again.copies), LeftOut(Why.ANSWERED_AGAIN, again.rows - again.copies))
    return [one for one in left if one.n]


def _id_column(db: duckdb.DuckDBPyConnection, rows: Rows) -> tuple[Reading, bool] | None:
    """The column that says which contact a row is, and whether it can only prove copies; None where no row repeats.

    A customer's id and the minute prove that a row is a copy, but one customer may well answer twice.
    """
    present = [r for r in rows.readings if r.kind in IDS and r.present > 1]
    ids = [r for r in present if names.is_row_id(r.name)]
    counted = [(r, _distinct(db, rows.key(r), r)) for r in ids]
    if any(distinct == r.present for r, distinct in counted):
        return None
    usable = [(distinct, r) for r, distinct in counted if distinct >= SELDOM_OFTEN * r.present]
    if usable:
        return max(usable, key=lambda one: one[0])[1], False
    has_clock = any(r.kind in ("time", "zoned") and r.present for r in rows.readings)
    customers = [r for r in present if names.CUSTOMER_IDS.search(r.name) and names.is_id_name(r.name)]
    return (customers[0], True) if customers and has_clock else None


def _distinct(db: duckdb.DuckDBPyConnection, key: str, column: Reading) -> int:
    query = f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM staged WHERE {column.source} IS NOT NULL)"
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0


def _counted(db: duckdb.DuckDBPyConnection, column: Reading, rows: Rows, only_copies: bool) -> Again:
    """Copies and ids with several different rows; among the rows of repeated ids only, which are few."""
    key, id_ = rows.key(column), column.source
    several = f"SELECT {id_} FROM staged WHERE {id_} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
    different = f"SELECT {key}, count(*) AS n FROM staged WHERE {id_} IN ({several}) GROUP BY {key}, {rows.compared}"
    each = f"SELECT count(*) AS different, sum(n) AS n FROM ({different}) GROUP BY {key}"
    query = f"SELECT sum(n - different), count_if(different > 1), sum(n - 1) FROM ({each})"
    copies, ids, more = (int(v or 0) for v in db.execute(query).fetchone() or (0, 0, 0))
    if only_copies or _distinct(db, key, column) < MOSTLY_ONCE * (column.present - copies):
        return Again(column.name, copies, 0, copies)
    return Again(column.name, copies, ids, more)


def _place(column: Reading, rows: Rows, way: Repeated) -> str:
    """SQL: rows of one id, the one that counts first. One without an answer counts only where no other has one."""
    score = _score(rows)
    answered = f"({score.expression}) IS NULL, " if score else ""
    times = [r for r in rows.readings if r.is_time and r.present and names.time_rank(r.name) < names.OTHER_TIME]
    time = min(times, key=lambda r: (names.time_rank(r.name), -r.present), default=None)
    order = "DESC" if way is Repeated.LAST else "ASC"
    moment = f"({time.expression}) {order} NULLS LAST, " if time else ""
    return f"PARTITION BY {rows.key(column)} ORDER BY {answered}{moment}rowid {order}"


def _score(rows: Rows) -> Reading | None:
    """The column that is most surely the score."""
    ranked = [
        (rank, i)
        for i, (r, label) in enumerate(zip(rows.readings, rows.labels, strict=True))
        if (rank := names.score_rank(f"{r.name} {label}")) is not None and r.present
    ]
    return rows.readings[min(ranked)[1]] if ranked else None

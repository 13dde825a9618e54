"""Which rows between the others are sums or averages of them? They are left out, as those at the end are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

import duckdb

from data_access.files.account import LeftOut, Why
from data_access.files.cells import Column, columns_of
from data_access.files.find_table import SUMS, SUMS_OF, shown
from data_access.files.forms import sql_text
from data_access.files.stage import Staged

Sums = list[tuple[int, list[str]]]  # rowid and cells
LOOKED_AT, LONGEST, BODY_ROWS = 8, 60, 200
MOSTLY = 0.8
MOST = 0.5  # of all rows: a table of nothing but sums is a table all the same
SUMS_AFTER = re.compile(rf".{{1,40}}[\s:：–-]*({SUMS.pattern})", re.I)  # as "North Total", "华北 汇总"
SURELY = (
    *("Total", "TOTAL", "total", "Totals", "Subtotal", "Sub-total", "Grand Total", "Grand total", "Gesamt", "Summe"),
    *("合计", "总计", "小计", "共计", "累计", "汇总", "平均", "平均值", "均值"),
)


def without_totals(db: duckdb.DuckDBPyConnection, staged: Staged, asked: int | None) -> list[LeftOut]:
    """Take sums and averages out of table `staged`: rows that are called so and lack what the others have.

    A word that names nothing but a sum is enough where it is one value among several of its column. `asked`: so many
    rows a person said to skip at the end, where nothing more is taken then; 0 says that every row is one.
    """
    if asked == 0:
        return []
    rows, columns = _body(db, len(staged.names))
    alike = [(rowid, cells) for rowid, cells in _lacking(db, columns) if _is_sum(cells, columns)]
    totals = _only_sums(db, alike)
    if asked is not None:
        totals = _before_the_end(db, totals)
    if not totals or len(totals) > MOST * rows:
        return []
    db.execute(f"DELETE FROM staged WHERE rowid IN ({', '.join(str(rowid) for rowid, _ in totals)})")
    first, cells = totals[0]
    return [LeftOut(Why.TOTAL_INSIDE, len(totals), staged.row_of(first), shown(cells))]


def _body(db: duckdb.DuckDBPyConnection, width: int) -> tuple[int, list[Column]]:
    """The number of rows, and what the columns hold, by rows from all over the table."""
    counted = db.execute("SELECT count(*) FROM staged").fetchone()
    rows = int(counted[0]) if counted else 0
    step = max(rows // BODY_ROWS, 1)
    cells = ", ".join(f"c{i}" for i in range(width))
    found = db.execute(f"SELECT {cells} FROM staged WHERE rowid % {step} = 0 LIMIT {2 * BODY_ROWS}").fetchall()
    body = [["" if cell is None else cell for cell in row] for row in found]
    return rows, columns_of([record for record in body if not _named(record)])


def _lacking(db: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> Sums:
    """Rows that may be sums: one lacks a cell that others have, or is called a sum and nothing else."""
    lacks = [f"c{i} IS NULL" for i, c in enumerate(columns) if c.is_full]
    lacks += [f"c{i} > ':'" for i, c in enumerate(columns) if c.is_full and c.is_typed]
    words = ", ".join(f"'{word}'" for word in SURELY)
    lacks += [f"c{i} IN ({words})" for i in range(min(len(columns), LOOKED_AT))]
    cells = ", ".join(f"c{i}" for i in range(len(columns)))
    called = " OR ".join(
        f"(length(c{i}) <= {LONGEST} AND regexp_matches(c{i}, '{SUMS.pattern}', 'i'))"
        for i in range(min(len(columns), LOOKED_AT))
    )
    query = f"SELECT rowid, {cells} FROM staged WHERE ({' OR '.join(lacks)}) AND ({called})"
    found = sorted(db.execute(query).fetchall(), key=itemgetter(0))  # not by the database, which sorts whole rows
    return [(int(row[0]), ["" if c is None else c for c in row[1:]]) for row in found]


def _named(record: Sequence[str]) -> list[int]:
    """The cells of a row that call it a sum."""
    cut = [cell.strip().strip(":：—-= ") if len(cell) <= LONGEST else "" for cell in record[:LOOKED_AT]]
    patterns = (SUMS, SUMS_OF, SUMS_AFTER)
    return [i for i, word in enumerate(cut) if word and any(pattern.fullmatch(word) for pattern in patterns)]


def _is_sum(cells: Sequence[str], columns: Sequence[Column]) -> bool:
    named = _named(cells)
    lacks = any(i not in named and c.is_full and not c.could_be(cells[i]) for i, c in enumerate(columns))
    misplaced = any(columns[i].is_full and columns[i].is_typed for i in named)
    surely = any(cells[i].strip() in SURELY and columns[i].repeats for i in named)
    return bool(named) and (lacks or misplaced or surely)


def _only_sums(db: duckdb.DuckDBPyConnection, alike: Sums) -> Sums:
    """Those whose word stands in sums only: "average" that whole rows say as well is an answer."""
    words = Counter((i, cells[i]) for _, cells in alike for i in _named(cells))
    sums = set()
    for (i, word), n in words.items():
        found = db.execute(f"SELECT count(*) FROM staged WHERE c{i} = {sql_text(word)}").fetchone()
        if found and n >= MOSTLY * found[0]:
            sums.add((i, word))
    return [(rowid, cells) for rowid, cells in alike if any((i, cells[i]) in sums for i in _named(cells))]


def _before_the_end(db: duckdb.DuckDBPyConnection, totals: Sums) -> Sums:
    """Those with another row below."""
    last = db.execute("SELECT max(rowid) FROM staged").fetchone()
    end = int(last[0]) if last else 0
    while totals and totals[-1][0] == end:
        totals, end = totals[:-1], end - 1
    return totals

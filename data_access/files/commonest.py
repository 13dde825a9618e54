"""Which cells of a column are the commonest? Long ones are cut before any pattern sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import duckdb

from data_access.convert.limits import LONGEST_LOOKED_AT

SAMPLE_VALUES = 2_000
AT_ONCE = 200_000  # cells
FEW_ROWS = 50_000


def commonest(db: duckdb.DuckDBPyConnection, table: str, source: str, step: int) -> dict[str, int]:
    """Values of every step-th row with their counts, commonest first."""
    query = (
        f"SELECT {_cut(source)}, count(*) FROM {table} WHERE rowid % {step} = 0 AND {source} IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SAMPLE_VALUES}"
    )
    return {str(value): int(n) for value, n in db.execute(query).fetchall()}


def commonest_of_all(
    db: duckdb.DuckDBPyConnection, table: str, sources: Sequence[str], step: int
) -> dict[str, tuple[dict[str, int], int]]:
    """The same of several columns of text: those of a short table are counted here, with few statements.

    Each with how many different cells the column has, 0 where only some were seen or they were cut.
    """
    counted = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    rows = int(counted[0]) // step if counted else 0
    if rows > FEW_ROWS:
        return {source: (commonest(db, table, source, step), 0) for source in sources}
    return dict(_counted(db, table, sources, step, max(AT_ONCE // max(rows, 1), 1)))


def distinct_cells(db: duckdb.DuckDBPyConnection, table: str, sources: Sequence[str], rows: int) -> dict[str, int]:
    """How many different cells each column of text has, blanks not counted; nothing for a long table.

    The database would make a table of its own for each column.
    """
    found: dict[str, int] = {}
    columns = max(AT_ONCE // max(rows, 1), 1)
    for start in range(0, len(sources) if rows <= FEW_ROWS else 0, columns):
        batch = sources[start : start + columns]
        cells = db.execute(f"SELECT {', '.join(batch)} FROM {table}").fetchall()
        found |= {
            source: len({*values} - {None}) for source, values in zip(batch, zip(*cells, strict=True), strict=True)
        }
    return found


def _counted(
    db: duckdb.DuckDBPyConnection, table: str, sources: Sequence[str], step: int, columns: int
) -> Iterator[tuple[str, tuple[dict[str, int], int]]]:
    for start in range(0, len(sources), columns):
        batch = sources[start : start + columns]
        cells = ", ".join(map(_cut, batch))
        rows = db.execute(f"SELECT {cells} FROM {table} WHERE rowid % {step} = 0").fetchall()
        for source, values in zip(batch, zip(*rows, strict=True) if rows else [()] * len(batch), strict=True):
            counts = Counter(values)
            whole = step == 1 and all(value is None or len(value) < LONGEST_LOOKED_AT for value in counts)
            yield source, (ranked(counts, SAMPLE_VALUES), len(counts.keys() - {None}) if whole else 0)


def ranked(counts: Counter[str | None], most: int) -> dict[str, int]:
    """The commonest values first, equals in their own order, without blanks.

    >>> ranked(Counter(["b", "a", "c", "c", None]), 2)
    {'c': 2, 'a': 1}
    """
    said = sorted(value for value in counts if value is not None)
    said.sort(key=counts.__getitem__, reverse=True)  # equals stay as they are
    return {value: counts[value] for value in said[:most]}


def _cut(source: str) -> str:
    return f"left({source}, {LONGEST_LOOKED_AT})"

"""Values that take long to read from a cell are read once for each different cell, and stand in columns of their own.

In a long table each column costs the more the more rows it has, and is read by itself. A short and wide one costs a
statement and a pattern for each column, however few its rows: columns that are written alike are read together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import duckdb

from data_access.files.reading import Reading

SHORT = 1_000  # rows
NAMED = re.compile(r"'(?:[^']|'')*'|\bc\d+\b")  # a text, which stays as it is, or a staged column


def with_values(db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading], rows: int) -> list[Reading]:
    """Readings whose values were worth computing once now name where these stand."""
    once = [r for r in readings if r.once]
    if rows > SHORT:
        computed = [_by_itself(db, table, r) for r in once]
    else:
        computed = _together(db, table, [r for r in once if r.parts])  # the others cost nothing in a few rows
    known = {r.source: r for r in computed}
    return [known.get(r.source, r) for r in readings]


def counted(
    db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading], counts: Callable[[Reading], Sequence[str]]
) -> dict[str, tuple[int, ...]]:
    """Counts of each column of a short table, by its source: of those that are read alike by one query.

    `counts` says them in SQL over the cells of one column, which is called `cell`, and their values.
    """
    alike: dict[tuple[str, str, str], list[Reading]] = {}
    for r in readings:
        as_cell = replace(r, source="cell", expression=_in_place(r.expression, r.source, "cell"))
        value = "stored" if r.expression == _value(r) else as_cell.expression
        alike.setdefault((r.kind, value, ", ".join(counts(as_cell))), []).append(r)
    found: dict[str, tuple[int, ...]] = {}
    for (_, value, sums), group in alike.items():
        cells, stored = ", ".join(r.source for r in group), ", ".join(r.expression for r in group)
        both = f"unnest([{cells}]) AS cell, unnest([{stored if value == 'stored' else cells}]) AS stored"
        rows = db.execute(f"""
            SELECT i, {sums} FROM (
                SELECT i, cell, {value} AS value_cell
                FROM (SELECT unnest(range({len(group)})) AS i, {both} FROM {table}))
            GROUP BY i
        """).fetchall()
        found |= {group[i].source: tuple(int(n or 0) for n in row) for i, *row in rows}
    return found


def _of(reading: Reading, cell: str) -> str:
    """SQL of the values of table `cells`, whose column is called `cell`.

    >>> _of(Reading("c1", "a", "number", "part.x", parts=(("part", "pick(c1, 'c1')"),)), "cell")
    "SELECT cell, part.x AS value FROM (SELECT cell, pick(cell, 'c1') AS part FROM cells)"
    """
    parts = "".join(f", {sql} AS {name}" for name, sql in reading.parts)
    query = f"SELECT {reading.source}, {reading.expression} AS value FROM (SELECT {reading.source}{parts} FROM cells)"
    return _in_place(query, reading.source, cell)


def _in_place(sql: str, source: str, cell: str) -> str:
    """SQL over a column under another name; texts stay as they are."""
    return NAMED.sub(lambda found: cell if found[0] == source else found[0], sql)


def _by_itself(db: duckdb.DuckDBPyConnection, table: str, reading: Reading) -> Reading:
    source, value = reading.source, _value(reading)
    cells = f"SELECT DISTINCT {source} AS cell FROM {table} WHERE {source} IS NOT NULL"
    db.execute(f"CREATE TEMP TABLE known AS WITH cells AS ({cells}) {_of(reading, 'cell')}")
    kind = db.execute("DESCRIBE known").fetchall()[1][1]
    db.execute(f"ALTER TABLE {table} ADD COLUMN {value} {kind}")
    db.execute(f"UPDATE {table} SET {value} = known.value FROM known WHERE {source} = known.cell")
    db.execute("DROP TABLE known")
    return replace(reading, expression=value)


def _together(db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading]) -> list[Reading]:
    """Columns that are read alike by one query, and all of them added by another that writes the table anew."""
    alike: dict[str, list[Reading]] = {}
    for r in readings:
        alike.setdefault(_of(r, "cell"), []).append(r)
    for number, (form, group) in enumerate(alike.items()):
        _read(db, table, form, group, f"values_{number}")
    if alike:
        _add(db, table, list(alike.values()))
    return [replace(r, expression=_value(r)) for r in readings]


def _read(db: duckdb.DuckDBPyConnection, table: str, form: str, alike: Sequence[Reading], into: str) -> None:
    """The values of each row, one a column, as a list."""
    columns = ", ".join(r.source for r in alike)
    db.execute(f"""
        CREATE TEMP TABLE {into} AS
        WITH every AS MATERIALIZED (
            SELECT rowid AS place, unnest([{columns}]) AS cell, unnest(range({len(alike)})) AS i FROM {table}),
        cells AS (SELECT DISTINCT cell FROM every WHERE cell IS NOT NULL),
        known AS ({form})
        SELECT place, list(value ORDER BY i) AS found FROM every LEFT JOIN known USING (cell) GROUP BY place
    """)


def _add(db: duckdb.DuckDBPyConnection, table: str, groups: Sequence[Sequence[Reading]]) -> None:
    """Rows keep their places: where one was left out, a blank one stands until all are written."""
    values = ", ".join(
        f"values_{number}.found[{i}] AS {_value(r)}"
        for number, group in enumerate(groups)
        for i, r in enumerate(group, 1)
    )
    joins = " ".join(f"LEFT JOIN values_{number} USING (place)" for number in range(len(groups)))
    db.execute(f"""
        CREATE TEMP TABLE anew AS
        SELECT old.* EXCLUDE (place), {values}
        FROM (SELECT unnest(range(max(rowid) + 1)) AS place FROM {table})
        LEFT JOIN (SELECT rowid AS place, * FROM {table}) AS old USING (place) {joins} ORDER BY place
    """)
    db.execute(f"DELETE FROM anew WHERE rowid NOT IN (SELECT rowid FROM {table})")
    db.execute(f"DROP TABLE {table}; ALTER TABLE anew RENAME TO {table}")
    db.execute("; ".join(f"DROP TABLE values_{number}" for number in range(len(groups))))


def _value(reading: Reading) -> str:
    return f"v{reading.source[1:]}"

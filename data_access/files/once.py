"""Values that take long to read from a cell are read once for each different cell, and stand in columns of their own.

In a long table each column costs the more the more rows it has, and is read by itself. A short and wide one costs a
statement and a pattern for each column, however few its rows: columns that are written alike are read together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb

from data_access.files.reading import Reading

SHORT = 1_000  # rows
TOGETHER = 50  # columns of one structure: each that is asked for costs as much as the structure has
NAMED = re.compile(r"'(?:[^']|'')*'|\bc\d+\b")  # a text, which stays as it is, or a staged column


def with_values(db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading], rows: int) -> list[Reading]:
    """Readings whose values were worth computing once now name where these stand."""
    once = [r for r in readings if r.once]
    if rows <= SHORT:
        alike: dict[str, list[Reading]] = {}
        for r in (r for r in once if r.parts):  # the others cost nothing in a few rows
            alike.setdefault(_of(r, "cell"), []).append(r)
        computed = [
            found
            for form, group in alike.items()
            for i in range(0, len(group), TOGETHER)
            for found in _together(db, table, form, group[i : i + TOGETHER])
        ]
    else:
        computed = [_by_itself(db, table, r) for r in once]
    known = {r.source: r for r in computed}
    return [known.get(r.source, r) for r in readings]


def _of(reading: Reading, cell: str) -> str:
    """SQL of the values of table `cells`, whose column is called `cell`.

    >>> _of(Reading("c1", "a", "number", "part.x", parts=(("part", "pick(c1, 'c1')"),)), "cell")
    "SELECT cell, part.x AS value FROM (SELECT cell, pick(cell, 'c1') AS part FROM cells)"
    """
    parts = "".join(f", {sql} AS {name}" for name, sql in reading.parts)
    query = f"SELECT {reading.source}, {reading.expression} AS value FROM (SELECT {reading.source}{parts} FROM cells)"
    return NAMED.sub(lambda found: cell if found[0] == reading.source else found[0], query)


def _by_itself(db: duckdb.DuckDBPyConnection, table: str, reading: Reading) -> Reading:
    source, value = reading.source, f"v{reading.source[1:]}"
    cells = f"SELECT DISTINCT {source} AS cell FROM {table} WHERE {source} IS NOT NULL"
    db.execute(f"CREATE TEMP TABLE known AS WITH cells AS ({cells}) {_of(reading, 'cell')}")
    db.execute(f"ALTER TABLE {table} ADD COLUMN {value} {_type_of_values(db)}")
    db.execute(f"UPDATE {table} SET {value} = known.value FROM known WHERE {source} = known.cell")
    db.execute("DROP TABLE known")
    return replace(reading, expression=value)


def _together(db: duckdb.DuckDBPyConnection, table: str, form: str, alike: Sequence[Reading]) -> Iterator[Reading]:
    """Columns that one query reads, as fields of one structure: it is added to the table at once."""
    sources, fields = [r.source for r in alike], [f"v{r.source[1:]}" for r in alike]
    held = f"read_{sources[0]}"
    every = f"rowid AS place, unnest([{', '.join(sources)}]) AS cell, unnest(range({len(sources)})) AS i"
    db.execute(f"CREATE TEMP TABLE every AS SELECT {every} FROM {table}")
    cells = "SELECT DISTINCT cell FROM every WHERE cell IS NOT NULL"
    db.execute(f"CREATE TEMP TABLE known AS WITH cells AS ({cells}) {form}")
    kind = _type_of_values(db)
    db.execute(f"ALTER TABLE {table} ADD COLUMN {held} STRUCT({', '.join(f'{field} {kind}' for field in fields)})")
    in_order = "SELECT place, list(value ORDER BY i) AS found FROM every LEFT JOIN known USING (cell) GROUP BY place"
    filled = ", ".join(f"{field}: found[{i}]" for i, field in enumerate(fields, 1))
    db.execute(f"UPDATE {table} SET {held} = {{{filled}}} FROM ({in_order}) WHERE {table}.rowid = place")
    db.execute("DROP TABLE known; DROP TABLE every")
    yield from (replace(r, expression=f"{held}.{field}") for r, field in zip(alike, fields, strict=True))


def _type_of_values(db: duckdb.DuckDBPyConnection) -> str:
    return str(db.execute("DESCRIBE known").fetchall()[1][1])

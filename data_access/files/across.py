"""What one column leaves open, the others of its file may tell: day or month first, decimal comma or point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from data_access.files import dates
from data_access.files.date_words import parts_of
from data_access.files.options import Notes, ReadOptions
from data_access.files.reading import Reading


def with_decimal_mark(readings: Sequence[Reading]) -> list[Reading]:
    """Numbers such as 1.234 follow a column of the same file that shows its decimal mark."""
    marks = {r.amounts.proof for r in readings if r.amounts} - {""}
    mark = marks.pop() if len(marks) == 1 else "," if not marks and _dotted_dates(readings) else "."
    found = []
    for r in readings:
        if r.amounts is None or not r.amounts.is_open:
            found.append(r)
        else:
            form, told = r.amounts.form(mark), (*r.told, r.amounts.told(mark))
            found.append(replace(r, expression=form.expression, parts=form.parts, once=form.once, told=told))
    return found


def _dotted_dates(readings: Sequence[Reading]) -> bool:
    """Dates such as 31.12.2025 are written where 1.234 is a thousand and more."""
    return any(r.written is not None and r.written.dotted for r in readings)


def with_day_order(
    db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading], options: ReadOptions, doubts: Notes
) -> list[Reading]:
    """Dates get their expression. A slashed date that proves nothing follows one of the same file that does."""
    slashed = {
        r.source: dates.evidence_of(db, table, r.source)
        for r in readings
        if r.written and r.written.shape == "slashed"
    }
    proven = {e.proof for e in slashed.values()} - {None}
    of_file = proven.pop() if len(proven) == 1 else None
    found = []
    for r in readings:
        day_first = True
        if r.source in slashed:
            day_first = _day_first(slashed[r.source], of_file, options)
            _tell_order(db, table, r, slashed[r.source], day_first, doubts)
        found.append(_dated(r, r.written, day_first) if r.written else r)
    return found


def _dated(reading: Reading, how: dates.Written, day_first: bool) -> Reading:
    parts = () if how.shape in dates.SHAPES else (parts_of(how.shape, reading.source),)
    read = dates.reading(how, reading.source, day_first=day_first)
    return replace(reading, expression=read, parts=parts, once=bool(parts))


def _day_first(evidence: dates.Evidence, of_file: bool | None, options: ReadOptions) -> bool:
    for answer in (options.day_first, evidence.proof, of_file):
        if answer is not None:
            return answer
    return evidence.plausible


def _tell_order(
    db: duckdb.DuckDBPyConnection,
    table: str,
    reading: Reading,
    evidence: dates.Evidence,
    day_first: bool,
    doubts: Notes,
) -> None:
    cell = reading.source
    first, second = (f"try_cast(regexp_extract({cell}, '^(\\d+)[-/.](\\d+)', {i}) AS INTEGER)" for i in (1, 2))
    alike = f"{first} IS NOT DISTINCT FROM {second}"  # 01/01 shows no difference between the readings
    found = db.execute(f"SELECT {cell} FROM {table} WHERE {cell} IS NOT NULL ORDER BY {alike} LIMIT 1").fetchone()
    value = str(found[0]) if found else ""
    taken, other = dates.examples(value) if day_first else dates.examples(value)[::-1]
    proof = evidence.first_over_12 if day_first else evidence.second_over_12
    against = evidence.second_over_12 if day_first else evidence.first_over_12
    order = "day_first" if day_first else "month_first"
    key = "mixed" if against else "proven" if proof else "open"
    doubts.tell(f"file.{order}_{key}", column=reading.name, value=value, taken=taken, other=other or "–",
                n=proof, against=against)  # fmt: skip

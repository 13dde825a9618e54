"""What type is each column of text? Decided on a sample of distinct values, then proved over every row.

A column keeps its text unless nearly all of it can be read as something narrower; the cells that cannot are
reported, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from data_access.files import dates
from data_access.files.across import with_day_order, with_decimal_mark
from data_access.files.amounts import amounts
from data_access.files.commonest import commonest, commonest_of_all, distinct_cells
from data_access.files.durations import duration_form
from data_access.files.forms import Form
from data_access.files.names import is_score_name
from data_access.files.once import SHORT, counted, with_values
from data_access.files.options import Notes, ReadOptions
from data_access.files.rating_words import rating_form
from data_access.files.reading import BLANK_WORDS, Reading
from data_access.files.serials import serial_form, tells_moments
from data_access.files.units import unit_of

# words that mean "nothing" among numbers and dates but may be an answer of their own elsewhere
BLANK_AMONG_NUMBERS = ("-", "--", "—", "/", "na", "none", "无", "空", ".", "?", "未知")
SAMPLE_ROWS = 20_000
ENOUGH = 0.9
ENOUGH_OF_A_SCORE = MIXED = 0.5
WORDS = 1_000
BATCH = 40  # columns
MANY_ROWS = 1_000_000
SPACES = " \t\r\n\u00a0\u3000\ufeff"  # blanks cost little to trim, the other kinds a lot: only where seen
NUMBERS = ("DOUBLE", "BIGINT", "INTEGER", "UINTEGER", "SMALLINT", "USMALLINT")
WIDE_NUMBERS = ("DECIMAL", "HUGEINT", "UHUGEINT", "UBIGINT", "FLOAT")
NO_PLAIN_TYPES = ("STRUCT", "MAP", "UNION", "BLOB", "UUID", "TIME", "INTERVAL", "BIT", "JSON")
SURVEYED = "surveyed"  # what the column is called that says who was asked


def read_columns(
    db: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[tuple[str, str]],
    *,
    options: ReadOptions,
    doubts: Notes,
) -> list[Reading]:
    """How every column of the staged table (c0, c1 ...) is read; what could be read otherwise goes to `doubts`.

    `names` holds each column's name and label.
    """
    types = [str(row[1]) for row in db.execute(f"DESCRIBE {table}").fetchall()]
    rows = _count(db, f"SELECT count(*) FROM {table}")
    step = max(rows // SAMPLE_ROWS, 1)
    readings = []
    known = commonest_of_all(db, table, [f"c{i}" for i, kind in enumerate(types) if kind == "VARCHAR"], step)
    for i, ((name, label), kind) in enumerate(zip(names, types, strict=True)):
        plain = Reading(f"c{i}", name, "text", f"c{i}", title=f"{name} {label}".rstrip())
        if kind == "VARCHAR":
            values, distinct = known.pop(plain.source)
            readings.append(_guess(db, table, replace(plain, distinct=distinct), values, step, doubts))
        else:
            readings.append(_moments(db, table, _native(plain, kind), kind, step))
    readings = with_decimal_mark(with_day_order(db, table, readings, options, doubts))
    readings = with_values(db, table, readings, rows)
    proved = [_proved(r, doubts) for r in _measured(db, table, readings, rows)]
    return [*proved, *_surveyed(db, table, proved)]


def _native(plain: Reading, kind: str) -> Reading:
    """A column that a Parquet file has typed already; what SQL engines do not share becomes plain."""
    source, native = plain.source, replace(plain, kind="native", blanks=())
    if kind.startswith("TIMESTAMP") and not kind.endswith("[]"):
        zoned = "TIME ZONE" in kind
        as_moment = f"{source}::{'TIMESTAMPTZ' if zoned else 'TIMESTAMP'}"
        return replace(native, kind="zoned" if zoned else "time", expression=as_moment)
    if kind.endswith("[]") or kind.startswith(NO_PLAIN_TYPES):
        return replace(native, expression=f"{source}::VARCHAR")
    if kind == "DATE":
        return replace(native, kind="date")
    if kind.startswith(WIDE_NUMBERS):
        return replace(native, expression=f"{source}::DOUBLE", unit=unit_of(plain.title))
    return replace(native, unit=unit_of(plain.title) if kind in NUMBERS else "")


def _moments(db: duckdb.DuckDBPyConnection, table: str, native: Reading, kind: str, step: int) -> Reading:
    """Numbers that a file has typed may be moments as well: as their text would be read."""
    if kind not in (*NUMBERS, "UBIGINT", "FLOAT") or not tells_moments(native.title):
        return native
    text = f"{native.source}::DECIMAL(38, 9)::VARCHAR"
    form = serial_form(native.title, commonest(db, table, text, step), text)
    return replace(_as(native, form, ()), blanks=()) if form else native


def _guess(
    db: duckdb.DuckDBPyConnection, table: str, text: Reading, found: dict[str, int], step: int, doubts: Notes
) -> Reading:
    """The narrowest type that a sample allows; `found` are the commonest cells."""
    source, title = text.source, text.title
    if any(value != value.strip(SPACES) for value in found):
        db.execute(f"UPDATE {table} SET {source} = nullif(trim({source}, '{SPACES}'), '')")
        found, text = commonest(db, table, source, step), replace(text, distinct=0)
    wide = (*BLANK_WORDS, *BLANK_AMONG_NUMBERS)
    values = {v: n for v, n in found.items() if v.lower() not in wide}
    if not values:
        return text
    how = dates.written(values, title)
    if how is not None:
        return replace(text, kind="zoned" if how.zoned else "time", written=how, blanks=wide)
    form = serial_form(title, values, source) or duration_form(title, values, source)
    if form is not None and form.share >= ENOUGH:
        return _as(text, form, wide)
    return _of_amounts(db, table, text, values, step, doubts)


def _of_amounts(
    db: duckdb.DuckDBPyConnection, table: str, text: Reading, values: dict[str, int], step: int, doubts: Notes
) -> Reading:
    """Numbers, words that rate, or else text."""
    wide = (*BLANK_WORDS, *BLANK_AMONG_NUMBERS)
    found = amounts(values, text.source)
    number = found.form("") if found else None
    share = number.share if number else 0.0
    rated = rating_form(text.title, values, text.source) if share < 1 else None
    if rated is not None and step > 1:  # every word counts, also one that the sample does not hold
        everything = commonest(db, table, text.source, 1)
        rated = rating_form(text.title, {v: n for v, n in everything.items() if v.lower() not in wide}, text.source)
    if rated is not None and rated.share > share:
        return _as(text, rated, wide)
    if number is not None and share >= (ENOUGH_OF_A_SCORE if is_score_name(text.title) else ENOUGH):
        return replace(_as(text, number, wide), amounts=found)
    if share >= MIXED:
        doubts.tell("file.mixed_types", column=text.name, share=share)
    return text


def _as(text: Reading, form: Form, blanks: tuple[str, ...]) -> Reading:
    """A column read in a form."""
    return replace(
        text,
        kind=form.kind,
        expression=form.expression,
        blanks=(*blanks, *form.blanks),
        parts=form.parts,
        once=form.once,
        unit=form.unit or (unit_of(text.title) if form.kind == "number" else ""),
        scale=form.scale,
        offered=form.offered,
        told=form.told,
    )


def _measured(
    db: duckdb.DuckDBPyConnection, table: str, readings: list[Reading], rows: int
) -> list[tuple[Reading, tuple[int, ...]]]:
    """Counts over every row: of a long table some columns in one pass, for each that is counted takes memory of its
    own; of a short one all that are written alike, for there each column costs a statement.
    """
    distinct = {r.source: r.distinct for r in readings if r.distinct}
    distinct |= distinct_cells(db, table, [r.source for r in readings if r.blanks and not r.distinct], rows)
    short = [r for r in readings if r.blanks and r.source in distinct] if 0 < rows <= SHORT else []
    alike = counted(db, table, short, lambda r: _counts(r, rows, 0)[:-1])
    found = {source: (*counts, distinct[source]) for source, counts in alike.items()}
    left = [r for r in readings if r.source not in found]
    for start in range(0, len(left), BATCH):
        batch = left[start : start + BATCH]
        parts = ", ".join(part for r in batch for part in _counts(r, rows, distinct.get(r.source)))
        values = ", ".join(f"{r.source}, {r.expression} AS {_value(r)}" for r in batch)
        row = db.execute(f"SELECT {parts} FROM (SELECT {values} FROM {table})").fetchone()
        assert row is not None
        found |= {r.source: tuple(int(v or 0) for v in row[6 * i : 6 * i + 6]) for i, r in enumerate(batch)}
    return [(r, found[r.source]) for r in readings]


def _counts(r: Reading, rows: int, known: int | None) -> list[str]:
    """SQL of what is counted of a column: cells, values, words for blank, fractions, clocks, different cells."""
    value = _value(r)
    words = f"count_if({r.is_blank_word})" if r.blanks else "0"
    whole = f"count_if({value} <> floor({value}) OR abs({value}) > 9e15)" if r.kind == "number" else "0"
    clock = f"count_if({value}::TIME <> TIME '00:00:00')" if r.kind == "time" else "1"
    distinct = f"approx_count_distinct({r.source})" if rows > MANY_ROWS else f"count(DISTINCT {r.source})"
    return [f"count({r.source})", f"count({value})", words, whole, clock, distinct if known is None else str(known)]


def _value(r: Reading) -> str:
    """What its value is called where it is counted, written once as it may be long."""
    return f"value_{r.source}"


def _proved(measured: tuple[Reading, tuple[int, ...]], doubts: Notes) -> Reading:
    """The reading with its final type: a column too mixed for its guess stays text."""
    reading, (filled, read, words, not_whole, with_clock, distinct) = measured
    if reading.kind == "text":
        return _text(reading, filled, words, distinct)
    present = filled - words
    enough = ENOUGH_OF_A_SCORE if is_score_name(reading.title) else ENOUGH
    if reading.blanks and read < enough * present:
        doubts.tell("file.mixed_types", column=reading.name, share=read / present)
        plain = Reading(reading.source, reading.name, "text", reading.source, title=reading.title)
        return _text(plain, filled, words, distinct)
    for statement in reading.told:
        doubts.tell(statement.key, column=reading.name, **statement.values)
    left_out = 0 if reading.offered else words  # that somebody was asked and did not answer is no word for blank
    reading = replace(reading, present=present, failed=present - read, blank_words=left_out, distinct=distinct)
    if reading.kind == "number" and not not_whole:
        return replace(reading, kind="integer", expression=f"({reading.expression})::BIGINT")
    if reading.kind == "time" and not with_clock and present:
        return replace(reading, kind="date", expression=f"({reading.expression})::DATE")
    return reading


def _text(reading: Reading, filled: int, words: int, distinct: int) -> Reading:
    """A column of text; one with few values is stored as a list of words."""
    present = filled - words
    value = f"CASE WHEN NOT {reading.is_blank_word} THEN {reading.source} END" if words else reading.source
    kind = "words" if 0 < distinct <= WORDS and 2 * distinct <= present else "text"
    return replace(reading, kind=kind, expression=value, present=present, blank_words=words, distinct=distinct)


def _surveyed(db: duckdb.DuckDBPyConnection, table: str, readings: Sequence[Reading]) -> list[Reading]:
    """A column more for each that says who was asked to rate, where not everybody was."""
    found = []
    for r in readings:
        if r.offered and _count(db, f"SELECT count_if({r.offered} = 0) FROM {table}"):
            found.append(Reading(r.source, f"{r.name} ({SURVEYED})", "integer", r.offered, (), distinct=2))
    return found


def _count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    assert row is not None
    return int(row[0])

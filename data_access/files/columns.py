"""What type is each column of text? Decided on a sample of distinct values, then proved over every row.

A column keeps its text unless nearly all of it can be read as something narrower; the cells that cannot are
reported, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from data_access.convert.limits import LONGEST_LOOKED_AT
from data_access.files import dates
from data_access.files.names import is_score_name
from data_access.files.options import Notes, ReadOptions

BLANK_WORDS = ("null", "n/a", "#n/a", "nan", "\\n", "<na>")
# words that mean "nothing" among numbers and dates but may be an answer of their own elsewhere
BLANK_AMONG_NUMBERS = ("-", "--", "—", "/", "na", "none", "无", "空", ".", "?", "未知")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
GROUPED = re.compile(r"[-+]?[¥￥$€£]?\d{1,3}(,\d{3})+(\.\d+)?|[-+]?[¥￥$€£]\d+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
WITH_UNIT = re.compile(r"[-+]?\d+(\.\d+)?\s*(%|％|分)")
SAMPLE_ROWS = 20_000
SAMPLE_VALUES = 2_000
ENOUGH = 0.9
ENOUGH_OF_A_SCORE = MIXED = 0.5
WORDS = 1_000
MANY_ROWS = 1_000_000
SPACES = " \t\r\n\u00a0\u3000\ufeff"  # blanks cost little to trim, the other kinds a lot: only where seen


@dataclass(frozen=True)
class Reading:
    """How one staged column is read. `expression` gives its value, NULL where the cell cannot be read.

    present counts cells that say something, failed those of them that cannot be read, blank_words those left out.
    """

    source: str
    name: str
    kind: str  # text, words, number, integer, date, time, zoned, or native for what a file already typed
    expression: str
    blanks: tuple[str, ...] = BLANK_WORDS
    written: dates.Written | None = None
    present: int = 0
    failed: int = 0
    blank_words: int = 0
    distinct: int = 0

    @property
    def is_time(self) -> bool:
        return self.kind in ("date", "time", "zoned")

    @property
    def is_blank_word(self) -> str:
        """SQL: whether a cell holds a word for blank."""
        words = ", ".join(f"'{word}'" for word in self.blanks)
        return f"lower({self.source}) IN ({words})" if words else "false"


def read_columns(
    db: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], options: ReadOptions, doubts: Notes
) -> list[Reading]:
    """How every column of the staged table (c0, c1 ...) is read; what could be read otherwise goes to `doubts`."""
    types = [str(row[1]) for row in db.execute(f"DESCRIBE {table}").fetchall()]
    rows = _one(db, f"SELECT count(*) FROM {table}")
    step = max(rows // SAMPLE_ROWS, 1)
    readings = []
    for i, (name, kind) in enumerate(zip(names, types, strict=True)):
        readings.append(
            _guess(db, table, f"c{i}", name, step, doubts) if kind == "VARCHAR" else _native(f"c{i}", name, kind)
        )
    readings = _with_day_order(db, table, readings, options, doubts)
    return [_proved(r, doubts) for r in _measured(db, table, readings, rows)]


def _native(source: str, name: str, kind: str) -> Reading:
    """A column that a Parquet file has typed already; what SQL engines do not share becomes plain."""
    if kind.endswith("[]") or kind.startswith(
        ("STRUCT", "MAP", "UNION", "BLOB", "UUID", "TIME", "INTERVAL", "BIT", "JSON")
    ):
        if kind.startswith("TIMESTAMP"):
            zoned = "TIME ZONE" in kind
            plain = "TIMESTAMPTZ" if zoned else "TIMESTAMP"
            return Reading(source, name, "zoned" if zoned else "time", f"{source}::{plain}", ())
        return Reading(source, name, "native", f"{source}::VARCHAR", ())
    if kind == "DATE":
        return Reading(source, name, "date", source, ())
    if kind.startswith(("DECIMAL", "HUGEINT", "UHUGEINT", "UBIGINT", "FLOAT")):
        return Reading(source, name, "native", f"{source}::DOUBLE", ())
    return Reading(source, name, "native", source, ())


def _guess(db: duckdb.DuckDBPyConnection, table: str, source: str, name: str, step: int, doubts: Notes) -> Reading:
    """The narrowest type that a sample allows."""
    found = _commonest(db, table, source, step)
    if any(value != value.strip(SPACES) for value in found):
        db.execute(f"UPDATE {table} SET {source} = nullif(trim({source}, '{SPACES}'), '')")
        found = _commonest(db, table, source, step)
    wide = (*BLANK_WORDS, *BLANK_AMONG_NUMBERS)
    values = {v: n for v, n in found.items() if v.lower() not in wide}
    text = Reading(source, name, "text", source)
    if not values:
        return text
    how = dates.written(values)
    if how is not None:
        return replace(text, kind="zoned" if how.zoned else "time", written=how, blanks=wide)
    number, share = _number_expression(source, values)
    if share >= (ENOUGH_OF_A_SCORE if is_score_name(name) else ENOUGH):
        return replace(text, kind="number", expression=number, blanks=wide)
    if share >= MIXED:
        doubts.tell("file.mixed_types", column=name, share=share)
    return text


def _commonest(db: duckdb.DuckDBPyConnection, table: str, source: str, step: int) -> dict[str, int]:
    """Values of every step-th row with their counts, commonest first; long ones cut before any pattern sees them."""
    query = (
        f"SELECT left({source}, {LONGEST_LOOKED_AT}), count(*) FROM {table} "
        f"WHERE rowid % {step} = 0 AND {source} IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SAMPLE_VALUES}"
    )
    return {str(value): int(n) for value, n in db.execute(query).fetchall()}


def _number_expression(cell: str, values: Mapping[str, int]) -> tuple[str, float]:
    """SQL of a number and the share of cells it reads; 0 where an id would lose its noughts or last digits."""
    if any(re.match(r"0\d", v) or re.fullmatch(r"\d{16,}", v) for v in values):
        return "", 0.0
    narrow = {_half_width(v): n for v, n in values.items()}
    plain = cell if narrow.keys() == values.keys() else _half_width_sql(cell)
    found = [
        (_finite(expression), share_of((NUMBER, pattern), narrow))
        for pattern, expression in (
            (NUMBER, plain),
            (GROUPED, f"regexp_replace({plain}, '[,¥￥$€£]', '', 'g')"),
            (WITH_UNIT, f"regexp_replace({plain}, '\\s*(%|％|分)$', '')"),
            (DECIMAL_COMMA, f"replace({plain}, ',', '.')"),
        )
    ]
    return max(found, key=lambda one: one[1])  # the first of equals: a number as it stands


def share_of(patterns: Sequence[re.Pattern[str]], values: Mapping[str, int]) -> float:
    """The share of cells that one of the patterns describes; values with their counts."""
    hits = sum(n for v, n in values.items() if any(p.fullmatch(v) for p in patterns))
    return hits / max(sum(values.values()), 1)


def _half_width(value: str) -> str:
    return value.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))


def _half_width_sql(cell: str) -> str:
    return f"translate({cell}, '０１２３４５６７８９．－', '0123456789.-')"


def _finite(cell: str) -> str:
    value = f"try_cast({cell} AS DOUBLE)"
    return f"CASE WHEN isfinite({value}) THEN {value} END"


def _with_day_order(
    db: duckdb.DuckDBPyConnection, table: str, readings: list[Reading], options: ReadOptions, doubts: Notes
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
        read = dates.reading(r.written, r.source, day_first=day_first) if r.written else r.expression
        found.append(replace(r, expression=read))
    return found


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
    query = f"SELECT {cell} FROM {table} WHERE {cell} IS NOT NULL ORDER BY {alike} LIMIT 1"
    value = str(_one(db, query))
    taken, other = dates.examples(value) if day_first else dates.examples(value)[::-1]
    proof = evidence.first_over_12 if day_first else evidence.second_over_12
    against = evidence.second_over_12 if day_first else evidence.first_over_12
    order = "day_first" if day_first else "month_first"
    key = "mixed" if against else "proven" if proof else "open"
    doubts.tell(f"file.{order}_{key}", column=reading.name, value=value, taken=taken, other=other or "–",
                n=proof, against=against)  # fmt: skip


def _measured(
    db: duckdb.DuckDBPyConnection, table: str, readings: list[Reading], rows: int
) -> list[tuple[Reading, tuple[int, ...]]]:
    """Counts over every row, all columns in one pass."""
    distinct = "approx_count_distinct({})" if rows > MANY_ROWS else "count(DISTINCT {})"
    parts = []
    for r in readings:
        value = r.expression
        words = f"count_if({r.is_blank_word})" if r.blanks else "0"
        whole = f"count_if({value} <> floor({value}) OR abs({value}) > 9e15)" if r.kind == "number" else "0"
        clock = f"count_if({value}::TIME <> TIME '00:00:00')" if r.kind == "time" else "1"
        parts += [f"count({r.source})", f"count({value})", words, whole, clock, distinct.format(r.source)]
    row = db.execute(f"SELECT {', '.join(parts)} FROM {table}").fetchone()
    assert row is not None
    return [(r, tuple(int(v or 0) for v in row[6 * i : 6 * i + 6])) for i, r in enumerate(readings)]


def _proved(measured: tuple[Reading, tuple[int, ...]], doubts: Notes) -> Reading:
    """The reading with its final type: a column too mixed for its guess stays text."""
    reading, (filled, read, words, not_whole, with_clock, distinct) = measured
    if reading.kind == "text":
        return _text(reading, filled, words, distinct)
    present = filled - words
    enough = ENOUGH_OF_A_SCORE if is_score_name(reading.name) else ENOUGH
    if reading.blanks and read < enough * present:
        doubts.tell("file.mixed_types", column=reading.name, share=read / present)
        return _text(replace(reading, kind="text", blanks=BLANK_WORDS), filled, words, distinct)
    reading = replace(reading, present=present, failed=present - read, blank_words=words, distinct=distinct)
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


def _one(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]

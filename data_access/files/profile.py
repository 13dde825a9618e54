"""What does each column of a table hold? Counts and the commonest values, by bounded queries on any engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from data_access.convert.limits import LONGEST_LOOKED_AT
from data_access.files.commonest import AT_ONCE, FEW_ROWS, ranked
from data_access.files.doubles import Double, doubles
from data_access.files.relations import MOST_MEMBERS, NO_STAFF, Between, Staff, between, staff
from data_access.semantics import near
from data_access.statement import BadInput, Unreachable
from data_access.warehouse.dialects import dialect_of

SAMPLE_ROWS = 200_000
COMMONEST = 300
BATCH = 40  # columns
PLAIN = (int, float, Decimal, date)  # cells that Python orders as an engine does
Measured = tuple[int, str, str]  # of a column the different values, the least and the greatest
MEMBERS = 200
PART_OF = re.compile(r"sub|child|detail|level_?[23]|子|二级|三级|小类|细分|细类", re.I)


class Holds(StrEnum):
    """What a column holds, as far as drafting cares."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    TRUTH = "truth"


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `distinct` and `values` (text, number of rows; commonest first) come from the sampled rows.

    Long texts are cut. `label` is what the file says of the column beyond its name; unit and scale: in which its
    values count and between which ends they lie, where the file says so. least and most: of numbers and times.
    """

    name: str
    holds: Holds
    filled: int
    missing: int
    distinct: int
    values: tuple[tuple[str, int], ...]
    label: str = ""
    unit: str = ""
    scale: tuple[float, float] | None = None
    least: str = ""
    most: str = ""

    @property
    def title(self) -> str:
        """Name and label, for whoever looks for words that tell what the column is."""
        return f"{self.name} {self.label}".rstrip()

    @property
    def is_number(self) -> bool:
        return self.holds in (Holds.INTEGER, Holds.NUMBER)

    @property
    def is_time(self) -> bool:
        return self.holds in (Holds.DATE, Holds.TIME)

    @property
    def texts(self) -> list[str]:
        return [value for value, _ in self.values]

    @property
    def numbers(self) -> list[tuple[float, int]]:
        """Values of a number column with their counts, ascending."""
        return sorted((float(value), n) for value, n in self.values) if self.is_number else []

    @property
    def share_missing(self) -> float:
        return self.missing / max(self.filled + self.missing, 1)


@dataclass(frozen=True)
class TableProfile:
    """A table's columns in their order. `parents` maps a column to the one whose values it divides further."""

    table: str
    rows: int
    sampled: int
    columns: tuple[ColumnProfile, ...]
    parents: tuple[tuple[str, str], ...] = ()
    between: tuple[Between, ...] = ()
    staff: Staff = NO_STAFF
    doubles: tuple[Double, ...] = ()

    @property
    def headers(self) -> list[str]:
        return [column.name for column in self.columns]


def profile_table(engine: sa.Engine, table: str | None = None) -> TableProfile:
    """Look at a table or view; without a name at the only one. Raises BadInput, Unreachable."""
    try:
        found = _reflect(engine, table)
        with engine.connect() as connection:
            return _Profiler(connection, found).profile()
    except sa.exc.SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()
        address = engine.url.render_as_string(hide_password=True)
        raise Unreachable("warehouse.unreachable", source=address, detail=cause[0][:200] if cause else "") from error


def _reflect(engine: sa.Engine, table: str | None) -> sa.Table:
    inspector = sa.inspect(engine)
    schema, _, name = (table or "").rpartition(".")
    names = [*inspector.get_table_names(schema=schema or None), *inspector.get_view_names(schema=schema or None)]
    if not table:
        if len(names) != 1:
            raise BadInput("draft.which_table", tables=sorted(names)[:20])
        name = names[0]
    if name not in names:
        raise BadInput("warehouse.no_table", table=table, near=near(name, names))
    return sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=engine)


class _Profiler:
    """The queries of one profile: one for the whole table, the rest on a sample of its rows."""

    def __init__(self, connection: sa.Connection, table: sa.Table) -> None:
        self._connection, self._table = connection, table
        self._holds = {c.name: holds(c.type) for c in table.columns}
        counts = [sa.func.count(c).label(f"n{i}") for i, c in enumerate(table.columns)]
        row = connection.execute(sa.select(sa.func.count().label("rows"), *counts).select_from(table)).one()
        self._rows, self._filled = int(row[0]), dict(zip(table.columns.keys(), row[1:], strict=True))
        self._chosen = self._every_so_many()
        self._sample = self._sampled(list(self._holds))

    def profile(self) -> TableProfile:
        names = list(self._holds)
        values, measured = self._values(names)
        left = [name for name in names if name not in measured]
        batches = [self._measured(left[i : i + BATCH]) for i in range(0, len(left), BATCH)]
        measured |= {name: found for _, batch in batches for name, found in batch.items()}
        columns = tuple(self._column(name, values[name], *measured[name]) for name in names)
        times = [c.name for c in columns if c.holds is Holds.TIME]
        people = [c.name for c in columns if c.holds is Holds.TEXT and 2 <= c.distinct <= MOST_MEMBERS]
        return TableProfile(
            self._table.fullname,
            self._rows,
            batches[0][0] if batches else self._rows if names else 0,
            columns,
            tuple(self._parents(columns)),
            between(self._connection, self._table, times),
            staff(self._connection, self._sample, people),
            self._doubles(columns),
        )

    def _doubles(self, columns: Sequence[ColumnProfile]) -> tuple[Double, ...]:
        numbers = {c.name: c.distinct for c in columns if c.is_number}
        words = {c.name: c.texts for c in columns if c.holds is Holds.TEXT}
        return doubles(self._connection, self._sample, numbers, words)

    def _sampled(self, names: Sequence[str]) -> sa.Subquery:
        """Some columns of up to SAMPLE_ROWS rows."""
        query = sa.select(*(self._table.c[name] for name in names))
        if self._chosen is not None:
            return query.where(self._chosen).subquery("sample")
        return query.limit(SAMPLE_ROWS).subquery("sample")

    def _every_so_many(self) -> sa.ColumnElement[bool] | None:
        """Every k-th row of a file, so that all periods are in the sample; None where the first rows must do."""
        step = self._rows // SAMPLE_ROWS
        place = dialect_of(self._connection.dialect.name).row_place()
        views = sa.inspect(self._connection).get_view_names(schema=self._table.schema)
        return place % step == 0 if step > 1 and place is not None and self._table.name not in views else None

    def _measured(self, names: Sequence[str]) -> tuple[int, dict[str, Measured]]:
        """The rows of the sample, and of some columns the different values, the least and the greatest.

        A statement over all columns of a wide table takes memory for each of them at once.
        """
        sample = self._sampled(names)
        cells: list[sa.ColumnElement[Any]] = []
        for name in names:
            ordered = self._holds[name] not in (Holds.TEXT, Holds.TRUTH)
            ends = [sa.cast(end(sample.c[name]), sa.String) for end in (sa.func.min, sa.func.max)]
            cells += [sa.func.count(sa.distinct(sample.c[name])), *(ends if ordered else [sa.null(), sa.null()])]
        rows, *row = self._connection.execute(sa.select(sa.func.count(), *cells).select_from(sample)).one()
        return int(rows), {
            name: (int(row[3 * i]), str(row[3 * i + 1] or ""), str(row[3 * i + 2] or ""))
            for i, name in enumerate(names)
        }

    def _values(self, names: Sequence[str]) -> tuple[dict[str, dict[str, int]], dict[str, Measured]]:
        """The commonest values of each column; a short table is fetched in few statements, and measured at once."""
        if self._rows > FEW_ROWS:
            return {name: self._commonest(name) for name in names}, {}
        found, measured = dict[str, dict[str, int]](), dict[str, Measured]()
        step = max(AT_ONCE // max(self._rows, 1), 1)
        for batch in (names[i : i + step] for i in range(0, len(names), step)):
            sample = self._sampled(batch)
            ordered = [name for name in batch if self._holds[name] not in (Holds.TEXT, Holds.TRUTH)]
            plain = [sa.type_coerce(sample.c[name], sa.types.NullType()) for name in ordered]
            rows = self._connection.execute(sa.select(*(self._text(sample, name) for name in batch), *plain)).all()
            cells = list(zip(*rows, strict=True)) if rows else [()] * (len(batch) + len(ordered))
            raw = dict(zip(ordered, cells[len(batch) :], strict=True))
            for name, texts in zip(batch, cells, strict=False):
                found[name] = ranked(Counter(texts), COMMONEST)
                if (own := _measured_of(texts, raw.get(name))) is not None:
                    measured[name] = own
        return found, measured

    def _text(self, sample: sa.Subquery, name: str) -> sa.ColumnElement[str]:
        """A column as text, cut where it is long."""
        said: sa.ColumnElement[str] = sa.cast(sample.c[name], sa.String)
        return sa.func.substr(said, 1, LONGEST_LOOKED_AT) if self._holds[name] is Holds.TEXT else said

    def _commonest(self, name: str) -> dict[str, int]:
        sample = self._sampled([name])
        text = self._text(sample, name).label("value")
        query = (
            sa.select(text, sa.func.count().label("n"))
            .where(sample.c[name].is_not(None))
            .group_by(text)
            .order_by(sa.desc("n"), text)
            .limit(COMMONEST)
        )
        return {str(value): int(n) for value, n in self._connection.execute(query)}

    def _column(self, name: str, counts: dict[str, int], distinct: int, least: str, most: str) -> ColumnProfile:
        values = tuple((str(value), n) for value, n in counts.items() if str(value).strip())
        filled = int(self._filled[name])
        missing = self._rows - filled
        return ColumnProfile(name, self._holds[name], filled, missing, distinct, values, least=least, most=most)

    def _parents(self, columns: Sequence[ColumnProfile]) -> list[tuple[str, str]]:
        words = [c for c in columns if c.holds is Holds.TEXT and 2 <= c.distinct <= MEMBERS]
        found = []
        for child in (c for c in words if PART_OF.search(c.name)):
            above = sorted((c for c in words if c.distinct < child.distinct), key=lambda c: -c.distinct)
            parent = next((c for c in above if self._divides(child, c)), None)
            if parent:
                found.append((child.name, parent.name))
        return found

    def _divides(self, child: ColumnProfile, parent: ColumnProfile) -> bool:
        """Whether each value of the child lies under one value of the parent (a few stray rows allowed)."""
        one, other = self._sampled([child.name, parent.name]).c
        pairs = sa.select(one, other).where(one.is_not(None), other.is_not(None)).distinct().subquery()
        n = self._connection.execute(sa.select(sa.func.count()).select_from(pairs)).scalar_one()
        return int(n) <= 1.1 * child.distinct


def _measured_of(texts: Sequence[str | None], raw: Sequence[Any] | None) -> Measured | None:
    """What is measured of a column whose cells are all there, as texts and, where they have an order, as they are.

    None where the engine must say: of texts that were cut, and of cells that have no one order here.
    """
    if raw is None:
        known = {text for text in texts if text is not None}
        return None if any(len(str(text)) >= LONGEST_LOOKED_AT for text in known) else (len(known), "", "")
    cells = {cell: text for cell, text in zip(raw, texts, strict=True) if cell is not None}
    if len({type(cell) for cell in cells}) > 1 or not all(isinstance(cell, PLAIN) and cell == cell for cell in cells):
        return None
    return (len(cells), str(cells[min(cells)] or ""), str(cells[max(cells)] or "")) if cells else (0, "", "")


def holds(kind: Any) -> Holds:
    """
    >>> holds(sa.Double()), holds(sa.String())
    (<Holds.NUMBER: 'number'>, <Holds.TEXT: 'text'>)
    """
    for types, found in (
        (sa.Boolean, Holds.TRUTH),
        (sa.Integer, Holds.INTEGER),
        (sa.Numeric | sa.Float, Holds.NUMBER),
        (sa.DateTime, Holds.TIME),
        (sa.Date, Holds.DATE),
    ):
        if isinstance(kind, types):
            return found
    return Holds.TEXT

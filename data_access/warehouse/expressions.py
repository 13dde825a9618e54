"""How the semantic model becomes SQL expressions: the raw value of a metric, the keys of a dimension, the filters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.semantics import SECONDS, Dimension, Reason, SemanticModel
from data_access.statement import BadInput
from data_access.warehouse.dialects import Dialect, Expression, is_true

LARGEST = 1e150


class Expressions:
    """The model's names as expressions over one table. Only columns named by the model are reachable."""

    def __init__(self, model: SemanticModel, table: sa.FromClause, dialect: Dialect) -> None:
        self._model = model
        self._table = table
        self._dialect = dialect

    def column(self, name: str) -> Expression:
        return self._table.c[name]

    def given(self, name: str) -> list[Expression]:
        """Conditions under which a column holds something."""
        return [sa.not_(_is_blank(self.column(name)))]

    def value(self, metric: Metric) -> Expression:
        """The raw value x of a valid answer as a double; anything where `valid` does not hold."""
        if metric.yes is not None:
            return sa.case((self._equals(self.column(metric.column), metric.yes), 1.0), else_=0.0)
        number = self._dialect.number(self._given(metric))
        if metric.turned:
            number = _whole(metric.low + metric.high) - number
        if metric.blank is not None:
            return sa.func.coalesce(number, metric.blank)
        passes = [] if metric.at_least is None else [(number >= _whole(metric.at_least), 1.0)]
        if metric.at_most is not None:
            passes.append((number <= _whole(metric.at_most), -1.0 if passes else 1.0))
        return sa.case(*passes, else_=0.0) if passes else number

    def valid(self, metric: Metric) -> list[Expression]:
        """Conditions under which an answer counts: of a contact that could have one, and as `_accepted` says."""
        return [*self._accepted(metric), *self.where(None, metric.where)]

    def _accepted(self, metric: Metric) -> list[Expression]:
        """Given or meant to be 0, on the scale, no code for missing.

        Numbers are compared as they are stored, so that statistics of the column's blocks can skip some.
        """
        column = self._given(metric)
        if metric.yes is not None:
            known: Expression = sa.or_(self._equals(column, metric.yes), self._equals(column, metric.no))
            return [known]
        number = column if _is_number(column) else self._dialect.number(column)
        codes = [_whole(m) for m in metric.missing if _is_on(m, metric)]
        valid: list[Expression] = [_on_scale(number, metric), *([number.not_in(codes)] if codes else [])]
        return valid if metric.blank is None else [sa.or_(_is_blank(column), sa.and_(*valid))]

    def loses(self, metric: Metric) -> Expression:
        """True for a valid answer that is not the best possible."""
        loses: Expression = self.value(metric) != _whole(metric.best_raw)
        return loses

    def off_scale(self, metric: Metric) -> list[Expression]:
        """Conditions under which something was given that is neither on the scale nor a code for missing."""
        column = self._given(metric)
        conditions: list[Expression] = [column.is_not(None), *self.where(None, metric.where)]
        if metric.yes is not None:
            conditions.append(sa.not_(sa.and_(*self._accepted(metric))))
        else:
            number = column if _is_number(column) else self._dialect.number(column)
            off = sa.not_(_on_scale(number, metric))
            conditions.append(off if number is column else sa.or_(number.is_(None), off))
        conditions += [sa.not_(self._equals(column, m)) for m in metric.missing if not _is_on(m, metric)]
        return [*conditions, column != ""] if _may_be_empty(column) else conditions

    def keys(self, dimension: Dimension) -> list[sa.Label[Any]]:
        """The columns to group by, labelled name__0, name__1 ...: several only for a multi-select over columns."""
        keys: list[Expression]
        if dimension.columns:
            keys = [self._ticked(self.column(c), dimension) for _, c in dimension.columns]
        elif dimension.built_in:
            keys = [self._dialect.time_part(self.local_time(), dimension.name)]
        else:
            keys = [self._stated(dimension)]
        return [key.label(f"{dimension.name}__{i}") for i, key in enumerate(keys)]

    def _stated(self, dimension: Dimension) -> Expression:
        """The column of a dimension, blank where it holds a code for missing."""
        column = self.column(str(dimension.column))
        if not dimension.missing:
            return column
        codes = [self._equals(column, code) for code in dimension.missing]
        return sa.type_coerce(sa.case((sa.or_(*codes), sa.null()), else_=column), column.type)

    def where(self, period: Period | None, filters: Iterable[Filter]) -> list[Expression]:
        """Conditions of a selection; all must hold."""
        conditions = [self._passes(f) for f in filters]
        if period is not None:
            conditions += self._during(period)
        return conditions

    def counted(self) -> list[Expression]:
        """Conditions that leave exempted ratings out of the denominator."""
        excluded = self._model.excluded
        return [sa.not_(is_true(self.column(excluded.column)))] if excluded else []

    def _during(self, period: Period) -> list[Expression]:
        time = self._model.time
        if time is None:
            raise BadInput("model.no_time")
        column = self.column(time.column)
        start, end = (self._dialect.moment(column, d, time.timezone) for d in (period.start, period.end))
        column = self._dialect.stored_time(column)
        return [column >= start, column < end]

    def _given(self, metric: Metric) -> Expression:
        """What was recorded of a metric: a column, or the time between two in the unit of the metric."""
        column = self.column(metric.column)
        if not metric.since:
            return column
        return self.seconds(metric.since, metric.column) / SECONDS[metric.kind.measure]

    def seconds(self, start: str, end: str) -> Expression:
        """Seconds from the time in one column to that in another, whichever of them knows its zone."""
        times = [self.column(start), self.column(end)]
        if self._model.time and len({bool(getattr(t.type, "timezone", False)) for t in times}) > 1:
            times = [self._dialect.local_time(t, self._model.time.timezone) for t in times]
        return self._dialect.seconds(*times)

    def local_time(self) -> Expression:
        """When a contact happened, as wall-clock time of the model's zone."""
        time = self._model.time
        assert time is not None, "built-in dimensions exist only with a time column"
        return self._dialect.local_time(self.column(time.column), time.timezone)

    def _passes(self, part: Filter) -> Expression:
        dimension = self._model.dimension(part.dimension)
        if not part.values:
            return sa.false()
        return sa.or_(*(self._is_member(dimension, value) for value in part.values))

    def _is_member(self, dimension: Dimension, value: str | None) -> Expression:
        if value is not None and not _is_nameable(value):
            return sa.false()
        if dimension.columns:
            return self._is_ticked(dimension, value)
        key: Expression = self.keys(dimension)[0].element
        blank = _is_blank(key)
        if value is None:
            return blank
        named = self._is_named(key, dimension, value)
        return sa.or_(blank, named) if isinstance(dimension, Reason) and value == dimension.not_stated else named

    def _is_named(self, key: Expression, dimension: Dimension, value: str) -> Expression:
        """Equality with a value that came as text (from a link or a command), in the column's own type."""
        if dimension.split:
            mark = dimension.split
            tidy = sa.func.replace(
                sa.func.replace(sa.func.trim(sa.cast(key, sa.String)), f"{mark} ", mark), f" {mark}", mark
            )
            padded = sa.literal(mark).concat(sa.cast(tidy, sa.String)).concat(mark)
            return self._dialect.contains(padded, f"{mark}{value}{mark}")
        typed = _parse_time(value, dimension, self._dialect) if dimension.built_in else _parse(value, key.type)
        return sa.false() if typed is None else self._equals(key, typed)

    def _is_ticked(self, dimension: Dimension, value: str | None) -> Expression:
        columns: Mapping[str | None, str] = dict(dimension.columns)
        if value is None:
            return sa.and_(*(self._ticked(self.column(c), dimension) == 0 for c in columns.values()))
        if value not in columns:
            return sa.false()
        return self._ticked(self.column(columns[value]), dimension) == 1

    def _ticked(self, column: Expression, dimension: Dimension) -> Expression:
        """1 where the member's column says yes; anything else, blank included, is no."""
        yes = sa.or_(*(self._equals(column, v) for v in dimension.yes))
        return sa.case((yes, 1), else_=0)

    def _equals(self, column: Expression, value: Any) -> Expression:
        kind = column.type
        if isinstance(kind, sa.Enum):
            value = value if isinstance(value, str) or value is None else _text(value)
            return column == value if value in kind.enums else sa.false()
        if value is None:
            return sa.false()
        if isinstance(kind, sa.Integer) and isinstance(value, int):
            value = sa.literal(int(value), sa.BigInteger)  # whatever a link says fits, or `_parse` refused it
        elif _is_text(column) and not isinstance(value, str):
            value = _text(value)
        elif isinstance(value, str) and not isinstance(kind, sa.String | sa.Date | sa.DateTime):
            column = sa.cast(column, sa.String)
        same: Expression = column == value
        return same


def among(column: Expression, values: Iterable[str]) -> Expression:
    """Whether a column holds one of several values that came as text."""
    kind = column.type
    if isinstance(kind, sa.Enum):
        return column.in_([v for v in values if v in kind.enums])
    typed = [v for v in (_parse(text, kind) for text in values if _is_nameable(text)) if v is not None]
    if isinstance(kind, sa.Integer):
        return column.in_([sa.literal(v, sa.BigInteger) for v in typed])
    plain = isinstance(kind, sa.String | sa.Numeric | sa.Float | sa.Date | sa.DateTime)
    return (column if plain else sa.cast(column, sa.String)).in_(typed)


def _is_number(column: Expression) -> bool:
    return isinstance(column.type, sa.Numeric | sa.Integer | sa.Float)


def _on_scale(number: Expression, metric: Metric) -> Expression:
    """One of the valid values; between the ends of the scale; without one, a number whose square is one too: no NaN,
    no infinity.
    """
    if metric.only:
        return number.in_([_whole(value) for value in metric.only])
    ends = (max(metric.low, -LARGEST), min(metric.high, LARGEST))
    return number.between(*(_whole(end) for end in ends))


def _is_blank(column: Expression) -> Expression:
    """NULL, or a text of no letters."""
    return sa.or_(column.is_(None), column == "") if _may_be_empty(column) else column.is_(None)


def _whole(value: Any) -> Any:
    """A limit as an integer where it is one, so that the query reads as people write it."""
    return int(value) if float(value).is_integer() and abs(value) < 2**63 else float(value)


def _is_on(code: Any, metric: Metric) -> bool:
    """Whether a code for missing lies on the scale; only then it needs a condition of its own."""
    return isinstance(code, int | float) and metric.is_valid(code)


def _is_nameable(value: str) -> bool:
    """Whether a segment can have this name: not empty, no zero byte, no half a character; no engine keeps those."""
    return bool(value) and "\0" not in value and value.encode("utf-8", "ignore").decode() == value


def _is_text(column: Expression) -> bool:
    return isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)


def _may_be_empty(column: Expression) -> bool:
    """Whether the column could hold a text of no letters, which is as blank as NULL."""
    return "" in column.type.enums if isinstance(column.type, sa.Enum) else isinstance(column.type, sa.String)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parse(value: str, kind: Any) -> Any:
    """A text in a column's type; None when it cannot be one, so that it matches nothing."""
    try:
        if isinstance(kind, sa.Boolean):
            return {"true": True, "false": False}.get(value.lower())
        if isinstance(kind, sa.Integer):
            return int(value) if abs(int(value)) < 2**63 else None
        if isinstance(kind, sa.Numeric | sa.Float):
            return float(value) if math.isfinite(float(value)) else None
        if isinstance(kind, sa.DateTime):
            return datetime.fromisoformat(value)
        if isinstance(kind, sa.Date):
            return date.fromisoformat(value)
    except ValueError:
        return None
    return value


def _parse_time(value: str, dimension: Dimension, dialect: Dialect) -> Any:
    try:
        if dimension.name in ("day_of_month", "weekday", "hour"):
            return int(value) if len(value) <= 2 else None
        day = date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    except ValueError:
        return None
    return dialect.day(day)

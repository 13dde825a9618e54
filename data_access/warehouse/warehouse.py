"""The verbs an analysis may ask of a warehouse. Rows stay where they are; sufficient statistics come back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel, Weight
from data_access.warehouse import cells, dialect, rows
from data_access.warehouse.check import check_columns
from data_access.warehouse.connection import Answer, Connection
from data_access.warehouse.expressions import Expressions

MEMBERS = 2_000
PAGE_ROWS = 1_000


@dataclass(frozen=True)
class Coverage:
    """Who is behind a score: all contacts, those invited, those whose valid answer counts, and what was left out."""

    contacts: int
    invited: int
    responses: int
    excluded: int
    out_of_scale: int
    sql: str

    @property
    def response_rate(self) -> float:
        """Answers per invited contact, 0..1; NaN when nobody was invited."""
        return self.responses / self.invited if self.invited else float("nan")


@dataclass(frozen=True)
class Extent:
    """What the data hold: number of rows, first and last contact, latest load."""

    contacts: int
    first: datetime | None
    last: datetime | None
    loaded: datetime | None


class Warehouse:
    """One table behind a semantic model. Verbs take plain values and answer with frames; safe between threads."""

    def __init__(self, connection: Connection, model: SemanticModel, *, content_hash: str | None = None) -> None:
        self.model = model
        self._connection = connection
        self._content_hash = content_hash
        self._table = connection.reflect(model.table)
        check_columns(model, [c.name for c in self._table.columns])
        self._expressions = Expressions(model, self._table, connection.engine_name)

    @property
    def address(self) -> str:
        """Where the data are, without password."""
        return self._connection.address

    @cached_property
    def model_hash(self) -> str:
        """Changes when the model does; part of every cache key."""
        return hashlib.sha256(repr(self.model).encode()).hexdigest()[:12]

    def version(self) -> str:
        """The data version: content hash of a file, else row count and latest load time of the warehouse."""
        if self._content_hash:
            return self._content_hash
        extent = self.extent()
        latest = extent.loaded or extent.last
        return f"{extent.contacts}@{latest:%Y-%m-%dT%H:%M:%S}" if latest else str(extent.contacts)

    def extent(self) -> Extent:
        """Size and time span of the table."""
        time = self.model.time
        columns: list[dialect.Expression] = [sa.func.count().label("contacts")]
        for name, column in (("time", time and time.column), ("loaded", time and time.loaded)):
            if column:
                moment = self._expressions.column(column)
                columns += [sa.func.min(moment).label(f"{name}_min"), sa.func.max(moment).label(f"{name}_max")]
        found = self._connection.run(sa.select(*columns).select_from(self._table)).rows.iloc[0].to_dict()
        zone = ZoneInfo(time.timezone) if time else None
        first, last, loaded = (_moment(found.get(k), zone) for k in ("time_min", "time_max", "loaded_max"))
        return Extent(int(found["contacts"]), first, last, loaded)

    def cells(
        self,
        metric: str,
        by: Sequence[str],
        period: Period | None,
        filters: Iterable[Filter],
        *,
        clustered: bool = False,
        lost_only: bool = False,
    ) -> Answer:
        """Sums of a metric by the combinations of `by`; columns as in `cells.memberships` and `cells.completed`.

        With `clustered`, cells are also split by the model's cluster (column `cluster`). With `lost_only`, answers of
        the best value are left out: they lost no points, so they have no reason for a loss.
        """
        return self.cells_each(metric, [by], period, filters, clustered=clustered, lost_only=lost_only)[0]

    def cells_each(
        self,
        metric: str,
        cuts: Sequence[Sequence[str]],
        period: Period | None,
        filters: Iterable[Filter],
        *,
        clustered: bool = False,
        lost_only: bool = False,
    ) -> list[Answer]:
        """`cells` for several cuts in one pass over the data."""
        asked = [tuple(dict.fromkeys(by)) for by in cuts]
        clusters = self._cluster_keys() if clustered else []
        keys = {name: self._expressions.keys(self.model.dimension(name)) for by in asked for name in by}
        sets = {by: [*(k.name for name in by for k in keys[name]), *(k.name for k in clusters)] for by in asked}
        places = {frozenset(columns): columns for columns in sets.values()}
        conditions = self._expressions.where(period, filters)
        if lost_only:
            conditions.append(self._expressions.loses(self.model.metric(metric)))
        selected = self._selected(metric, [*(k for ks in keys.values() for k in ks), *clusters], conditions)
        weight = self.model.weight.kind if self.model.weight else None
        sums = cells.measures(selected, weight)
        answer = self._connection.run(
            dialect.grouped(self._connection.engine_name, selected, list(places.values()), sums)
        )
        whole, order = cells.completed(answer.rows, weight), list(places)
        return [
            Answer(self._cut(whole, order.index(frozenset(sets[by])), by, bool(clusters)), answer.sql) for by in asked
        ]

    def _cluster_keys(self) -> list[dialect.Expression]:
        if self.model.cluster is None:
            return []
        keys = self._expressions.keys(self.model.dimension(self.model.cluster))
        return [keys[0].element.label("cluster")]

    def coverage(self, metric: str, period: Period | None, filters: Iterable[Filter]) -> Coverage:
        """How many contacts, invitations, valid answers, exempted ratings and values off the scale there are."""
        e, model = self._expressions, self.model
        chosen = model.metric(metric)
        counted = e.counted()
        invited = [dialect.is_true(e.column(model.responded))] if model.responded else []
        parts: dict[str, list[dialect.Expression]] = {
            "contacts": [],
            "invited": [*counted, *invited],
            "responses": [*counted, *e.valid(chosen)],
            "out_of_scale": [*counted, *e.off_scale(chosen)],
            **({"excluded": [sa.not_(sa.and_(*counted))]} if counted else {}),
        }
        sums = [self._tally(conditions).label(name) for name, conditions in parts.items()]
        answer = self._connection.run(sa.select(*sums).select_from(self._table).where(*e.where(period, filters)))
        counts = {name: _count(answer.rows[name].iloc[0]) for name in parts}
        return Coverage(**{"excluded": 0, **counts}, sql=answer.sql)

    def answers(self, metric: str, period: Period | None, alternatives: Sequence[Iterable[Filter]]) -> list[int]:
        """How many valid answers each of several sets of filters lets through, in one pass over the data."""
        e = self._expressions
        valid = [*e.counted(), *e.valid(self.model.metric(metric)), *self._weighed()]
        sums = [self._tally(e.where(None, filters)).label(f"n{i}") for i, filters in enumerate(alternatives)]
        query = sa.select(*sums).select_from(self._table).where(*valid, *e.where(period, ()))
        return [_count(n) for n in self._connection.run(query).rows.iloc[0]]

    def _tally(self, conditions: Sequence[dialect.Expression]) -> dialect.Expression:
        """How many contacts meet all conditions; a row of weight kind frequency stands for as many as it says."""
        weight = self.model.weight
        if weight is None or weight.kind != "frequency":
            if not conditions:
                return sa.func.count()
            return sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0))
        times = self._weight(weight)
        return sa.func.sum(sa.case((sa.and_(*conditions, times > 0), times), else_=0.0))

    def members(self, dimension: str) -> list[str | None]:
        """Values of a dimension, most frequent first; its own order first where it has one."""
        chosen = self.model.dimension(dimension)
        if chosen.columns:
            return [member for member, _ in chosen.columns]
        key = self._expressions.keys(chosen)[0]
        count = sa.func.count().label("contacts")
        query = sa.select(key, count).select_from(self._table).group_by(key.element).order_by(count.desc(), key)
        times: Counter[str | None] = Counter()
        for raw, contacts in self._connection.run(query.limit(MEMBERS)).rows.itertuples(index=False, name=None):
            times.update(dict.fromkeys(cells.segments_of(chosen, (raw,)), contacts))
        placed = {value: i for i, value in enumerate(chosen.order)}
        return sorted(times, key=lambda v: (placed.get(str(v), len(placed)), -times[v], v is None, str(v)))

    def rows(self, selection: Selection, *, offset: int = 0, limit: int = PAGE_ROWS, scored: bool = True) -> Answer:
        """A page of the contacts behind a selection, newest first; customers' ids are masked."""
        e, metric = self._expressions, self.model.metric(selection.metric)
        conditions = e.where(selection.period, selection.filters)
        if scored:
            conditions += [*e.counted(), *e.valid(metric)]
        columns = rows.listed(self.model, e)
        order = [c.desc() for c in columns if self.model.time and c.name == self.model.time.column] + columns
        query = sa.select(*columns).select_from(self._table).where(*conditions)
        answer = self._connection.run(query.order_by(*order).offset(offset).limit(min(limit, PAGE_ROWS)))
        customer = self.model.customer_id
        if customer:
            answer.rows[customer] = [rows.masked(v) for v in answer.rows[customer]]
        return answer

    def powers(self, reason: str) -> pd.DataFrame | None:
        """The user's own list of reasons: columns reason, power, owner. None when the model names none."""
        chosen = self.model.reasons[reason]
        if not chosen.power:
            return None
        table = self._connection.reflect(chosen.power)
        wanted = [c for c in ("reason", "power", "owner") if c in table.c]
        return self._connection.run(sa.select(*(table.c[c] for c in wanted)).limit(MEMBERS)).rows

    def companion(self, role: str, *, limit: int = 5_000) -> pd.DataFrame | None:
        """Rows of a companion table (targets, events, benchmarks, labels ...); None when the model names none."""
        name = self.model.tables.get(role)
        if name is None:
            return None
        return self._connection.run(sa.select(self._connection.reflect(name)).limit(limit)).rows

    def interrupt(self, thread: int) -> None:
        """Stop the query that a thread is waiting for."""
        self._connection.interrupt(thread)

    def close(self) -> None:
        self._connection.close()

    def _selected(
        self, metric: str, keys: Sequence[dialect.Expression], conditions: Sequence[dialect.Expression]
    ) -> sa.Subquery:
        """Valid answers of the selection with their keys; the planner reads only these columns."""
        e, chosen = self._expressions, self.model.metric(metric)
        columns = [*keys, e.value(chosen).label("x")]
        conditions = [*e.valid(chosen), *e.counted(), *conditions, *self._weighed()]
        if self.model.weight:
            columns.append(self._weight(self.model.weight).label("w"))
        return sa.select(*columns).select_from(self._table).where(*conditions).subquery("answers")

    def _weight(self, weight: Weight) -> dialect.Expression:
        return dialect.number(self._connection.engine_name, self._expressions.column(weight.column))

    def _weighed(self) -> list[dialect.Expression]:
        """Answers of no weight count for nothing."""
        return [self._weight(self.model.weight) > 0] if self.model.weight else []

    def _cut(self, whole: pd.DataFrame, place: int, by: Sequence[str], clustered: bool) -> pd.DataFrame:
        dimensions = [self.model.dimension(name) for name in by]
        raw = [key for d in dimensions for key in cells.key_names(d)]
        kept = [*raw, *(["cluster"] if clustered else []), *cells.SUMS]
        mine = whole.loc[whole["grouping"] == place, kept]
        return cells.memberships(mine[mine["n"] > 0], dimensions)


def _count(value: Any) -> int:
    """A sum over no rows is NULL."""
    return int(value) if value is not None and value == value else 0


def _moment(value: object, zone: ZoneInfo | None) -> datetime | None:
    """Wall-clock time of `zone`, whatever the engine answers with."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None

"""The one table behind a model: its valid answers, their weights and tallies, as parts of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data_access.metrics import Metric
from data_access.selection import Filter, Period
from data_access.semantics import Dimension, SemanticModel
from data_access.statement import BadInput
from data_access.warehouse.connection import Connection
from data_access.warehouse.dialects import Dialect, Expression
from data_access.warehouse.expressions import Expressions


@dataclass(frozen=True)
class Contacts:
    """What the verbs share; safe between threads. whole: whether no scope keeps any of them away."""

    model: SemanticModel
    connection: Connection
    table: sa.FromClause
    expressions: Expressions
    whole: bool = True

    @property
    def dialect(self) -> Dialect:
        return self.connection.dialect

    @property
    def weighting(self) -> str | None:
        """The kind of the weights, None where every answer counts once."""
        return self.model.weight.kind if self.model.weight else None

    @property
    def identity(self) -> Expression | None:
        """The column that identifies a contact, None where the model names none."""
        return self.table.c[self.model.contact_id] if self.model.contact_id else None

    @property
    def apart(self) -> Expression | None:
        """What contacts are drawn by: their identity, else what the engine has for it, else None: their place."""
        return self.dialect.row_hash(self.table) if self.identity is None else self.identity

    def dimensions(self, by: Iterable[str]) -> list[Dimension]:
        """The dimensions named, each once."""
        return [self.model.dimension(name) for name in dict.fromkeys(by)]

    def answers(self, metric: Metric, keys: Sequence[Expression], conditions: Sequence[Expression]) -> sa.Subquery:
        """Valid answers with their keys, raw value x and weight w; the planner reads only these columns."""
        columns = [*keys, self.expressions.value(metric).label("x")]
        if self.model.weight:
            columns.append(self.weight().label("w"))
        conditions = [*self.valid(metric), *conditions]
        return sa.select(*columns).select_from(self.table).where(*conditions).subquery("answers")

    def valid(self, metric: Metric) -> list[Expression]:
        """Conditions under which an answer counts; answers of no weight count for nothing."""
        counted = [] if metric.repeat else self.expressions.counted()  # an exempted rating is a contact all the same
        return [*self.expressions.valid(metric), *counted, *self.weighed()]

    def weighed(self) -> list[Expression]:
        """The condition of a weight above 0; none where nothing is weighed."""
        return [self.weight() > 0] if self.model.weight else []

    def in_each(
        self, periods: Sequence[Period], filters: Iterable[Filter]
    ) -> tuple[list[sa.Label[int]], list[Expression]]:
        """1 where a contact is in a period, else 0: a column for each (in0, in1 ..); conditions of being in any."""
        during = [sa.and_(*self.expressions.where(period, ())) for period in periods]
        span = Period(min(p.start for p in periods), max(p.end for p in periods))  # one stretch: blocks are skipped
        flags = [sa.case((there, 1), else_=0).label(f"in{i}") for i, there in enumerate(during)]
        return flags, [*self.expressions.where(span, filters), sa.or_(*during)]

    def span_of(self, periods: Sequence[Period]) -> sa.Label[Any]:
        """The place of the period a contact is in, of several that share no day; named `span`."""
        during = [(sa.and_(*self.expressions.where(period, ())), i) for i, period in enumerate(periods)]
        return sa.case(*during).label("span")

    def weight(self) -> Expression:
        assert self.model.weight is not None, "asked only of a model with weights"
        return self.dialect.number(self.expressions.column(self.model.weight.column))

    def tally(self, conditions: Sequence[Expression]) -> Expression:
        """How many contacts meet all conditions; a row of weight kind frequency stands for as many as it says."""
        if self.weighting != "frequency":
            if not conditions:
                return sa.func.count()
            return sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0))
        times = self.weight()
        return sa.func.sum(sa.case((sa.and_(*conditions, times > 0), times), else_=0.0))

    def number(self) -> Expression:
        """How many contacts there are, whatever they weigh."""
        return sa.func.count()

    def has_halves(self) -> bool:
        """Whether the half of a contact can be told from the contact alone."""
        return self.identity is not None and self.dialect.bucket(self.identity) is not None

    def half(self) -> sa.Label[Any]:
        """0 or 1, a half of the contacts drawn by chance but always the same; named `half`."""
        return self.dialect.random_part(self.apart, 2).label("half")

    def cluster_keys(self) -> list[Expression]:
        """The model's cluster under the name `cluster`; none without one."""
        if self.model.cluster is None:
            return []
        return [self.expressions.keys(self.model.dimension(self.model.cluster))[0].element.label("cluster")]

    def check_open(self) -> None:
        """Raises BadInput where the model keeps small groups secret: a contact is one of one."""
        if self.model.disclose_from:
            raise BadInput("disclose.contacts")

    def lacks_cluster(self) -> Expression:
        """The condition that the model's cluster is blank."""
        assert self.model.cluster is not None, "asked only of a model with clusters"
        return sa.or_(*self.expressions.where(None, [Filter(self.model.cluster, (None,))]))

    def without_cluster(self, parts: int) -> sa.Label[Any]:
        """A part by chance of the contacts without a cluster, named `alone`; NULL for those that have one."""
        part = self.dialect.random_part(self.apart, parts)
        return sa.case((self.lacks_cluster(), part)).label("alone")

    def select(
        self, columns: Sequence[Expression], period: Period | None, filters: Iterable[Filter]
    ) -> sa.Select[*tuple[object, ...]]:
        """Columns of the contacts of a period and filters, whether they answered or not."""
        return sa.select(*columns).select_from(self.table).where(*self.expressions.where(period, filters))

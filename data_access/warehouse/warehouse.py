"""The verbs an analysis may ask of a warehouse. Rows stay where they are; sufficient statistics come back."""

from __future__ import annotations

import copy
import hashlib
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property

from data_access.selection import Filter, Period, Selection
from data_access.semantics import SemanticModel
from data_access.warehouse import (
    codes,
    dose,
    products,
    repeated,
    rows,
    scoped,
    trail,
)
from data_access.warehouse.check import check_columns
from data_access.warehouse.codes import Codes
from data_access.warehouse.connection import Answer, Connection
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.expressions import Expressions
from data_access.warehouse.extent import Extent, extent
from data_access.warehouse.risk_verbs import RiskVerbs
from data_access.warehouse.rollups import Rollups
from data_access.warehouse.rows import PAGE_ROWS
from data_access.warehouse.sum_verbs import SumVerbs
from data_access.warehouse.table_verbs import TableVerbs
from data_access.warehouse.trail import Behind

VERSION_S = 5.0


class Warehouse(SumVerbs, TableVerbs, RiskVerbs):
    """One table behind a semantic model. Verbs take plain values and answer with frames; safe between threads."""

    def __init__(
        self, connection: Connection, model: SemanticModel, *, content_hash: str | None = None,
        rollups: Rollups | None = None,
    ) -> None:  # fmt: skip
        self.model = model
        self.scope: tuple[Filter, ...] = ()
        self._connection = connection
        self._content_hash = content_hash
        self._rollups = rollups
        self._versions: dict[tuple[Filter, ...], tuple[float, str]] = {}  # of each part, and when it was looked up
        table = connection.reflect(model.table)
        check_columns(model, [c.name for c in table.columns])
        self._contacts = Contacts(model, connection, table, Expressions(model, table, connection.dialect))
        self._whole = self._contacts

    def within(self, scope: Iterable[Filter]) -> Warehouse:
        """The part of this warehouse that a scope lets through, as if there were nothing else anywhere.

        Raises BadInput for a dimension the model lacks.
        """
        added = tuple(part for part in scope if part not in self.scope)
        if not added:
            return self
        narrowed = copy.copy(self)
        narrowed.scope = (*self.scope, *added)
        narrowed._contacts = scoped.contacts(self._contacts, added)
        return narrowed

    @property
    def address(self) -> str:
        """Where the data are, without password."""
        return self._connection.address

    @property
    def everything(self) -> Contacts:
        """All contacts there are, whatever the scope: what rollups are made of."""
        return self._whole

    @cached_property
    def model_hash(self) -> str:
        """Changes when the model does; part of every cache key."""
        return hashlib.sha256(repr(self.model).encode()).hexdigest()[:12]

    def version(self) -> str:
        """The data version: content hash of a file, else row count and latest load time; kept for some seconds."""
        return self._version_of(self.scope, self._contacts)

    def whole_version(self) -> str:
        """The data version of all there is, whatever the scope: rollups are made of that."""
        return self._version_of((), self._whole)

    def _version_of(self, scope: tuple[Filter, ...], contacts: Contacts) -> str:
        if self._content_hash and not scope:
            return self._content_hash
        at, known = self._versions.get(scope, (0.0, ""))
        if not known or (not self._content_hash and time.monotonic() - at > VERSION_S):
            known = self._version_now(contacts)
            self._versions[scope] = time.monotonic(), known
        return known

    def _version_now(self, contacts: Contacts) -> str:
        if self._content_hash:  # of a part its own: that of the whole changes with what lies outside of it
            return scoped.digest(contacts)[: len(self._content_hash)]
        found = extent(contacts)
        latest = found.loaded or found.last
        return f"{found.contacts}@{latest:%Y-%m-%dT%H:%M:%S}" if latest else str(found.contacts)

    def extent(self) -> Extent:
        """Size and time span of the table."""
        return extent(self._contacts)

    def repeated(self, metric: str, period: Period, baseline: Period, filters: Iterable[Filter]) -> Answer | None:
        """Customers who answered in both periods, one row a pair of means; None when the model knows no customers.

        Columns before, after (mean raw value of a customer in the baseline and in the period), n (customers).
        Customers of a driver are put together as in `values`; their mean difference stays exact.
        """
        return repeated.repeated(self._of([metric], period, baseline), metric, period, baseline, filters)

    def products(
        self, metric: str, names: Sequence[str], by: Sequence[str], period: Period | None, filters: Iterable[Filter],
        *, parts: int = 0,
    ) -> Answer:  # fmt: skip
        """Sums of products of a metric (0) and the measures `names` (1..), where all of them are known.

        One row per combination of `by` and cluster (column `cluster` where the model has one): n, w, v (answers, sums
        of weights and of their squares), s0.. (sums), p0_0, p0_1.. (sums of products), low1, high1.. (extremes).
        parts: by so many parts of the contacts, drawn by chance but always the same, in place of the clusters.
        Answers without a cluster are in parts by chance, too (column `alone`, where there are any), for they do not
        come together; their `cluster` is None.
        """
        contacts = self._of([metric, *names], period)
        return products.products(contacts, metric, names, by=by, period=period, filters=filters, parts=parts)

    def dose(self, metric: str, measure: str, period: Period | None, filters: Iterable[Filter]) -> Answer:
        """Sums of a metric by the value of a measure (`dose`) and the model's cluster: n, w, wx, v, vx, vxx.

        A driver with many values is rounded as in `values`; `Answer.width` says to what.
        """
        return dose.dose(self._of([metric, measure], period), metric, measure, period, filters)

    def known(self, metric: str, names: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """One row: the valid answers of a metric (`answers`), and how many of them know each measure."""
        return products.known(self._of([metric, *names], period), metric, names, period, filters)

    def codes(
        self, names: Sequence[str], period: Period | None, filters: Iterable[Filter], *, most: int | None = None
    ) -> Codes:
        """What each contact holds in columns of any level (`columns.column_of`), as codes of their different values.

        Beyond `most` contacts (see `codes.MOST`) a sample, always the same one. Raises BadInput for a name that
        cannot stand in a pair.
        """
        return codes.codes(self._of(names, period), names, period, filters, most)

    def rows(self, selection: Selection, *, offset: int = 0, limit: int = PAGE_ROWS, scored: bool = True) -> Answer:
        """A page of the contacts behind a selection, newest first; customers' ids are masked."""
        contacts = self._of([selection.metric], selection.period)
        return rows.page(contacts, selection, offset=offset, limit=limit, scored=scored)

    def behind(self, selection: Selection, *, worst: bool = True, page: int = 1, size: int = 20) -> Behind:
        """A page of the contacts with a valid answer behind a selection, worst or newest first; rows as `trail` says.

        Where a reason is filtered by, only answers that lost points have one. A page there is not is the last one.
        """
        contacts = self._of([selection.metric], selection.period)
        return trail.behind(contacts, selection, worst=worst, page=page, size=size)

    def given(self, metric: str, ids: Sequence[str], filters: Iterable[Filter]) -> Answer:
        """The contacts of these ids that the filters let through, answered or not; rows as `trail` says."""
        return trail.given(self._of([metric], None), metric, ids, filters)

    def around(self, metric: str, ids: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """All contacts in a period of the customers of these contacts, in order of time; rows as `trail` says.

        At most `trail.MOST_AROUND`. Raises BadInput where the model knows no customers or no ids of contacts.
        """
        return trail.around(self._of([metric], period), metric, ids, period, filters)

    def interrupt(self, thread: int) -> None:
        """Stop the `working` thread: the query it is waiting for, else at its next `go_on` or query."""
        self._connection.interrupt(thread)

    def working(self) -> AbstractContextManager[None]:
        """Work of this thread that `interrupt` may stop, between its queries as well as in one."""
        return self._connection.working()

    def go_on(self) -> None:
        """Raises Unreachable where the work of this thread was stopped, or took longer to compute than a query may;
        long computations call it now and then.
        """
        self._connection.go_on()

    def close(self) -> None:
        if self._rollups is not None:
            self._rollups.close()
        self._connection.close()

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
    coverage,
    dose,
    members,
    products,
    repeated,
    rows,
    scoped,
    summed,
    trail,
    values,
)
from data_access.warehouse.change_cells import Change, ChangeCells, change_cells
from data_access.warehouse.check import check_columns
from data_access.warehouse.coded import Floats
from data_access.warehouse.codes import Codes
from data_access.warehouse.connection import Answer, Connection
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.coverage import Coverage
from data_access.warehouse.expressions import Expressions
from data_access.warehouse.extent import Extent, extent
from data_access.warehouse.repeat_verbs import RepeatVerbs
from data_access.warehouse.risk_verbs import RiskVerbs
from data_access.warehouse.rows import PAGE_ROWS
from data_access.warehouse.table_verbs import TableVerbs
from data_access.warehouse.trail import Behind

VERSION_S = 5.0


class Warehouse(TableVerbs, RepeatVerbs, RiskVerbs):
    """One table behind a semantic model. Verbs take plain values and answer with frames; safe between threads."""

    def __init__(self, connection: Connection, model: SemanticModel, *, content_hash: str | None = None) -> None:
        self.model = model
        self.scope: tuple[Filter, ...] = ()
        self._connection = connection
        self._content_hash = content_hash
        self._versions: dict[tuple[Filter, ...], tuple[float, str]] = {}  # of each part, and when it was looked up
        table = connection.reflect(model.table)
        check_columns(model, [c.name for c in table.columns])
        self._contacts = Contacts(model, connection, table, Expressions(model, table, connection.dialect))

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

    @cached_property
    def model_hash(self) -> str:
        """Changes when the model does; part of every cache key."""
        return hashlib.sha256(repr(self.model).encode()).hexdigest()[:12]

    def version(self) -> str:
        """The data version: content hash of a file, else row count and latest load time; kept for some seconds."""
        if self._content_hash and not self.scope:
            return self._content_hash
        at, known = self._versions.get(self.scope, (0.0, ""))
        if not known or (not self._content_hash and time.monotonic() - at > VERSION_S):
            known = self._version_now()
            self._versions[self.scope] = time.monotonic(), known
        return known

    def _version_now(self) -> str:
        if self._content_hash:  # of a part its own: that of the whole changes with what lies outside of it
            return scoped.digest(self._contacts)[: len(self._content_hash)]
        extent = self.extent()
        latest = extent.loaded or extent.last
        return f"{extent.contacts}@{latest:%Y-%m-%dT%H:%M:%S}" if latest else str(extent.contacts)

    def extent(self) -> Extent:
        """Size and time span of the table."""
        return extent(self._contacts)

    def cells(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter],
        *, clustered: bool = False, lost_only: bool = False,
    ) -> Answer:  # fmt: skip
        """Sums of a metric by the combinations of `by`; columns as in `cells.memberships` and `cells.completed`.

        With `clustered`, cells are also split by the model's cluster (column `cluster`). With `lost_only`, answers of
        the best value are left out: they lost no points, so they have no reason for a loss.
        """
        return self.cells_each(metric, [by], period, filters, clustered=clustered, lost_only=lost_only)[0]

    def cells_each(
        self, metric: str, cuts: Sequence[Sequence[str]], period: Period | None, filters: Iterable[Filter],
        *, clustered: bool = False, lost_only: bool = False, path: Sequence[Filter] = (),
        spans: Sequence[Period] = (),
    ) -> list[Answer]:  # fmt: skip
        """`cells` for several cuts in one pass over the data.

        With `spans`, periods that share no day, only contacts of these count (`period` does not) and cells are also
        split by the place of theirs (column `span`).

        With `path`, cells are also split by how many of its filters a contact passes, in their order: columns step0
        (all), step1 .. hold the part of an answer's lost points that lies within so many filters, 0 outside. A reason
        takes its part of the reasons named, and passes only answers that lost points.
        """
        contacts = self._of([metric], *(spans or (period,)))
        return summed.cells_each(
            contacts, metric, cuts, period, filters, clustered=clustered, lost_only=lost_only, path=path, spans=spans
        )

    def cells_lost(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> tuple[Answer, Answer]:
        """`cells` by `by` and cluster of the answers that lost points, and those of all answers by cluster alone."""
        return summed.cells_lost(self._of([metric], period), metric, by, period, filters)

    def cells_over(
        self, metric: str, by: Sequence[str], periods: Sequence[Period], filters: Iterable[Filter],
        *, whole_by: Sequence[str] = (),
    ) -> list[Answer]:  # fmt: skip
        """`cells` by `by` and cluster in each of several periods, in one pass over the data.

        With `whole_by` a last answer holds the cells by that cut and cluster over all of the periods.
        """
        return summed.cells_over(self._of([metric], *periods), metric, by, periods, filters, whole_by=whole_by)

    def cells_beside(self, metrics: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> list[Answer]:
        """`cells` of all data by cluster, of each of several metrics in one pass over the data."""
        return summed.cells_beside(self._of(metrics, period), metrics, period, filters)

    def values(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter],
        *, clustered: bool = True, width: float | None = None,
    ) -> Answer:  # fmt: skip
        """Answers by the combinations of `by`, the model's cluster (where it has one) and the raw value.

        Columns: `by` (text or None), `cluster`, x (raw value; 0 or 1 of a rate) and `cells.SUMS`. A metric keeps
        every value. The values of a driver are rounded to multiples of the answer's `width` when there are more than
        about a thousand of them; the sums wx, vx, vxx stay exact. Give `width` to round two answers alike.
        """
        contacts = self._of([metric], period)
        return values.values(contacts, metric, by, period, filters, clustered=clustered, width=width)

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

    def change_cells(
        self, metric: str, by: Sequence[str], period: Period, baseline: Period, filters: Iterable[Filter],
        *, halves: bool = False,
    ) -> ChangeCells:  # fmt: skip
        """Sums of a metric on its scale by every combination of `by`, in the baseline and in the period.

        With `halves`, cells are also split by a fixed half of the contacts: those whose identity has a small hash.
        Raises BadInput for a dimension whose segments overlap, for a reason, and without a time column.
        """
        return self.change_cells_each(metric, by, [(baseline, period)], filters, halves=halves)[0]

    def change_cells_each(
        self, metric: str, by: Sequence[str], changes: Sequence[Change], filters: Iterable[Filter],
        *, halves: bool = False,
    ) -> list[ChangeCells]:  # fmt: skip
        """`change_cells` of several changes in one pass over the data; `halves` splits those of the first alone."""
        contacts = self._of([metric], *(period for change in changes for period in change))
        return change_cells(contacts, metric, by, changes, filters, halves=halves)

    def coverage(
        self, metric: str, period: Period | None, filters: Iterable[Filter], *, rates: Sequence[str] = ()
    ) -> Coverage:
        """How many contacts, invitations, valid answers, exempted ratings and values off the scale there are.

        With the mean raw values of other metrics, `rates`.
        """
        return coverage.coverage(self._of([metric, *rates], period), metric, period, filters, rates)

    def population_by(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """`Coverage.population` by the combinations of `by`: its columns, then `population`."""
        return coverage.population_by(self._of([metric], period), metric, by, period, filters)

    def answers(self, metric: str, period: Period | None, alternatives: Sequence[Iterable[Filter]]) -> list[int]:
        """How many valid answers each of several sets of filters lets through, in one pass over the data."""
        return coverage.answers_each(self._of([metric], period), metric, period, alternatives)

    def contacts(self, period: Period | None, alternatives: Sequence[Iterable[Filter]]) -> list[int]:
        """The same of all contacts, answered or not."""
        return coverage.contacts_each(self._contacts, period, alternatives)

    def shared(self, metric: str, period: Period | None, groups: Sequence[Iterable[Filter]]) -> Floats:
        """(groups, groups) how many valid answers any two sets of filters both let through."""
        return coverage.answers_shared(self._of([metric], period), metric, period, groups)

    def members(self, dimension: str) -> list[str | None]:
        """Values of a dimension, most frequent first; its own order first where it has one."""
        return members.members(self._contacts, dimension)

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
        self._connection.close()

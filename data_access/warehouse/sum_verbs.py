"""The verbs that ask for sums and counts: a rollup answers where it holds exactly what is asked, else the rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace

from data_access.selection import Filter, Period
from data_access.semantics import Reason, SemanticModel
from data_access.warehouse import bots, coverage, members, summed, values
from data_access.warehouse.cells import SUMS
from data_access.warehouse.change_cells import Change, ChangeCells, change_cells
from data_access.warehouse.coded import Floats
from data_access.warehouse.connection import Answer
from data_access.warehouse.contacts import Contacts
from data_access.warehouse.coverage import Coverage
from data_access.warehouse.repeat_verbs import RepeatVerbs
from data_access.warehouse.rolled import RolledContacts
from data_access.warehouse.rollup_view import Needs
from data_access.warehouse.rollups import Rollups

Periods = Sequence[Period | None]


class SumVerbs(RepeatVerbs):
    """What a warehouse can be asked of its contacts that sums over them answer."""

    model: SemanticModel
    scope: tuple[Filter, ...]
    _rollups: Rollups | None

    @abstractmethod
    def whole_version(self) -> str:
        """The data version of all there is, whatever the scope."""

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
        filters = tuple(filters)
        parted = self._parted(metric, cuts, spans or (period,), (*filters, *path), clustered,
                              lost_only or self._has_reason(path))  # fmt: skip
        found = dict[int, Answer]()
        for contacts, places in parted:
            answers = summed.cells_each(contacts, metric, [cuts[i] for i in places], period, filters,
                                        clustered=clustered, lost_only=lost_only, path=path, spans=spans)  # fmt: skip
            found.update(zip(places, answers, strict=True))
        return [found[i] for i in range(len(cuts))]

    def cells_lost(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> tuple[Answer, Answer]:
        """`cells` by `by` and cluster of the answers that lost points, and those of all answers by cluster alone."""
        filters = tuple(filters)
        contacts = self._for([metric], [period], by, filters, clustered=True, valued=True)
        return summed.cells_lost(contacts, metric, by, period, filters)

    def cells_over(
        self, metric: str, by: Sequence[str], periods: Sequence[Period], filters: Iterable[Filter],
        *, whole_by: Sequence[str] = (),
    ) -> list[Answer]:  # fmt: skip
        """`cells` by `by` and cluster in each of several periods, in one pass over the data.

        With `whole_by` a last answer holds the cells by that cut and cluster over all of the periods.
        """
        filters = tuple(filters)
        contacts = self._for([metric], periods, [*by, *whole_by], filters, clustered=True)
        return summed.cells_over(contacts, metric, by, periods, filters, whole_by=whole_by)

    def cells_beside(self, metrics: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> list[Answer]:
        """`cells` of all data by cluster, of each of several metrics in one pass over the data."""
        filters, clusters = tuple(filters), [key.name for key in self._contacts.cluster_keys()]
        found = dict[int, Answer]()
        for place, metric in enumerate(metrics):
            rolled = self._rolled([metric], [period], (), filters, clustered=True)
            if rolled is not None:
                answer = summed.cells_each(rolled, metric, [()], period, filters, clustered=True)[0]
                found[place] = replace(answer, rows=answer.rows[[*clusters, *SUMS]])
        left = [metric for place, metric in enumerate(metrics) if place not in found]
        others = summed.cells_beside(self._of(left, period), left, period, filters) if left or not metrics else []
        rest = iter(others)
        return [found[place] if place in found else next(rest) for place in range(len(metrics))]

    def values(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter],
        *, clustered: bool = True, width: float | None = None,
    ) -> Answer:  # fmt: skip
        """Answers by the combinations of `by`, the model's cluster (where it has one) and the raw value.

        Columns: `by` (text or None), `cluster`, x (raw value; 0 or 1 of a rate) and `cells.SUMS`. A metric keeps
        every value. The values of a driver are rounded to multiples of the answer's `width` when there are more than
        about a thousand of them; the sums wx, vx, vxx stay exact. Give `width` to round two answers alike.
        """
        filters = tuple(filters)
        contacts = self._for([metric], [period], by, filters, clustered=clustered, valued=True)
        return values.values(contacts, metric, by, period, filters, clustered=clustered, width=width)

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
        filters = tuple(filters)
        periods = [period for change in changes for period in change]
        contacts = self._for([metric], periods, by, filters, halved=halves)
        return change_cells(contacts, metric, by, changes, filters, halves=halves)

    def coverage(
        self, metric: str, period: Period | None, filters: Iterable[Filter], *, rates: Sequence[str] = ()
    ) -> Coverage:
        """How many contacts, invitations, valid answers, exempted ratings and values off the scale there are.

        With the mean raw values of other metrics, `rates`.
        """
        filters = tuple(filters)
        contacts = self._for([metric, *rates], [period], (), filters, valued=True)
        return coverage.coverage(contacts, metric, period, filters, rates)

    def population_by(
        self, metric: str, by: Sequence[str], period: Period | None, filters: Iterable[Filter]
    ) -> Answer:
        """`Coverage.population` by the combinations of `by`: its columns, then `population`."""
        filters = tuple(filters)
        contacts = self._for([metric], [period], by, filters, valued=True)
        return coverage.population_by(contacts, metric, by, period, filters)

    def answers(self, metric: str, period: Period | None, alternatives: Sequence[Iterable[Filter]]) -> list[int]:
        """How many valid answers each of several sets of filters lets through, in one pass over the data."""
        alternatives = [tuple(filters) for filters in alternatives]
        contacts = self._for([metric], [period], (), _all(alternatives), valued=True)
        return coverage.answers_each(contacts, metric, period, alternatives)

    def contacts(self, period: Period | None, alternatives: Sequence[Iterable[Filter]]) -> list[int]:
        """The same of all contacts, answered or not."""
        alternatives = [tuple(filters) for filters in alternatives]
        contacts = self._for([], [period], (), _all(alternatives))
        return coverage.contacts_each(contacts, period, alternatives)

    def shared(self, metric: str, period: Period | None, groups: Sequence[Iterable[Filter]]) -> Floats:
        """(groups, groups) how many valid answers any two sets of filters both let through."""
        groups = [tuple(filters) for filters in groups]
        contacts = self._for([metric], [period], (), _all(groups), valued=True)
        return coverage.answers_shared(contacts, metric, period, groups)

    def members(self, dimension: str) -> list[str | None]:
        """Values of a dimension, most frequent first; its own order first where it has one."""
        return members.members(self._for([], [None], [dimension], ()), dimension)

    def contacts_by_day(self, by: Sequence[str], period: Period | None, filters: Iterable[Filter]) -> Answer:
        """All contacts of a period, by the combinations of `by` and by day: `contacts`."""
        filters = tuple(filters)
        return bots.everybody(self._for([], [period], [*by, "day"], filters), by, period, filters)

    def _for(
        self, metrics: Sequence[str], periods: Periods, by: Iterable[str], filters: Iterable[Filter],
        *, clustered: bool = False, valued: bool = False, halved: bool = False,
    ) -> Contacts:  # fmt: skip
        """The rows of a rollup that answers exactly, else the contacts themselves; `by` with all that is cut by."""
        rolled = self._rolled(metrics, periods, by, filters, clustered=clustered, valued=valued, halved=halved)
        return self._of(metrics, *periods) if rolled is None else rolled

    def _rolled(
        self, metrics: Sequence[str], periods: Periods, by: Iterable[str], filters: Iterable[Filter],
        *, clustered: bool = False, valued: bool = False, halved: bool = False,
    ) -> RolledContacts | None:  # fmt: skip
        if self._rollups is None or not self._rollups.kept():
            return None
        clusters = [self.model.cluster] if clustered and self.model.cluster else []
        named = (*by, *(part.dimension for part in (*filters, *self.scope)), *clusters)
        needs = Needs(metrics=tuple(metrics), dimensions=frozenset(named), periods=tuple(periods), valued=valued,
                      halved=halved)  # fmt: skip
        return self._rollups.find(needs, self.scope, self.whole_version)

    def _parted(
        self, metric: str, cuts: Sequence[Sequence[str]], periods: Periods, filters: Sequence[Filter],
        clustered: bool, valued: bool,
    ) -> list[tuple[Contacts, list[int]]]:  # fmt: skip
        """Which cuts are asked of which rows, each of the fewest: places of cuts. All of the contacts in one pass."""
        if self._rollups is None or not self._rollups.kept():
            return [(self._of([metric], *periods), list(range(len(cuts))))]
        parted: dict[str, tuple[Contacts, list[int]]] = {}
        for place, cut in enumerate(cuts):
            rolled = self._rolled([metric], periods, cut, filters, clustered=clustered, valued=valued)
            name = "" if rolled is None else rolled.view.name
            if name not in parted:
                parted[name] = (self._of([metric], *periods) if rolled is None else rolled, [])
            parted[name][1].append(place)
        return list(parted.values())

    def _has_reason(self, path: Sequence[Filter]) -> bool:
        """Whether a step goes to a reason, which only answers that lost points have."""
        return any(isinstance(self.model.dimension(part.dimension), Reason) for part in path)


def _all(alternatives: Iterable[Iterable[Filter]]) -> list[Filter]:
    return [part for filters in alternatives for part in filters]

"""All the evidence on why a path is low, gathered once for both gaps and cause types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.diagnosis.comparator import (
    PathComparison,
    PathScope,
    comparison_of_loss,
    comparisons_of,
    nearest_siblings,
)
from analysis.diagnosis.exposure import Exposure, exposure
from analysis.diagnosis.prediction_interval import PredictionInterval, prediction_interval
from analysis.diagnosis.reasons import ReasonProfile, reason_profile
from analysis.diagnosis.rules import Rules, rules
from analysis.diagnosis.standards import Standards, standards
from analysis.diagnosis.unit_comparison import UnitComparison, compare_units, p_against_peers
from analysis.stats.intervals import SIGNIFICANCE
from data_access.selection import Filter, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

UNIFORM = 0.5  # of the loss must be left without the worst quarter of the units


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All the evidence on a path. `loss`: the comparison that shows the loss, None where none is significant.

    units: the units inside the path, or the peers of the units that the path names.
    """

    scope: PathScope
    path: tuple[Filter, ...]
    comparisons: tuple[PathComparison, ...]
    expected: PredictionInterval
    loss: PathComparison | None
    siblings: PathComparison | None
    units: UnitComparison | None
    peers_p: float
    standards: Standards | None
    rules: Rules
    exposure: Exposure | None
    reasons: ReasonProfile

    @property
    def names_units(self) -> bool:
        """Whether the path itself names a unit."""
        return bool(self.loss and self.loss.kind == "level" and self.loss.dimension in self.scope.unit_names)

    @property
    def within_range(self) -> bool:
        """Whether the path's score lies within the range of the periods before."""
        return is_within_expected_range(self.comparisons, self.expected)

    @cached_property
    def few(self) -> tuple[str, ...]:
        """The units that carry the loss, where they are few."""
        if self.loss is None:
            return ()
        if self.names_units:
            own, other = (float(rows["w"].sum()) for rows in (self.loss.rows, self.loss.others))
            few = own <= (own + other) / 3 and self.peers_p < SIGNIFICANCE
            return tuple(sorted(map(str, self.loss.rows["unit"].unique()))) if few else ()
        return self.units.few if self.units else ()

    @property
    def uniform(self) -> bool:
        """Whether nearly all units share the loss: without the worst quarter at least half is left, significantly."""
        if self.loss is None or self.names_units or self.units is None or self.few:
            return False
        rest = self.units.rest
        return bool(
            rest.p < SIGNIFICANCE and self.scope.is_worse(rest.value) and rest.value / self.units.whole >= UNIFORM
        )

    @property
    def missed(self) -> str:
        """The missed standard that explains the loss, "" for none."""
        standard = self.standards.missed if self.standards else None
        return "" if standard is None else str(standard["driver"])

    @property
    def sql(self) -> tuple[str, ...]:
        parts = [
            *(q for r in self.comparisons for q in r.sql),
            *self.expected.sql,
            *self.rules.sql,
            *self.reasons.sql,
        ]
        parts += [*(self.standards.sql if self.standards else ()), *(self.exposure.sql if self.exposure else ())]
        return tuple(dict.fromkeys(parts))


def is_within_expected_range(comparisons: Sequence[PathComparison], expected: PredictionInterval) -> bool:
    score = comparisons[0].score if comparisons else float("nan")
    return expected.interval.low <= score <= expected.interval.high


def examine(warehouse: Warehouse, selection: Selection, path: Sequence[Filter]) -> Evidence:
    """All the evidence on a path. Raises NothingToShow when it has no answers, BadInput for unknown names."""
    scope = PathScope.of(warehouse, selection, path)
    if not warehouse.cells(selection.metric, (), scope.own.period, scope.own.filters).rows["n"].sum():
        raise NothingToShow("selection.empty_period", period=selection.period)
    comparisons, expected = tuple(comparisons_of(scope)), prediction_interval(scope)
    loss = comparison_of_loss(scope, comparisons, within_range=is_within_expected_range(comparisons, expected))
    siblings, names_units = nearest_siblings(scope, comparisons), _names_units(scope, loss)
    units = _units(scope, loss, names_units=names_units)
    other = loss or siblings
    return Evidence(
        scope=scope,
        path=tuple(path),
        comparisons=comparisons,
        expected=expected,
        loss=loss,
        siblings=siblings,
        units=units,
        peers_p=p_against_peers(loss.standardised, units) if loss and names_units else float("nan"),
        standards=standards(scope, loss) if loss else None,
        rules=rules(scope, siblings.other if siblings else None),
        exposure=exposure(scope),
        reasons=reason_profile(warehouse, scope.own, other.other if other else None, path),
    )


def _names_units(scope: PathScope, loss: PathComparison | None) -> bool:
    return bool(loss and loss.kind == "level" and loss.dimension in scope.unit_names)


def _units(scope: PathScope, loss: PathComparison | None, *, names_units: bool) -> UnitComparison | None:
    """The units of the path; where it names them itself, their peers that do the same work."""
    if loss is None:
        return None
    if names_units:
        peers = loss.others[loss.others["stratum"].isin(loss.rows["stratum"])]
        return compare_units(peers, peers, scope.sign)
    return compare_units(loss.rows, loss.others, scope.sign, own=loss.kind == "change")

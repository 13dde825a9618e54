"""What is a path compared with? Itself in the baseline, or its nearest siblings now.

The siblings along a step are the contacts that pass every other step. A path that is truly low scores below its
siblings along each of its steps, so the nearest siblings decide: no step is blamed for the level of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.diagnosis.standardised_gap import StandardisedGap, gap
from analysis.diagnosis.strata import Sample, family, sums
from analysis.diagnosis.unit_comparison import compare_units
from analysis.estimate import SUMS, residual_squares, scaled
from analysis.stats.intervals import SIGNIFICANCE
from analysis.trace.path import without_reasons
from data_access.metrics import Metric
from data_access.selection import Filter, Selection
from data_access.warehouse import Warehouse

LEAST = 30  # answers in either sample
MOST_STRATA = 200
LEAST_VARIANCE_SHARE = 0.002  # share of the variance between members from which a dimension is standardised over
DECIDES = (
    0.3  # a dimension that explains so much of the score follows from it: agents are blank where nobody answered
)
ONE_UNIT = 0.98  # of a member's answers in one unit: the member is that unit by another name
MOST_VALUES = 2_000


@dataclass(frozen=True)
class PathScope:
    """A path inside a selection: its steps without reasons, and the dimensions whose members are units."""

    warehouse: Warehouse
    selection: Selection
    path: tuple[Filter, ...]
    unit_names: frozenset[str]

    @classmethod
    def of(cls, warehouse: Warehouse, selection: Selection, path: Sequence[Filter]) -> PathScope:
        """The scope of a path, without its reasons. Raises BadInput for an unknown metric or dimension."""
        warehouse.model.metric(selection.metric)
        steps = without_reasons(warehouse.model, path)
        return cls(warehouse, selection, steps, _unit_names(warehouse, selection))

    @property
    def metric(self) -> Metric:
        return self.warehouse.model.metric(self.selection.metric)

    @property
    def sign(self) -> float:
        """-1 where a low value is good: multiplied by it, worse is negative."""
        return self.metric.sign

    @property
    def smallest(self) -> float:
        """The smallest difference that matters."""
        return self.metric.kind.smallest

    def is_worse(self, difference: float) -> bool:
        """Whether a difference is one for the worse and as large as matters."""
        return bool(self.sign * difference <= -self.smallest)

    @property
    def own(self) -> Sample:
        """The contacts of the path in the period."""
        return Sample(self.selection.within(self.path), self.selection.period)

    @property
    def unit_steps(self) -> tuple[str, ...]:
        return tuple(step.dimension for step in self.path if step.dimension in self.unit_names)


@dataclass(frozen=True, kw_only=True)
class PathComparison:
    """One comparison of a path. kind: change (with itself before) or level (with its siblings along `dimension`)."""

    kind: str
    dimension: str
    own: Sample
    other: Sample
    strata: tuple[str, ...]
    rows: pd.DataFrame
    others: pd.DataFrame
    crude: StandardisedGap
    standardised: StandardisedGap  # at the mix of the path
    sql: tuple[str, ...]

    @property
    def score(self) -> float:
        """The path's own score."""
        return float(self.rows["wx"].sum() / self.rows["w"].sum())

    def is_sure(self, scope: PathScope) -> bool:
        """Significantly worse at the same mix, by what matters; one of two comparisons, hence half the level."""
        return scope.is_worse(self.standardised.value) and self.standardised.p < SIGNIFICANCE / 2


def comparisons_of(scope: PathScope) -> list[PathComparison]:
    """All comparisons with at least thirty answers in both samples: the change first, then one for each step."""
    comparisons: list[PathComparison | None] = (
        [_change(scope)] if scope.selection.baseline and scope.selection.period else []
    )
    comparisons += [_level(scope, names) for names in _steps(scope)]
    return [r for r in comparisons if r is not None and min(r.crude.n, r.crude.n_other) >= LEAST]


def comparison_of_loss(
    scope: PathScope, comparisons: Sequence[PathComparison], *, within_range: bool
) -> PathComparison | None:
    """The comparison that shows the loss: of the change and the nearest siblings, the larger significant one.

    ordinary: the score lies within its expected range, so that its change is no loss to explain.
    """
    level = nearest_siblings(scope, comparisons)
    changes = [r for r in comparisons if r.kind == "change" and not within_range]
    candidates = (_by_few(scope, r) for r in (*changes, level) if r)
    sure = [r for r in candidates if r.is_sure(scope)]
    return min(sure, key=lambda r: scope.sign * r.standardised.value, default=None)


def _by_few(scope: PathScope, comparison: PathComparison) -> PathComparison:
    """A loss that few units significantly carry is real even if other units do not show it: errors of single answers.

    Errors between units would hide it: two of sixteen teams never make a significant loss for the average team.
    """
    if comparison.is_sure(scope):
        return comparison
    alone = gap(*(rows.assign(unit="") for rows in (comparison.rows, comparison.others)))
    sure = replace(comparison, standardised=alone)
    units = compare_units(comparison.rows, comparison.others, scope.sign, own=comparison.kind == "change")
    return sure if units and units.few and sure.is_sure(scope) else comparison


def nearest_siblings(scope: PathScope, comparisons: Sequence[PathComparison]) -> PathComparison | None:
    """The comparison with the siblings that score closest above the path."""
    levels = [r for r in comparisons if r.kind == "level" and r.standardised.known]
    return max(levels, key=lambda r: scope.sign * r.standardised.value, default=None)


def _change(scope: PathScope) -> PathComparison:
    own, other = scope.own, Sample(scope.own.selection, scope.selection.baseline)
    return _compared(scope, "change", "", own=own, other=other, names=())


def _steps(scope: PathScope) -> list[tuple[str, ...]]:
    """Steps along which there are siblings; those that name units form one, and so do a parent and its child."""
    model, units = scope.warehouse.model, scope.unit_steps
    names = [step.dimension for step in scope.path]
    above = {n for n in names for other in names if other != n and n in model.ancestors(other)}
    single = [(n,) for n in names if n not in units and n not in above]
    assert all(n in model.cuts for n in names), "the path has been checked"
    return [*([units] if units else []), *single]


def _level(scope: PathScope, names: tuple[str, ...]) -> PathComparison | None:
    """The path compared with the contacts that pass all steps but these."""
    mine = next(step for step in scope.path if step.dimension == names[-1])
    members = scope.warehouse.members(names[-1])
    rest = tuple(m for m in members if m not in mine.values)
    if not rest or len(members) >= MOST_VALUES:
        return None
    kept = [step for step in scope.path if step.dimension not in names]
    other = Sample(scope.selection.within([*kept, Filter(names[-1], rest)]), scope.selection.period)
    return _compared(scope, "level", names[-1], own=scope.own, other=other, names=names)


def _compared(
    scope: PathScope, kind: str, dimension: str, *, own: Sample, other: Sample, names: tuple[str, ...]
) -> PathComparison:
    excluded = frozenset(n for name in names for n in family(scope.warehouse.model, name))
    strata, sql = strata_of(scope, other, excluded)
    (rows, q0), (others, q1) = (sums(scope.warehouse, scope.metric.name, side, strata) for side in (own, other))
    crude = gap(*(frame.assign(stratum="") for frame in (rows, others)))
    return PathComparison(
        kind=kind,
        dimension=dimension,
        own=own,
        other=other,
        strata=strata,
        rows=rows,
        others=others,
        crude=crude,
        standardised=gap(rows, others),
        sql=(*sql, q0, q1),
    )


def strata_of(scope: PathScope, side: Sample, excluded: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The one or two dimensions most associated with the score, to standardise over; none that names a unit."""
    model, kept = scope.warehouse.model, list[tuple[str, float, int]]()
    fixed = {f.dimension for f in side.filters if len(f.values) == 1}
    out = excluded | scope.unit_names | fixed
    names = [n for n, d in model.dimensions.items() if not d.overlaps and n not in out]
    if not names:
        return (), ()
    answers = scope.warehouse.cells_each(scope.metric.name, [[n] for n in names], side.period, side.filters)
    for name, answer in zip(names, answers, strict=True):
        share, members = _between(scaled(answer.rows, scope.metric))
        if LEAST_VARIANCE_SHARE <= share < DECIDES and members <= MOST_STRATA:
            kept.append((name, share, members))
    kept.sort(key=lambda each: -each[1])
    selected = kept[:1]
    for name, share, members in kept[1:]:
        if name not in family(model, selected[0][0]) and selected[0][2] * members <= MOST_STRATA:
            selected.append((name, share, members))
            break
    return tuple(name for name, _, _ in selected), (answers[0].sql,)


def _between(rows: pd.DataFrame) -> tuple[float, int]:
    """Share of the variance between members, adjusted for chance (adjusted R2), and their number."""
    n, total = rows["n"].sum(), rows[list(SUMS)].sum()
    k, mean = len(rows), total["wx"] / total["w"] if total["w"] else np.nan
    whole = residual_squares(total, mean)
    between = float((rows["w"] * (rows["wx"] / rows["w"] - mean) ** 2).sum()) * float(total["v"] / total["w"])
    if not whole > 0 or n <= k or k < 2:
        return 0.0, k
    return float(1 - (1 - between / whole) * (n - 1) / (n - k)), k


def _unit_names(warehouse: Warehouse, selection: Selection) -> frozenset[str]:
    """Dimensions whose members are units by another name: nearly all answers of a member come from one unit."""
    model = warehouse.model
    if model.cluster is None:
        return frozenset()
    names = [n for n, d in model.dimensions.items() if not d.overlaps and n != model.cluster]
    cuts = warehouse.cells_each(selection.metric, [[n] for n in names], selection.period, selection.filters,
                                clustered=True) if names else []  # fmt: skip
    units = {n for n, answer in zip(names, cuts, strict=True) if _is_unit(answer.rows, n)}
    return frozenset({model.cluster, *units})


def _is_unit(rows: pd.DataFrame, name: str) -> bool:
    known = rows[rows[name].notna()]
    if known[name].nunique() < 2:
        return False
    in_units = known[known["cluster"].notna() & (known["cluster"] != "")]  # those of no unit do not come from one
    pairs = in_units.groupby([name, "cluster"])["n"].sum()
    return bool(pairs.groupby(level=0).max().sum() >= ONE_UNIT * known["n"].sum())

"""What is a path held against? Itself in the baseline, or its nearest siblings now.

The siblings along a step are the contacts that pass every other step. A path that is truly low is behind its
siblings along each of its steps, so of those it can be compared with the nearest count: no step is blamed for the
level of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.diagnosis.sides import Side, family, sums, without_reasons
from analysis.diagnosis.standardised_gap import Gap, gap
from analysis.diagnosis.units import spread
from analysis.estimate import SUMS, scaled
from data_access.selection import Filter, Selection
from data_access.semantics import Metric
from data_access.warehouse import Warehouse

SMALLEST = 1.0  # points or percentage points: the smallest effect that matters
SURE = 0.05
LEAST = 30  # answers of either side
MOST_STRATA = 200
MATTERS = 0.002  # share of the variance between members from which a dimension is worth holding alike
DECIDES = 0.3  # a dimension that tells so much of the score was made by it: agents are blank where nobody answered
ONE_UNIT = 0.98  # of a member's answers in one unit: the member is that unit by another name
MOST_VALUES = 2_000


@dataclass(frozen=True)
class Ground:
    """A path inside a selection: its dimensions, the steps that name units, and who may be compared."""

    warehouse: Warehouse
    selection: Selection
    path: tuple[Filter, ...]
    unit_names: frozenset[str]

    @classmethod
    def of(cls, warehouse: Warehouse, selection: Selection, path: Sequence[Filter]) -> Ground:
        """Reasons are set aside. Raises BadInput for a metric or dimension that the model does not know."""
        warehouse.model.metric(selection.metric)
        steps = without_reasons(warehouse.model, path)
        return cls(warehouse, selection, steps, _unit_names(warehouse, selection))

    @property
    def metric(self) -> Metric:
        return self.warehouse.model.metric(self.selection.metric)

    @property
    def sign(self) -> float:
        """-1 where a low value is good: times this, worse is below 0."""
        return 1.0 if self.metric.better == "high" else -1.0

    @property
    def own(self) -> Side:
        """The contacts of the path in the period."""
        return Side(self.selection.within(self.path), self.selection.period)

    @property
    def unit_steps(self) -> tuple[str, ...]:
        return tuple(step.dimension for step in self.path if step.dimension in self.unit_names)


@dataclass(frozen=True)
class Reference:
    """One comparison of a path. kind: change (with itself before) or level (with its siblings along `dimension`)."""

    kind: str
    dimension: str
    own: Side
    other: Side
    strata: tuple[str, ...]
    rows: pd.DataFrame
    others: pd.DataFrame
    crude: Gap
    held: Gap  # at the mix of the path
    sql: tuple[str, ...]

    @property
    def score(self) -> float:
        """The path's own score."""
        return float(self.rows["wx"].sum() / self.rows["w"].sum())

    def is_sure(self, sign: float) -> bool:
        """Worse at the same mix, by what matters, beyond chance: one of two questions asked, hence half the level."""
        return bool(sign * self.held.value <= -SMALLEST and self.held.p < SURE / 2)


def references(ground: Ground) -> list[Reference]:
    """All comparisons with at least thirty answers on both sides: the change first, then one for each step."""
    found: list[Reference | None] = [_change(ground)] if ground.selection.baseline and ground.selection.period else []
    found += [_level(ground, names) for names in _steps(ground)]
    return [r for r in found if r is not None and min(r.crude.n, r.crude.n_other) >= LEAST]


def chosen(ground: Ground, found: Sequence[Reference], *, ordinary: bool) -> Reference | None:
    """The comparison that shows the loss: of the change and the nearest siblings the larger that is sure.

    ordinary: the score lies in its usual range, so that its change is no loss to explain.
    """
    level = nearest(ground, found)
    changes = [r for r in found if r.kind == "change" and not ordinary]
    asked = (_by_few(ground, r) for r in (*changes, level) if r)
    sure = [r for r in asked if r.is_sure(ground.sign)]
    return min(sure, key=lambda r: ground.sign * r.held.value, default=None)


def _by_few(ground: Ground, reference: Reference) -> Reference:
    """A loss that few units surely carry is real, though other units would not show it: by errors of these answers.

    The spread between all units would hide it: two of sixteen teams never make a loss that is sure for any team.
    """
    if reference.is_sure(ground.sign):
        return reference
    alone = gap(*(rows.assign(unit="") for rows in (reference.rows, reference.others)))
    sure = replace(reference, held=alone)
    units = spread(reference.rows, reference.others, ground.sign, own=reference.kind == "change")
    return sure if units and units.few and sure.is_sure(ground.sign) else reference


def nearest(ground: Ground, found: Sequence[Reference]) -> Reference | None:
    """The siblings that the path is least behind."""
    levels = [r for r in found if r.kind == "level" and r.held.known]
    return max(levels, key=lambda r: ground.sign * r.held.value, default=None)


def _change(ground: Ground) -> Reference:
    own, other = ground.own, Side(ground.own.selection, ground.selection.baseline)
    return _compared(ground, "change", "", own, other, ())


def _steps(ground: Ground) -> list[tuple[str, ...]]:
    """Steps along which there are siblings; those that name units go together, a parent goes with its child."""
    model, units = ground.warehouse.model, ground.unit_steps
    names = [step.dimension for step in ground.path]
    above = {n for n in names for other in names if other != n and n in _above(ground, other)}
    single = [(n,) for n in names if n not in units and n not in above]
    assert all(n in model.cuts for n in names), "the path has been checked"
    return [*([units] if units else []), *single]


def _above(ground: Ground, name: str) -> set[str]:
    model, found = ground.warehouse.model, set[str]()
    above = model.dimension(name).under
    while above and above not in found and above in model.cuts:
        found.add(above)
        above = model.dimension(above).under
    return found


def _level(ground: Ground, names: tuple[str, ...]) -> Reference | None:
    """The path held against what passes all steps but these."""
    mine = next(step for step in ground.path if step.dimension == names[-1])
    members = ground.warehouse.members(names[-1])
    rest = tuple(m for m in members if m not in mine.values)
    if not rest or len(members) >= MOST_VALUES:
        return None
    kept = [step for step in ground.path if step.dimension not in names]
    other = Side(ground.selection.within([*kept, Filter(names[-1], rest)]), ground.selection.period)
    return _compared(ground, "level", names[-1], ground.own, other, names)


def _compared(ground: Ground, kind: str, dimension: str, own: Side, other: Side, names: tuple[str, ...]) -> Reference:
    excluded = frozenset(n for name in names for n in family(ground.warehouse.model, name))
    strata, sql = strata_of(ground, other, excluded)
    (rows, q0), (others, q1) = (sums(ground.warehouse, ground.metric.name, side, strata) for side in (own, other))
    crude = gap(*(frame.assign(stratum="") for frame in (rows, others)))
    return Reference(kind, dimension, own, other, strata, rows, others, crude, gap(rows, others), (*sql, q0, q1))


def strata_of(ground: Ground, side: Side, excluded: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The one or two dimensions that go most with the score: what is held alike. None that names a unit."""
    model, kept = ground.warehouse.model, list[tuple[str, float, int]]()
    fixed = {f.dimension for f in side.filters if len(f.values) == 1}
    out = excluded | ground.unit_names | fixed
    names = [n for n, d in model.dimensions.items() if not d.overlaps and n not in out]
    if not names:
        return (), ()
    answers = ground.warehouse.cells_each(ground.metric.name, [[n] for n in names], side.period, side.filters)
    for name, answer in zip(names, answers, strict=True):
        share, members = _between(scaled(answer.rows, ground.metric))
        if MATTERS <= share < DECIDES and members <= MOST_STRATA:
            kept.append((name, share, members))
    kept.sort(key=lambda each: -each[1])
    found = kept[:1]
    for name, share, members in kept[1:]:
        if name not in family(model, found[0][0]) and found[0][2] * members <= MOST_STRATA:
            found.append((name, share, members))
            break
    return tuple(name for name, _, _ in found), (answers[0].sql,)


def _between(rows: pd.DataFrame) -> tuple[float, int]:
    """Share of the variance between members beyond what luck puts there (adjusted R2), and their number."""
    n, total = rows["n"].sum(), rows[list(SUMS)].sum()
    k, mean = len(rows), total["wx"] / total["w"] if total["w"] else np.nan
    whole = total["vxx"] - 2 * mean * total["vx"] + mean**2 * total["v"]
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
    found = {n for n, answer in zip(names, cuts, strict=True) if _is_unit(answer.rows, n)}
    return frozenset({model.cluster, *found})


def _is_unit(rows: pd.DataFrame, name: str) -> bool:
    known = rows[rows[name].notna()]
    if known[name].nunique() < 2:
        return False
    pairs = known.groupby([name, known["cluster"].fillna("")])["n"].sum()
    return bool(pairs.groupby(level=0).max().sum() >= ONE_UNIT * pairs.sum())

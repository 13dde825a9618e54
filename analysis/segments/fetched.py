"""What is a search asked: its dimensions, those that are never combined, and answers in both periods."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from data_access.columns import dividing
from data_access.selection import Selection
from data_access.semantics import Reason, SemanticModel
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.change_cells import Change, ChangeCells

DEEPEST = 5


def dimensions(model: SemanticModel, selection: Selection, by: Sequence[str], depth: int) -> tuple[str, ...]:
    """Those of `by`, or all that do not overlap and are not filtered to one value."""
    if not 1 <= depth <= DEEPEST:
        raise BadInput("segments.bad_depth", depth=depth, most=DEEPEST)
    if by:
        return tuple(dividing(model.dimension(name)).name for name in dict.fromkeys(by))
    free = (d for d in model.dimensions.values() if not isinstance(d, Reason) and not d.overlaps)
    names = tuple(d.name for d in free if len(selection.values_of(d.name) or (0, 0)) > 1)
    if not names:
        raise BadInput("segments.no_dimension")
    return names


def check_answers(cells: ChangeCells, change: Change) -> None:
    """Raises NothingToShow for an empty period."""
    for side, period in enumerate(change):
        if not cells.n[:, side].sum() > 0:
            raise NothingToShow("selection.empty_period", period=period)


def kish_by_period(warehouse: Warehouse, selection: Selection) -> tuple[float, float]:
    """Kish's effective number of answers per answer, of either period; 1 without survey weights."""
    if warehouse.model.weight is None or warehouse.model.weight.kind != "survey":
        return 1.0, 1.0
    periods = (selection.baseline, selection.period)
    sums = [warehouse.cells(selection.metric, (), p, selection.filters).rows.iloc[0] for p in periods]
    before, now = (float(s["w"] ** 2 / (s["n"] * s["v"])) for s in sums)
    return before, now


def nested_pairs(model: SemanticModel, names: Sequence[str]) -> frozenset[tuple[int, int]]:
    """Pairs of dimensions of which one lies under the other: their conjunction is just the lower one."""
    above = {name: model.ancestors(name) for name in names}
    pairs = combinations(range(len(names)), 2)
    return frozenset((i, j) for i, j in pairs if names[i] in above[names[j]] or names[j] in above[names[i]])

"""A path of filters: whether it is valid, and the answers that each step keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.estimate import Cells, scaled, with_lost
from analysis.step_names import Path
from data_access.selection import Filter, Period, Selection
from data_access.semantics import Reason, SemanticModel
from data_access.statement import BadInput
from data_access.warehouse import Warehouse


def checked(warehouse: Warehouse, path: Iterable[Filter]) -> Path:
    """The path, if the model knows all its dimensions. Raises BadInput, also for a step without a value."""
    path = tuple(path)
    for step in path:
        warehouse.model.dimension(step.dimension)
        if not step.values:
            raise BadInput("trace.no_value", dimension=step.dimension)
    return path


def merged(path: Iterable[Filter]) -> Path:
    """The same answers with each dimension in one step: values that all of its steps name, else those of the last.

    >>> merged((Filter("team", ("a", "b")), Filter("tier", ("vip",)), Filter("team", ("b", "c"))))
    (Filter(dimension='team', values=('b',)), Filter(dimension='tier', values=('vip',)))
    """
    steps: dict[str, Filter] = {}
    for step in path:
        earlier = steps.get(step.dimension, step).values
        both = tuple(value for value in earlier if value in step.values)
        steps[step.dimension] = Filter(step.dimension, both or step.values)
    return tuple(steps.values())


def ordered(model: SemanticModel, path: Iterable[Filter]) -> Path:
    """The path as one can be walked: no dimension twice, none above another below that. Raises BadInput as `checked`.

    A step moves up only as far as it must.
    """
    walked: list[Filter] = []
    for step in merged(path):
        below = (place for place, other in enumerate(walked) if step.dimension in model.ancestors(other.dimension))
        walked.insert(next(below, len(walked)), step)
    return tuple(walked)


def is_reason(model: SemanticModel, step: Filter) -> bool:
    return isinstance(model.dimension(step.dimension), Reason)


def without_reasons(model: SemanticModel, path: Sequence[Filter]) -> Path:
    """The steps that say where: only losses have reasons, so that these divide no answers.

    Raises BadInput for a dimension that the model does not know.
    """
    return tuple(step for step in path if not is_reason(model, step))


def reason_steps(model: SemanticModel, path: Sequence[Filter]) -> Path:
    """The steps that name reasons. Raises BadInput for a dimension that the model does not know."""
    return tuple(step for step in path if is_reason(model, step))


def before_reasons(model: SemanticModel, path: Path) -> int:
    """The number of steps before the first reason."""
    return next((i for i, step in enumerate(path) if is_reason(model, step)), len(path))


def plain(path: Iterable[Filter]) -> list[list[object]]:
    """The path in JSON's own types: [[dimension, [value, ..]], ..]."""
    return [[step.dimension, list(step.values)] for step in path]


def ask_along(
    warehouse: Warehouse,
    selection: Selection,
    path: Path,
    cuts: Sequence[Sequence[str]],
    period: Period | None,
    *,
    lost_only: bool = False,
) -> list[Cells]:
    """Cells of the selection for several cuts in one query, with the steps of the path (step0, step1 ..) and losses.

    `lost` is the sum of weight times distance from the best value, `lost2` of its squares, before any reason.
    """
    metric = warehouse.model.metric(selection.metric)
    answers = warehouse.cells_each(
        metric.name, cuts, period, selection.filters, clustered=True, lost_only=lost_only, path=path
    )
    return [
        Cells(with_lost(scaled(_cut(a.rows, by, path), metric), metric), a.sql, metric)
        for by, a in zip(cuts, answers, strict=True)
    ]


def _cut(rows: pd.DataFrame, by: Sequence[str], path: Path) -> pd.DataFrame:
    """Cells with their segment, and with step0 even for an empty path."""
    segments = list(zip(*(rows[name] for name in by), strict=True)) if by else [()] * len(rows)
    rows = rows.assign(segment=pd.Series(segments, index=rows.index, dtype=object))
    return rows if path else rows.assign(step0=1.0)


def within(rows: pd.DataFrame, step: int) -> pd.DataFrame:
    """The cells in a step, with the part of their losses that the step takes."""
    inside = rows[rows[f"step{step}"] > 0]
    part = inside[f"step{step}"]
    return inside.assign(lost=inside["lost"] * part, lost2=inside["lost2"] * part**2)

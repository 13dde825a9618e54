"""Which columns stand in the matrix: those named, those of a preset, or what the model has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.columns import column_of
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput

MOST_COLUMNS = 30


@dataclass(frozen=True)
class Asked:
    """Columns of the matrix, the dimension whose members are the unit ("" for contacts), and the selection.

    chosen: whether the columns were named; else those that cannot be told apart may be left out.
    """

    columns: tuple[str, ...]
    of: str
    selection: Selection
    chosen: bool


def asked_of(model: SemanticModel, selection: Selection, columns: Sequence[str], of: str, preset: str) -> Asked:
    """What is named comes before what the preset says; its filters narrow the selection. Raises BadInput."""
    found = model.preset(preset) if preset else None
    metric = model.metric(selection.metric).name
    named = tuple(dict.fromkeys(columns or (found.columns if found else ())))
    of = of or (found.of if found else "")
    if of and of not in model.cuts:
        model.dimension(of)  # raises, with the nearest name
    for name in (*named, *([of] if of else [])):
        column_of(model, name)
    if len(named) == 1:
        raise BadInput("association.one_column", name={"dimension": named[0]})
    if len(named) > MOST_COLUMNS:
        raise BadInput("association.too_many_columns", columns=len(named), most=MOST_COLUMNS)
    narrowed = selection.within(found.where) if found else selection
    return Asked(named or _default(model, metric), of, narrowed, bool(named))


def _default(model: SemanticModel, metric: str) -> tuple[str, ...]:
    """The metric, all drivers, and the dimensions whose members lie side by side, as many as can be shown."""
    plain = (n for n, d in model.dimensions.items() if not d.overlaps)
    return tuple(dict.fromkeys((metric, *model.drivers, *plain)))[:MOST_COLUMNS]

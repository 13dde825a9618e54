"""Which columns enter the matrix: those named, those of a preset, or the default of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.columns import column_of
from data_access.selection import Selection
from data_access.semantics import SemanticModel
from data_access.statement import BadInput

MOST_COLUMNS = 30


@dataclass(frozen=True)
class ColumnChoice:
    """Columns of the matrix, the dimension whose members are the unit ("" for contacts), and the selection.

    chosen: whether the columns were named; else those with too many members may be left out.
    """

    columns: tuple[str, ...]
    of: str
    selection: Selection
    chosen: bool


def column_choice(
    model: SemanticModel, selection: Selection, columns: Sequence[str], of: str, preset: str
) -> ColumnChoice:
    """Names given override the preset, whose filters narrow the selection. Raises BadInput for an unknown name."""
    known = model.preset(preset) if preset else None
    metric = model.metric(selection.metric).name
    named = tuple(dict.fromkeys(columns or (known.columns if known else ())))
    of = of or (known.of if known else "")
    if of and of not in model.cuts:
        model.dimension(of)  # raises, with the nearest name
    for name in (*named, *([of] if of else [])):
        column_of(model, name)
    if len(named) == 1:
        raise BadInput("association.one_column", name={"dimension": named[0]})
    if len(named) > MOST_COLUMNS:
        raise BadInput("association.too_many_columns", columns=len(named), most=MOST_COLUMNS)
    narrowed = selection.within(known.where) if known else selection
    return ColumnChoice(named or _default(model, metric), of, narrowed, bool(named))


def _default(model: SemanticModel, metric: str) -> tuple[str, ...]:
    """The metric, all drivers and the dimensions whose members do not overlap, up to the limit."""
    plain = (n for n, d in model.dimensions.items() if not d.overlaps)
    return tuple(dict.fromkeys((metric, *model.drivers, *plain)))[:MOST_COLUMNS]

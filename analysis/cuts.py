"""Which dimensions may segments be compared by? Those that divide the answers and were not made by the rating."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.semantics import Reason, SemanticModel
from data_access.statement import BadInput


def check_side_by_side(model: SemanticModel, by: Sequence[str]) -> None:
    """Every segment stands beside the others: no contact in two of them, and no reason, which only losses have."""
    for name in by:
        dimension = model.dimension(name)
        if isinstance(dimension, Reason):
            raise BadInput("cut.reason", name=name)
        if dimension.overlaps:
            raise BadInput("cut.overlap", name=name)

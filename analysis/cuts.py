"""Which dimensions may segments be compared by? Those that divide the answers and were not made by the rating."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.columns import dividing
from data_access.semantics import SemanticModel


def check_side_by_side(model: SemanticModel, by: Sequence[str]) -> None:
    """Every segment stands beside the others: no contact in two of them, and no reason, which only losses have."""
    for name in by:
        dividing(model.dimension(name))

"""Which dimensions can segments be compared by? Those that partition the answers and precede the rating."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.columns import dividing
from data_access.semantics import SemanticModel


def check_side_by_side(model: SemanticModel, by: Sequence[str]) -> None:
    """Refuse dimensions with overlapping segments, and reasons, which only losses have. Raises BadInput."""
    for name in by:
        dividing(model.dimension(name))

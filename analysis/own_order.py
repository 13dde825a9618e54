"""In which order do the members of a dimension stand? Days, hours and steps of a scale in their own."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data_access.semantics import Dimension


def has_own_order(dimensions: Sequence[Dimension]) -> bool:
    """Whether the segments of a cut have an order of their own."""
    return len(dimensions) == 1 and bool(dimensions[0].order or dimensions[0].built_in)


def in_own_order(table: pd.DataFrame, dimensions: Sequence[Dimension]) -> pd.DataFrame:
    """The rows in the order of their members, what was not recorded last; as they came where there is no order."""
    if not has_own_order(dimensions):
        return table
    placed = {value: i for i, value in enumerate(dimensions[0].order)}
    members = [segment[0] for segment in table["segment"]]
    order = sorted(range(len(table)), key=lambda i: _place(members[i], placed))
    return table.iloc[order].reset_index(drop=True)


def _place(value: str | None, placed: dict[str, int]) -> tuple[int, float, str]:
    """The sort key of a member: the model's order, else its number or text; the blank last."""
    text = value or ""
    number = float(text) if text.isdigit() else 0.0
    return (len(placed) + 1 if not text else placed.get(text, len(placed)), number, text)

"""Who is behind a blank? Nobody knows: it is counted like any member, but leads no headline, title or ranking."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def is_blank(members: Iterable[str | None]) -> bool:
    """Whether any member of a segment was not recorded.

    >>> is_blank(("mobile_5g", None)), is_blank(("mobile_5g",)), is_blank(())
    (True, False, False)
    """
    return any(member is None or member == "" for member in members)


def blanks(segments: Iterable[Iterable[str | None]]) -> np.ndarray:
    """Which segments have a member that was not recorded."""
    return np.array([is_blank(segment) for segment in segments], dtype=bool)


def set_apart(table: pd.DataFrame) -> pd.DataFrame:
    """The rows as they were ordered, what was not recorded below all others."""
    order = np.argsort(blanks(table["segment"]), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def recorded(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that can lead: those of members; where nothing was recorded, all of them."""
    known = table[~blanks(table["segment"])]
    return table if known.empty else known


def left_blank(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that are set apart, where there are others."""
    found = blanks(table["segment"])
    return table[found & (not found.all())]

"""How high is a table on this page?"""

from __future__ import annotations

from pages.frame.context import Frame

ROWS_SHOWN, ROW_PX, LARGE = 14, 35, 1.25


def height_of(rows: int, here: Frame) -> int:
    """Pixels of a table that shows its first rows whole; rows grow with large text."""
    return round(ROW_PX * (LARGE if here.large else 1) * (min(rows, ROWS_SHOWN) + 1)) + 3

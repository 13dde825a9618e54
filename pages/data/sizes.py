"""How high is a table on this page, and how wide are its columns?"""

from __future__ import annotations

from pages.frame.context import Frame

ROWS_SHOWN, ROW_PX, LARGE = 14, 35, 1.25


def height_of(rows: int, here: Frame) -> int:
    """Pixels of a table that shows its first rows whole; rows grow with large text."""
    return round(ROW_PX * (LARGE if here.large else 1) * (min(rows, ROWS_SHOWN) + 1)) + 3


def width_of(pixels: int, here: Frame) -> int:
    """The width of a column; its words grow with large text."""
    return round(pixels * (LARGE if here.large else 1))


def key_of(name: str, here: Frame) -> str:
    """The key of an editor, drawn anew when the size of text changes: it looks up its font only once."""
    return f"{name}.{'large' if here.large else 'normal'}"

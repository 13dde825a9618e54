"""How high is a table on this page, and how wide are its columns?"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.frame.context import Frame

ROWS_SHOWN, ROW_PX, LARGE = 14, 35, 1.25


def height_of(rows: int, here: Frame) -> int:
    """Pixels of a table that shows its first rows whole; rows grow with large text."""
    return round(ROW_PX * (LARGE if here.large else 1) * (min(rows, ROWS_SHOWN) + 1)) + 3


def width_of(pixels: int, here: Frame) -> int:
    """The width of a column; its words grow with large text."""
    return round(pixels * (LARGE if here.large else 1))


def place_of(here: Frame) -> DeltaGenerator:
    """Where a table is drawn, another place for each size of text: it keeps the letters it was first drawn with."""
    return st.container() if here.large else st.empty()


def key_of(name: str, here: Frame) -> str:
    """The key of an editor, drawn anew when the size of text changes: it looks up its font only once."""
    return f"{name}.{'large' if here.large else 'normal'}"

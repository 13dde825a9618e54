"""Draws one of the further tables of a result, below its chart and its main table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from analysis.result import Result
from pages.frame.context import Context
from pages.report.table_view import ABREAST, GREY, ROW_PX, ROWS_SHOWN, with_room
from pages.words import further_tables
from pages.words.columns import TEXT
from pages.words.markdown import escape_markdown

WORDY = ("checks", "alternatives", "beside", "tree", "survey")


def part(here: Context, result: Result, name: str, *, titled: bool = True, most: int = ROWS_SHOWN) -> None:
    """One of the further tables, its numbers to the right and few answers in grey; sentences have room to wrap.

    most: rows that are seen without scrolling.
    """
    if titled:
        st.markdown(f"## {further_tables.title(result, name, here.words)}")
    wraps = _wraps(here, name)
    frame = further_tables.presented(result, name, here.words if wraps else here.plain, depth=here.depth)
    if wraps:
        for titles in _abreast(here, result, name, list(frame.columns)):
            shown = frame.head(most)[titles]
            st.table(
                with_room(_styled(here, result, name, shown), shown, titles), border="horizontal", hide_index=True
            )
        if len(frame) > most:
            st.caption(here.text("table.more", count=len(frame) - most))
        return
    st.dataframe(
        _styled(here, result, name, frame),
        hide_index=True,
        height=ROW_PX * (min(len(frame), most) + 1) + 3,
        key=f"table.{result.method}.{name}",
        placeholder=here.text("format.none"),
    )


def _wraps(here: Context, name: str) -> bool:
    """Whether a table is drawn as text that wraps, and not upon a canvas."""
    return here.large or name in WORDY


def _abreast(here: Context, result: Result, name: str, titles: Sequence[str]) -> list[list[str]]:
    """The columns of each table of text: the names in all of them, of the others as many as there is room for."""
    if not here.large or name in WORDY:
        return [list(titles)]
    columns = further_tables.columns_of(result, name, here.depth)
    names = next((place for place, column in enumerate(columns) if column.spec != TEXT), len(columns))
    others = titles[names:]
    parts = [others[first : first + ABREAST] for first in range(0, len(others), ABREAST)]
    return [[*titles[:names], *part] for part in parts or [[]]]


def _styled(here: Context, result: Result, name: str, frame: pd.DataFrame) -> Styler:
    """Numbers as the screen writes them, rows of few answers in grey.

    Text tables read Markdown, where "> 0.99" would be a quotation.
    """
    escape = escape_markdown if _wraps(here, name) else str
    grey = further_tables.few(result, name)
    styled = frame.style.apply(lambda row: [GREY if grey[row.name] else ""] * len(row), axis=1)
    for title, texts in further_tables.written(result, name, here.plain, depth=here.depth).items():
        if title in frame:
            written = [escape(text) for text in texts[: len(frame)]]
            styled = styled.format(partial(_next, iter(written)), subset=[title])
    return styled


def _next(texts: Iterator[str], _: float) -> str:
    """The text of the next cell."""
    return next(texts)

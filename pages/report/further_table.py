"""Draws one of the further tables of a result, below its chart and its main table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

from analysis.result import Result
from pages.frame.context import Context
from pages.report.table_view import GREY, ROW_PX, ROWS_SHOWN
from pages.words import further_tables

WORDY = ("checks", "alternatives")


def part(here: Context, result: Result, name: str, *, titled: bool = True, most: int = ROWS_SHOWN) -> None:
    """One of the further tables, its numbers to the right and few answers in grey; sentences have room to wrap.

    most: rows that are seen without scrolling.
    """
    if titled:
        st.markdown(f"#### {further_tables.title(result, name, here.words)}")
    wraps = here.large or name in WORDY
    frame = further_tables.presented(result, name, here.words if wraps else here.plain, depth=here.depth)
    shown = frame.head(most) if wraps else frame
    grey = further_tables.few(result, name)
    styled = shown.style.apply(lambda row: [GREY if grey[row.name] else ""] * len(row), axis=1)
    for title, texts in further_tables.written(result, name, here.plain, depth=here.depth).items():
        styled = styled.format(partial(_next, iter(texts[: len(shown)])), subset=[title])
    if wraps:
        st.table(styled, border="horizontal", hide_index=True)
        if len(frame) > len(shown):
            st.caption(here.text("table.more", count=len(frame) - len(shown)))
        return
    height = ROW_PX * (min(len(frame), most) + 1) + 3
    st.dataframe(
        styled,
        hide_index=True,
        height=height,
        key=f"table.{result.method}.{name}",
        placeholder=here.text("format.none"),
    )


def _next(texts: Iterator[str], _: float) -> str:
    return next(texts)

"""Draws a result's table: numbers right-aligned, shares as bars, few answers in grey, rows to be chosen by keyboard."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from analysis.result import Result
from pages.ui.context import Context
from pages.ui.tables import GREY_BELOW, Column, cell, columns_of, counts_of, presented

BAR_LIGHT, BAR_DARK, GREY = "#E9B48A", "#7A4A27", "color: #7F7F7F"
ROWS_SHOWN = 12
ROW_PX = 35


def show(here: Context, result: Result, *, key: str, selectable: bool = False) -> int | None:
    """Draw the table; returns the row that was chosen, None without a choice."""
    frame = presented(result, here.names, here.plain, depth=here.depth)
    styled = _styled(here, result, frame)
    if here.large:
        st.table(styled, border="horizontal", hide_index=True)
        return None
    height = ROW_PX * (min(len(frame), ROWS_SHOWN) + 1) + 3
    if not selectable:
        st.dataframe(styled, hide_index=True, height=height, key=key)
        return None
    event = st.dataframe(
        styled, hide_index=True, height=height, key=key, on_select="rerun", selection_mode="single-row"
    )
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows else None


def _styled(here: Context, result: Result, frame: pd.DataFrame) -> Styler:
    columns = columns_of(result, here.depth)
    first = len(result.options["by"])
    text = frame.astype(object).copy()
    styled = frame.style
    for place, column in enumerate(columns):
        title = frame.columns[first + place]
        written = _written(here, result, column)
        styled = styled.format(lambda _, w=iter(written): next(w), subset=[title])
        text[title] = written
    styled = styled.apply(lambda row: _grey(result, row), axis=1)
    bars = [frame.columns[first + i] for i, c in enumerate(columns) if c.bar]
    if bars and here.large:
        styled = styled.bar(subset=bars, color=BAR_DARK if here.dark else BAR_LIGHT, width=72)
    return styled


def _written(here: Context, result: Result, column: Column) -> list[str]:
    counts = counts_of(result, column)
    return [cell(v, column, n, here.plain) for v, n in zip(result.table[column.name], counts, strict=True)]


def _grey(result: Result, row: pd.Series) -> list[str]:
    counts = [result.table[c].iloc[row.name] for c in ("n", "n0", "n1") if c in result.table]
    few = any(n < GREY_BELOW for n in counts)
    return [GREY if few else ""] * len(row)

"""Draws a result's table: numbers to the right, shares as bars, few answers in grey, rows chosen by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
    columns = dict(zip(frame.columns[len(result.options["by"]) :], columns_of(result, here.depth), strict=False))
    shares = {title: frame[title] * 100 for title, column in columns.items() if column.bar}
    frame = frame.assign(**shares)  # as the header's percent says
    if here.large:
        _draw_large(here, result, frame, columns)
        return None
    styled = _styled(here, result, frame, columns)
    height = ROW_PX * (min(len(frame), ROWS_SHOWN) + 1) + 3
    drawn = {"hide_index": True, "height": height, "key": key, "column_config": _bars(frame, columns)}
    if not selectable:
        st.dataframe(styled, **drawn)
        return None
    event = st.dataframe(styled, on_select="rerun", selection_mode="single-row", **drawn)
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows else None


def _draw_large(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> None:
    """The first rows as text that grows with the page; the files hold all of them."""
    st.table(_styled(here, result, frame.head(ROWS_SHOWN), columns), border="horizontal", hide_index=True)
    if len(frame) > ROWS_SHOWN:
        st.caption(here.text("table.more", count=len(frame) - ROWS_SHOWN))


def _bars(frame: pd.DataFrame, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Shares as bars in the canvas table; such a column brings its own format instead of the Styler's."""
    return {
        title: st.column_config.ProgressColumn(color="orange", format="%.1f", max_value=float(frame[title].max()))
        for title, column in columns.items()
        if column.bar and frame[title].notna().any() and frame[title].max() > 0
    }


def _styled(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> Styler:
    styled = frame.style.apply(lambda row: _grey(result, row), axis=1)
    for title, column in columns.items():
        styled = styled.format(_writer(here, result, column), subset=[title])
    bars = [title for title, column in columns.items() if column.bar]
    if bars and here.large:
        styled = styled.bar(subset=bars, color=BAR_DARK if here.dark else BAR_LIGHT, width=72)
    return styled


def _writer(here: Context, result: Result, column: Column) -> Callable[[float], str]:
    """Writes a column's cells in order: what a cell says depends on how many answers stand behind it."""
    counts = counts_of(result, column)
    written = iter([cell(v, column, n, here.plain) for v, n in zip(result.table[column.name], counts, strict=True)])
    return lambda _: next(written)


def _grey(result: Result, row: pd.Series) -> list[str]:
    counts = [result.table[c].iloc[row.name] for c in ("n", "n0", "n1") if c in result.table]
    few = any(n < GREY_BELOW for n in counts)
    return [GREY if few else ""] * len(row)

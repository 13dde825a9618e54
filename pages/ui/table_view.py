"""Draws a result's table: numbers to the right, shares as bars, few answers in grey, rows chosen by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from analysis.result import Result
from pages.ui.context import Context
from pages.ui.tables import GREY_BELOW, Column, columns_of, has_total, presented, written

BAR_LIGHT, BAR_DARK, GREY, STRONG = "#E9B48A", "#7A4A27", "color: #7F7F7F", "font-weight: 600"
ROWS_SHOWN = 12  # and the total
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
    height = ROW_PX * (min(len(frame), ROWS_SHOWN + has_total(result)) + 1) + 3
    drawn = {"hide_index": True, "height": height, "key": key, "column_config": _bars(frame, columns)}
    if not selectable:
        st.dataframe(styled, **drawn)
        return None
    event = st.dataframe(styled, on_select="rerun", selection_mode="single-row", **drawn)
    rows = event["selection"]["rows"]
    return int(rows[0]) if rows else None


def _draw_large(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> None:
    """The first rows and the total as text that grows with the page; the files hold all of them."""
    drawn = [*range(min(len(result.table), ROWS_SHOWN)), *range(len(result.table), len(frame))]
    st.table(_styled(here, result, frame.loc[drawn], columns), border="horizontal", hide_index=True)
    if len(frame) > len(drawn):
        st.caption(here.text("table.more", count=len(frame) - len(drawn)))


def _bars(frame: pd.DataFrame, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Shares as bars in the canvas table; such a column brings its own format instead of the Styler's."""
    return {
        title: st.column_config.ProgressColumn(color="orange", format="%.1f", max_value=float(frame[title].max()))
        for title, column in columns.items()
        if column.bar and frame[title].notna().any() and frame[title].max() > 0
    }


def _styled(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> Styler:
    styled = frame.style.apply(lambda row: _emphasis(result, row), axis=1)
    for title, column in columns.items():
        styled = styled.format(_writer(here, result, column, list(frame.index)), subset=[title])
    bars = [title for title, column in columns.items() if column.bar]
    if bars and here.large:
        styled = styled.bar(subset=bars, color=BAR_DARK if here.dark else BAR_LIGHT, width=72)
    return styled


def _writer(here: Context, result: Result, column: Column, rows: Sequence[int]) -> Callable[[float], str]:
    """Writes a column's cells in order: what a cell says depends on how many answers stand behind it."""
    texts = written(result, column, here.plain)
    drawn = iter([texts[row] for row in rows])
    return lambda _: next(drawn)


def _emphasis(result: Result, row: pd.Series) -> list[str]:
    """The total stands out; what few answers stand behind steps back."""
    if row.name == len(result.table):
        return [STRONG] * len(row)
    counts = [result.table[c].iloc[row.name] for c in ("n", "n0", "n1") if c in result.table]
    return [GREY if any(n < GREY_BELOW for n in counts) else ""] * len(row)

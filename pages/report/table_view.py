"""Draws a result's table: numbers to the right, shares as bars, few answers in grey, rows chosen by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from analysis.result import Result
from pages.charts.text_width import width
from pages.frame.context import Context
from pages.words.columns import DEPTHS, GREY_BELOW, Column
from pages.words.markdown import escape_markdown
from pages.words.tables import columns_of, has_total, name_columns, presented, written

BAR_LIGHT, BAR_DARK, GREY, STRONG = "#C3CAD1", "#46515D", "color: #7F7F7F", "font-weight: 600"
CHINESE = re.compile("[一-鿿]")
ABREAST = 6  # columns beside the names that large text has room for
ROWS_SHOWN, ROWS_TO_A_TOTAL = 12, 25  # further rows are scrolled to, or left to the files in large text
ROW_PX, NAME_PX, PHRASE_PX, FONT_PX = 35, (72, 240), (160, 440), 14  # of the canvas table
NAME_EM, BAR_EM, SHORT_EM, PADDING_EM = (5.0, 13.0), 8.0, 3.2, 1.8  # of the text table


def show(here: Context, result: Result, *, key: str, chosen: Callable[[int | None], object] | None = None) -> None:
    """Draw the table; `chosen` is called with the row that was marked, None with none any more."""
    frame = presented(result, here.words if here.large else here.plain, depth=here.depth)
    columns = dict(zip(frame.columns[name_columns(result) :], columns_of(result, here.depth), strict=True))
    shares = {title: frame[title] * 100 for title, column in columns.items() if column.bar}
    frame = frame.assign(**shares)  # as the header's percent says
    if here.large:
        _draw_large(here, result, frame, columns)
        return
    styled = _styled(here, result, frame, columns)
    closes = has_total(result) and len(frame) <= ROWS_TO_A_TOTAL
    most = ROWS_TO_A_TOTAL if closes else ROWS_SHOWN
    height, none = ROW_PX * (min(len(frame), most) + 1) + 3, here.text("format.none")
    config = {**_names(result, frame), **_phrases(frame, columns), **_bars(frame, columns)}
    if chosen is None:
        st.dataframe(styled, height=height, hide_index=True, column_config=config, key=key, placeholder=none)
        return

    def follow() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        chosen(int(rows[0]) if rows else None)

    st.dataframe(styled, height=height, hide_index=True, column_config=config, key=key, placeholder=none,
                 on_select=follow, selection_mode="single-row")  # fmt: skip


def _draw_large(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> None:
    """The first rows and the total as text that grows with the page; the files hold all of them.

    What the deeper depths add stands in tables of their own below: side by side, not all of it would fit.
    """
    drawn = [*range(min(len(result.table), ROWS_SHOWN)), *range(len(result.table), len(frame))]
    names = list(frame.columns[: name_columns(result)])
    deeper = [title for title, column in columns.items() if column.depth != DEPTHS[0]]
    first = [title for title in frame.columns if title not in (*names, *deeper)]
    abreast = [deeper[start : start + ABREAST] for start in range(0, len(deeper), ABREAST)]
    for titles in filter(None, (first, *abreast)):
        part, known = frame.loc[drawn, [*names, *titles]], {t: c for t, c in columns.items() if t in titles}
        st.table(_wide(here, result, part, known), border="horizontal", hide_index=True)
    if len(frame) > len(drawn):
        st.caption(here.text("table.more", count=len(frame) - len(drawn)))


def _wide(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> Styler:
    """The text table: names in few lines, a share's number beside its bar and not upon it."""
    styled = _styled(here, result, frame, columns)
    for title in frame.columns[: name_columns(result)]:
        styled = styled.set_properties(
            subset=[title], **{"min-width": f"{_name_width(frame[title], 1, NAME_EM):.1f}em"}
        )
    styled = with_room(styled, frame, columns)
    bars = [title for title, column in columns.items() if column.bar]
    if not bars:
        return styled
    colour = BAR_DARK if here.dark else BAR_LIGHT
    return styled.bar(subset=bars, color=colour, width=55, height=60).set_properties(
        subset=bars, **{"min-width": f"{BAR_EM}em"}
    )


def with_room(styled: Styler, frame: pd.DataFrame, titles: Iterable[str]) -> Styler:
    """Room for heads and words of two or three signs: in Chinese they would else stand one above the other."""
    for title in titles:
        words = [title, *(str(cell) for cell in frame[title] if isinstance(cell, str))]
        widest = max((width(text, 1) for text in words if CHINESE.search(text)), default=0.0)
        if 0 < widest <= SHORT_EM:
            styled = styled.set_properties(subset=[title], **{"min-width": f"{widest + PADDING_EM:.1f}em"})
    return styled


def _name_width(names: pd.Series, size: float, limits: tuple[float, float]) -> float:
    """Room for the longest name, within limits."""
    return min(max([limits[0], *(width(name, size) for name in names)]), limits[1])


def _names(result: Result, frame: pd.DataFrame) -> dict[str, Any]:
    """Room for the names in the canvas table, which else cuts them short. Pinning would grey them, as few answers."""
    return {
        title: st.column_config.TextColumn(width=round(_name_width(frame[title], FONT_PX, NAME_PX)) + 18)
        for title in frame.columns[: name_columns(result)]
    }


def _phrases(frame: pd.DataFrame, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Room for columns of whole phrases."""
    return {
        title: st.column_config.TextColumn(width=round(_name_width(frame[title], FONT_PX, PHRASE_PX)) + 18)
        for title, column in columns.items()
        if column.long
    }


def _bars(frame: pd.DataFrame, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Shares as bars in the canvas table; such a column brings its own format instead of the Styler's."""
    return {
        title: st.column_config.ProgressColumn(color="gray", format="%.1f", max_value=float(frame[title].max()))
        for title, column in columns.items()
        if column.bar and frame[title].notna().any() and frame[title].max() > 0
    }


def _styled(here: Context, result: Result, frame: pd.DataFrame, columns: Mapping[str, Column]) -> Styler:
    styled = frame.style.apply(lambda drawn: _emphasis(result, drawn), axis=None)
    for title, column in columns.items():
        styled = styled.format(_writer(here, result, column, list(frame.index)), subset=[title])
    return styled


def _writer(here: Context, result: Result, column: Column, rows: Sequence[int]) -> Callable[[float], str]:
    """Writes a column's cells in order: what a cell says depends on how many answers stand behind it.

    The text table reads Markdown, where "> 0.99" would be a quotation.
    """
    texts, escape = written(result, column, here.plain), escape_markdown if here.large else str
    drawn = iter([escape(texts[row]) for row in rows])
    return lambda _: next(drawn)


def _emphasis(result: Result, drawn: pd.DataFrame) -> pd.DataFrame:
    """The total stands out; what few answers stand behind steps back."""
    counts = result.table[[name for name in ("n", "n0", "n1") if name in result.table]]
    rows = {place: GREY if few else "" for place, few in enumerate((counts < GREY_BELOW).any(axis=1))}
    styles = [rows.get(place, STRONG) for place in drawn.index]
    return pd.DataFrame(dict.fromkeys(drawn.columns, styles), index=drawn.index)

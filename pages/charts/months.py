"""How far ahead or behind, month by month? Gaps to an outside value with intervals; missing months are named."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, axis_of, each, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, fitted
from pages.words.columns import GREY_BELOW
from pages.words.format import is_missing

_HEIGHT, _TOP, _BOTTOM, _LEFT = 320, 34, 56, 62


def months(rows: pd.DataFrame, *, look: Look, threshold: float) -> go.Figure:
    """rows, a month each: month (date), n, gap, gap_low, gap_high, missing ("ours", "theirs" or "").

    The key of a mark is the place of its month.
    """
    rows = rows.reset_index(drop=True)
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, 8, _TOP, _BOTTOM))
    values = [*rows["gap"], *rows["gap_low"], *rows["gap_high"], threshold, -threshold]
    y = span(values, pad=0.1)
    x = (-0.5, len(rows) - 0.5)
    _draw_band(drawing, threshold, axis_of(look, values, y))
    room = (NARROWEST - look.px(_LEFT)) / max(len(rows), 1) - 8
    for i, row in enumerate(each(rows)):
        if row.missing or is_missing(row.gap):
            _name_missing(drawing, row, i, room)
        else:
            _draw_month(drawing, row, i, threshold)
        first = i == 0 or row.month.month == 1
        drawing.note(_month(look, row.month, with_year=first), i, 0, anchor="center", up="top", dy=-10, y_paper=True)
    return drawing.figure(x=x, y=y, alt=_alt(look, rows))


def _month(look: Look, month: Any, *, with_year: bool) -> str:
    name = look.catalogue.text("format.months_short").split("|")[month.month - 1]
    return f"{name}<br>{month.year}" if with_year else name


def _draw_band(drawing: Drawing, threshold: float, axis: tuple[list[float], list[str]]) -> None:
    look, palette = drawing.look, drawing.look.palette
    drawing.area((0, 1), (-threshold, threshold), colour=palette.band, x_paper=True)
    drawing.scale(*axis)
    drawing.line(0, 0, 1, 0, colour=palette.ink, width=1.6, dash="dot", x_paper=True)
    words = look.text("months.level", threshold=look.level(threshold))
    drawing.note(words, 0, 1, up="bottom", dy=10, x_paper=True, y_paper=True)


def _verdict(look: Look, row: Any, threshold: float) -> Verdict:
    """Coloured only where the interval keeps clear of zero and the gap is large enough to matter."""
    apart = not is_missing(row.gap_low) and not is_missing(row.gap_high) and row.gap_low * row.gap_high > 0
    return look.verdict(row.gap) if apart and abs(row.gap) >= threshold and row.n >= GREY_BELOW else "none"


def _draw_month(drawing: Drawing, row: Any, i: int, threshold: float) -> None:
    look, palette, px = drawing.look, drawing.look.palette, drawing.look.px
    verdict = _verdict(look, row, threshold)
    colour = palette.neutral if row.n < GREY_BELOW else palette.mark(verdict)
    known = not (is_missing(row.gap_low) or is_missing(row.gap_high))
    if known:
        drawing.line(i, row.gap_low, i, row.gap_high, colour=colour, width=5, opacity=0.45)
    drawing.traces.append(
        go.Scatter(
            x=[i],
            y=[row.gap],
            mode="markers",
            customdata=[i],
            marker={"size": px(13), "color": colour},
            **tips([_said(look, row)], look),
        )
    )
    strong = palette.word(verdict) if row.n >= GREY_BELOW else palette.quiet
    words = bold(look.gap(row.gap))
    drawing.write(
        words,
        i,
        row.gap_high if known else row.gap,
        size=TEXT - 1,
        colour=strong,
        anchor="center",
        up="bottom",
        dy=4 if known else 10,
        plate=True,
    )


def _name_missing(drawing: Drawing, row: Any, i: int, room: float) -> None:
    look = drawing.look
    words = fitted(_why(look, row), room, look.px(SMALL - 1), lines=3)
    drawing.write(words, i, 0, size=SMALL - 1, colour=look.palette.quiet, anchor="center", plate=True)


def _why(look: Look, row: Any) -> str:
    return look.text(f"months.{row.missing or 'theirs'}")


def _said(look: Look, row: Any) -> str:
    """A month in words."""
    month = look.show(row.month, "date")[:7]
    if row.missing or is_missing(row.gap):
        return f"{month} {_why(look, row)}"
    gap, low, high = (look.gap(value) for value in (row.gap, row.gap_low, row.gap_high))
    return look.text("alt.months_row", month=month, gap=gap, low=low, high=high)


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.months", rows="; ".join(_said(look, row) for row in each(rows)))

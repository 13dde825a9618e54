"""Do plans bring what they promise? Verified lifts with their intervals over promised ones, and the line of "as
promised"."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import MOST_MARKS, each, keyed, number_axis, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, Place, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, fitted
from pages.words.format import is_missing

_PLOT, _LEFT, _BOTTOM, _TOP, _LIST, _LINE = 420, 66, 56, 40, 470, 46


def calibration(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, a verified plan each, the newest first: label, key, promised, verified, low, high (NaN where unknown).

    The twelve first are numbered and named beside the plot; the others are drawn without a number.
    """
    rows = keyed(rows)
    height = max(_PLOT, _LINE * min(len(rows), MOST_MARKS + 1))
    drawing = Drawing(look, _TOP + height + _BOTTOM, Margin(_LEFT, _LIST, _TOP, _BOTTOM))
    reach = span([0.0, *rows["promised"], *rows["verified"], *rows["low"], *rows["high"]], pad=0.06)
    values, labels = number_axis(look, reach)
    drawing.scale(values, labels)
    low, high = reach
    drawing.line(low, low, high, high, colour=look.palette.ink, width=1.6, dash="dot")
    drawing.line(0, 0, 1, 0, colour=look.palette.neutral, x_paper=True)
    for i, row in enumerate(each(rows)):
        _draw(drawing, row, i)
    _write_list(drawing, rows, height)
    over: Place = {"up": "bottom", "dx": 4 - _LEFT, "dy": 12, "x_paper": True, "y_paper": True}
    below: Place = {"anchor": "right", "up": "top", "dy": -30, "x_paper": True, "y_paper": True}
    drawing.note(look.text("calibration.verified"), 0, 1, **over)
    drawing.note(look.text("calibration.promised"), 1, 0, **below)
    axis = drawing.ticks(values, labels, grid=True)
    return drawing.figure(x=reach, y=reach, x_axis=axis, alt=_alt(look, rows))


def verdict(row: Any) -> Verdict:
    """Less or more than promised, beyond chance; else neither."""
    if is_missing(row.low) or is_missing(row.high):
        return "none"
    return "loss" if row.high < row.promised else "gain" if row.low > row.promised else "none"


def _draw(drawing: Drawing, row: Any, i: int) -> None:
    look, px = drawing.look, drawing.look.px
    colour = look.palette.mark(verdict(row))
    if not (is_missing(row.low) or is_missing(row.high)):
        drawing.line(row.promised, row.low, row.promised, row.high, colour=colour, width=4, opacity=0.45)
    numbered = i < MOST_MARKS
    drawing.traces.append(go.Scatter(
        x=[row.promised], y=[row.verified], mode="markers", customdata=[row.key],
        marker={"size": px(22 if numbered else 10), "color": colour}, **tips([_said(look, row)], look),
    ))  # fmt: skip
    if numbered:
        ground = look.palette.background
        drawing.write(bold(str(i + 1)), row.promised, row.verified, size=SMALL, colour=ground, anchor="center")


def _write_list(drawing: Drawing, rows: pd.DataFrame, height: float) -> None:
    """The numbers' plans beside the plot, from its top."""
    look, palette, room = drawing.look, drawing.look.palette, drawing.look.px(_LIST - 70)
    for i, row in enumerate(each(rows.head(MOST_MARKS))):
        dy, hue = -_LINE * (i + 0.5), palette.word(verdict(row))
        name = fitted(row.label, room, look.px(TEXT), lines=1)
        number = look.text("calibration.of", promised=row.promised, verified=row.verified)
        words = f"{name}<br><span style='color:{hue}'>{number}</span>"
        drawing.write(bold(str(i + 1)), 1, 1, dx=46, dy=dy, anchor="right", x_paper=True, y_paper=True)
        drawing.write(words, 1, 1, dx=58, dy=dy, size=TEXT, x_paper=True, y_paper=True)
    if len(rows) > MOST_MARKS:
        words = look.text("others", k=len(rows) - MOST_MARKS)
        drawing.note(words, 1, 1, dx=58, dy=-_LINE * (MOST_MARKS + 0.5), x_paper=True, y_paper=True)


def _said(look: Look, row: Any) -> str:
    """A plan in words."""
    return look.text("alt.calibration_row", label=row.label, promised=row.promised, verified=row.verified)


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.calibration", rows="; ".join(_said(look, row) for row in each(rows)))

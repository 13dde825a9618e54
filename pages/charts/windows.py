"""How does a rate run by day in several windows? A line each; days that are still open are grey, without a value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, number_axis, span
from pages.charts.drawing import SMALL, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import width

_HEIGHT, _TOP, _BOTTOM, _LEFT = 220, 26, 34, 60
WEIGHTS = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0)


def windows(days: pd.DataFrame, names: Sequence[str], *, look: Look) -> go.Figure:
    """days, in order: label, closed (whether the day has values), v0, v1 .. (one for each name), n.

    Names stand at the end of their lines.
    """
    days = days.reset_index(drop=True)
    columns = [f"v{i}" for i in range(len(names))]
    right = max(width(name, SMALL * 1.08) for name in names) + 20
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, right, _TOP, _BOTTOM))
    y = span(pd.unique(days[columns].to_numpy().ravel()), pad=0.05)
    drawing.scale(*number_axis(look, y, room=_HEIGHT / 2))
    _grey(drawing, days)
    for column, name, thick in zip(columns, names, WEIGHTS, strict=False):
        _line(drawing, days, column, name, thick)
    for place, anchor in ((0, "left"), (-1, "right")):
        x = 0 if place == 0 else 1
        drawing.note(str(days["label"].iloc[place]), x, 0, anchor=anchor, up="top", dy=-9, x_paper=True, y_paper=True)
    rows = "; ".join(_said(look, days, column, name)[-1] for column, name in zip(columns, names, strict=True))
    return drawing.figure(x=(-0.5, len(days) - 0.5), y=y, alt=look.text("alt.windows", rows=rows))


def _grey(drawing: Drawing, days: pd.DataFrame) -> None:
    """Behind the days without a value, with a word above the last stretch of them."""
    for row in each(days[~days["closed"]]):
        drawing.area((row.Index - 0.5, row.Index + 0.5), (0, 1), colour=drawing.look.palette.band, y_paper=True)
    if not days["closed"].iloc[-1]:
        drawing.note(
            drawing.look.text("still_open"), 1, 1, anchor="right", up="bottom", dy=5, x_paper=True, y_paper=True
        )


def _line(drawing: Drawing, days: pd.DataFrame, column: str, name: str, thick: float) -> None:
    look, colour = drawing.look, drawing.look.palette.brand
    drawing.traces.append(go.Scatter(
        x=days.index, y=days[column], mode="lines+markers", connectgaps=False, line={"color": colour, "width": thick},
        marker={"size": look.px(3 + thick), "color": colour}, **tips(_said(look, days, column, name), look),
    ))  # fmt: skip
    known = days[column].dropna()
    if len(known):
        drawing.note(name, 1, known.iloc[-1], dx=8, x_paper=True)


def _said(look: Look, days: pd.DataFrame, column: str, name: str) -> list[str]:
    return [
        look.text("alt.windows_row", label=row["label"], name=name, value=look.level(row[column]), n=row["n"])
        for row in days.to_dict("records")
    ]

"""Which way does one segment go? A small line in its interval, for a narrow panel."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, span
from pages.charts.drawing import Drawing, Margin, tips
from pages.charts.look import Look

_HEIGHT, _BOTTOM = 118, 26


def spark(points: pd.DataFrame, *, look: Look) -> go.Figure:
    """points, in order: label (of the bucket), n, score, low, high; NaN where withheld."""
    points = points.reset_index(drop=True)
    drawing = Drawing(look, _HEIGHT, Margin(6, 6, 8, _BOTTOM))
    said = [
        look.text("alt.spark_row", label=p.label, score=look.level(p.score), low=look.level(p.low),
                  high=look.level(p.high), n=p.n)
        for p in each(points)
    ]  # fmt: skip
    for p in each(points):
        drawing.line(p.Index, p.low, p.Index, p.high, colour=look.palette.brand_pale, width=4, opacity=0.5)
    drawing.traces.append(go.Scatter(
        x=points.index, y=points["score"], mode="lines+markers", line={"color": look.palette.brand, "width": 2},
        marker={"size": look.px(6), "color": look.palette.brand}, **tips(said, look),
    ))  # fmt: skip
    for place, anchor in ((0, "left"), (-1, "right")):
        drawing.note(str(points["label"].iloc[place]), 0 if place == 0 else 1, 0, anchor=anchor, up="top", dy=-8,
                     x_paper=True, y_paper=True)  # fmt: skip
    y = span([*points["score"], *points["low"], *points["high"]])
    return drawing.figure(x=(-0.3, len(points) - 0.7), y=y, alt=look.text("alt.spark", rows="; ".join(said)))

"""How right are probabilities, and how many does a list catch? Predicted beside observed, and the gains curve."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from data_access.metric_kinds import Unit
from pages.charts.common import each, number_axis, span
from pages.charts.drawing import SMALL, Drawing, Margin, Place, tips
from pages.charts.look import Look

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 330, 34, 58, 62, 24
_OVER: Place = {"up": "bottom", "dx": -_LEFT, "dy": 10, "x_paper": True, "y_paper": True}
_UNDER: Place = {"anchor": "right", "up": "top", "dy": -34, "x_paper": True, "y_paper": True}


def reliability(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, groups of alike predictions from low to high: predicted, observed, low, high (per cent), n."""
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    reach = span([0.0, *rows["predicted"], *rows["high"]], pad=0.04)
    values, labels = number_axis(replace(look, unit=Unit.RATE), reach, room=_HEIGHT / 2)
    drawing.scale(values, labels)
    drawing.line(reach[0], reach[0], reach[1], reach[1], colour=look.palette.ink, width=1.4, dash="dot")
    for row in each(rows):
        drawing.line(row.predicted, row.low, row.predicted, row.high, colour=look.palette.brand_pale, width=3)
    said = [_group(look, row) for row in each(rows)]
    drawing.traces.append(go.Scatter(
        x=list(rows["predicted"]), y=list(rows["observed"]), mode="lines+markers",
        line={"color": look.palette.brand, "width": look.px(1.4)},
        marker={"size": look.px(10), "color": look.palette.brand}, **tips(said, look),
    ))  # fmt: skip
    drawing.note(look.text("risk_observed"), 0, 1, **_OVER)
    drawing.note(look.text("risk_predicted"), 1, 0, **_UNDER)
    axis = drawing.ticks(values, labels, grid=False)
    return drawing.figure(x=reach, y=reach, x_axis=axis, alt=look.text("alt.risk_right", rows="; ".join(said)))


def gains(rows: pd.DataFrame, *, look: Look, chosen: float | None = None) -> go.Figure:
    """rows: part of all that is contacted and part of the dissatisfied caught by it (per cent). chosen: the part that
    the list is, marked on the curve.
    """
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    ticks = [0.0, 25.0, 50.0, 75.0, 100.0]
    labels = [look.catalogue.axis(Unit.RATE).format(look.show(tick, "count")) for tick in ticks]
    drawing.scale(ticks, labels)
    drawing.line(0, 0, 100, 100, colour=look.palette.neutral, width=1.4, dash="dot")
    drawing.note(look.text("risk_chance"), 74, 70, anchor="left", up="top")
    said = [look.text("risk_caught", part=row.part, caught=row.caught) for row in each(rows)]
    drawing.traces.append(go.Scatter(
        x=[0.0, *rows["part"]], y=[0.0, *rows["caught"]], mode="lines+markers", **tips(["", *said], look),
        line={"color": look.palette.brand, "width": look.px(2)}, marker={"size": look.px(6)},
    ))  # fmt: skip
    if chosen is not None:
        _mark(drawing, rows, chosen)
    drawing.note(look.text("risk_caught_axis"), 0, 1, **_OVER)
    drawing.note(look.text("risk_contacted_axis"), 1, 0, **_UNDER)
    axis = drawing.ticks(ticks, labels, grid=False)
    return drawing.figure(x=(0, 102), y=(0, 104), x_axis=axis, alt=look.text("alt.risk_gains", rows="; ".join(said)))


def _mark(drawing: Drawing, rows: pd.DataFrame, chosen: float) -> None:
    """Where the list stands on the curve."""
    look, curve = drawing.look, [(0.0, 0.0), *zip(rows["part"], rows["caught"], strict=True)]
    after = next((i for i, (part, _) in enumerate(curve) if part >= chosen), len(curve) - 1)
    (x0, y0), (x1, y1) = curve[max(after - 1, 0)], curve[after]
    caught = y0 + (y1 - y0) * (chosen - x0) / (x1 - x0) if x1 > x0 else y1
    drawing.line(chosen, 0, chosen, caught, colour=look.palette.loss, width=2)
    words = look.text("risk_list", part=chosen, caught=caught)
    drawing.write(
        words, chosen, caught, size=SMALL, colour=look.palette.loss_text, dx=10, dy=-14, up="top", plate=True
    )


def _group(look: Look, row: object) -> str:
    values = {name: getattr(row, name) for name in ("predicted", "observed", "low", "high", "n")}
    return look.text("risk_group", **values)

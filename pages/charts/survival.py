"""By when has how large a share met an event? A step at each time at which it happened, in its interval."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, number_axis, span
from pages.charts.drawing import Drawing, Margin
from pages.charts.look import Look

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 240, 26, 58, 60, 24
_DAY = 24.0
_TICKS = (0, 1, 2, 3, 5, 7, 14, 21, 28)  # days


def survival(course: pd.DataFrame, *, look: Look, title: str) -> go.Figure:
    """course: hours, share, low, high (per cent), n still waited for. title: of the x axis."""
    start = pd.DataFrame({"hours": [0.0], "share": [0.0], "low": [0.0], "high": [0.0]})
    rows = pd.concat([start, course], ignore_index=True)
    rows[["low", "high"]] = rows[["low", "high"]].ffill()
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    x, y = (0.0, float(rows["hours"].max()) * 1.02), span([0.0, *rows["share"], *rows["high"]], pad=0.04)
    drawing.scale(*number_axis(look, y, room=_HEIGHT / 2))
    _steps(drawing, rows)
    drawing.say(course["hours"], course["share"], _said(look, course))
    drawing.note(look.text("survival"), 1, 1, anchor="right", up="bottom", dy=5, x_paper=True, y_paper=True)
    drawing.note(title, 1, 0, anchor="right", up="top", dy=-32, x_paper=True, y_paper=True)
    days = [day * _DAY for day in _TICKS if day * _DAY <= x[1]]
    axis = drawing.ticks(days, [look.show(hours, "count") for hours in days], grid=False)
    alt = look.text("alt.survival", title=title, rows="; ".join(_said(look, course.tail(1))))
    return drawing.figure(x=x, y=y, alt=alt, x_axis=axis)


def _steps(drawing: Drawing, rows: pd.DataFrame) -> None:
    """The curve as steps; its interval as a band that steps with it."""
    palette, px, none = drawing.look.palette, drawing.look.px, {"width": 0}
    for name, fill in (("low", None), ("high", "tonexty")):
        drawing.traces.append(go.Scatter(
            x=list(rows["hours"]), y=list(rows[name]), mode="lines", fill=fill, fillcolor=palette.band,
            line={**none, "shape": "hv", "color": palette.band}, hoverinfo="skip",
        ))  # fmt: skip
    drawing.traces.append(go.Scatter(
        x=list(rows["hours"]), y=list(rows["share"]), mode="lines", hoverinfo="skip",
        line={"width": px(2), "shape": "hv", "color": palette.brand},
    ))  # fmt: skip


def _said(look: Look, rows: pd.DataFrame) -> list[str]:
    return [
        look.text("alt.survival_row", hours=row.hours, share=look.level(row.share), low=look.level(row.low),
                  high=look.level(row.high), n=row.n)
        for row in each(rows)
    ]  # fmt: skip

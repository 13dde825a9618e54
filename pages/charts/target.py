"""What would each segment bring if it reached the target?"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, folded, name_column, name_room
from pages.charts.drawing import SMALL, Drawing, Margin
from pages.charts.look import Look
from pages.charts.text_width import bold, width

_PITCH = 44


def target_bars(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, the largest first: label, gain (in units of the metric; negative when already beyond it), maybe key."""
    rows = folded(rows, look, add=("gain",))
    right = 96 + (width(look.text("reached"), SMALL) if (rows["gain"] <= 0).any() else 0)
    drawing = Drawing(look, 12 + _PITCH * len(rows), Margin(name_room(rows), right, 6, 6))
    palette = look.palette
    x = (min(0.0, rows["gain"].min()), max(0.0, rows["gain"].max()))
    x = x if x[1] > x[0] else (0.0, 1.0)
    drawing.traces.append(
        go.Bar(
            x=rows["gain"],
            y=[-i for i in range(len(rows))],
            orientation="h",
            width=0.55,
            customdata=list(rows["key"]),
            hoverinfo="none",
            marker={"color": [palette.gain if g > 0 else palette.faint for g in rows["gain"]]},
        )
    )
    drawing.line(0, 0, 0, 1, colour=palette.faint, width=1.5, y_paper=True)
    for i, gain in enumerate(rows["gain"]):
        words = bold(look.show(gain, "exact_change"))
        if not gain > 0:
            words += f"&nbsp;&nbsp;<span style='color:{palette.quiet}'>{look.text('reached')}</span>"
        drawing.write(words, max(gain, 0), -i, dx=10, colour=palette.gain_text if gain > 0 else palette.quiet)
    name_column(drawing, rows)
    drawing.hit_areas(rows["key"], x)
    texts = [f"{r.label} {look.show(r.gain, 'exact_change')}" for r in each(rows)]
    drawing.say(rows["gain"], [-i for i in range(len(rows))], texts)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=look.text("alt.target", rows="; ".join(texts)))

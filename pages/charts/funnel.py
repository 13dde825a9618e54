"""Which units stand out, and which only had few answers? Scores over the number of answers, in the limits of chance.

Never a ranking: the names are written only beside units that chance alone would not put there.
"""

from __future__ import annotations

from math import log10
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, each, keyed, number_axis, span
from pages.charts.drawing import SMALL, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.placing import Box, meets, places
from pages.charts.text_width import shortened, width
from pages.words.columns import GREY_BELOW

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 420, 30, 58, 62, 120
_NAMES = 12  # labels drawn at most
_OUTSIDE = 95.0


def funnel(rows: pd.DataFrame, *, look: Look, mean: float) -> go.Figure:
    """rows: label, n, score, limit95_low/_high, limit998_low/_high, outside (0, 95 or 99.8), maybe key."""
    rows = keyed(rows[rows["score"].notna()]).sort_values("n", ignore_index=True)
    rows["x"] = rows["n"].map(lambda n: log10(max(n, 1)))
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    x = span(rows["x"], pad=0.04, least=0.2)
    # limits of the smallest units would flatten all others
    y = span([*rows["score"], *rows["limit95_low"], *rows["limit95_high"], mean], pad=0.04)
    _draw_limits(drawing, rows, mean, x, y)
    _draw_units(drawing, rows)
    for row, at in _labels(drawing, rows, x, y):
        drawing.write(shortened(str(row.label), 170, SMALL), row.x, row.score, size=SMALL, **at)
    drawing.scale(*number_axis(look, y))
    title = look.text("funnel.answers")
    drawing.note(title, 1, 0, anchor="right", up="top", dy=-34, x_paper=True, y_paper=True)
    axis = drawing.ticks(*_counts(look, x), grid=False)
    return drawing.figure(x=x, y=y, alt=_alt(look, rows, mean), x_axis=axis)


def _draw_limits(
    drawing: Drawing, rows: pd.DataFrame, mean: float, x: tuple[float, float], y: tuple[float, float]
) -> None:
    look, palette = drawing.look, drawing.look.palette
    for name, dash in (("95", "dot"), ("998", "solid")):
        for side in ("low", "high"):
            drawing.traces.append(go.Scatter(
                x=rows["x"], y=rows[f"limit{name}_{side}"], mode="lines", hoverinfo="skip", cliponaxis=True,
                line={"color": palette.neutral, "width": look.px(1.4), "dash": dash, "shape": "spline"},
            ))  # fmt: skip
    drawing.line(x[0], mean, x[1], mean, colour=palette.ink, width=1.4)
    ends = rows.iloc[-1]
    scale = (_HEIGHT - _TOP - _BOTTOM) / (y[1] - y[0])
    beside = [(mean, look.text("funnel.mean", value=look.level(mean)), 0.0)]
    for name in ("95", "998"):
        level = float(ends[f"limit{name}_high"])
        if y[0] <= level <= y[1]:
            beside.append((level, look.text(f"funnel.limit{name}"), 0.0))
    last = None
    for level, words, _ in sorted(beside, key=lambda b: b[0]):
        at = level * scale
        up = 0.0 if last is None else max(0.0, last + 18 - at)
        last = at + up
        drawing.note(words, 1, level, dx=8, dy=up, x_paper=True)


def _draw_units(drawing: Drawing, rows: pd.DataFrame) -> None:
    """Solid beyond the outer limits, paler within them; grey with few answers."""
    palette, px = drawing.look.palette, drawing.look.px
    colours = [_shade(row, drawing.look) for row in each(rows)]
    drawing.traces.append(go.Scatter(
        x=rows["x"], y=rows["score"], mode="markers", customdata=list(rows["key"]),
        **tips([_said(drawing.look, row) for row in each(rows)], drawing.look),
        marker={"size": px(11), "color": colours, "line": {"color": palette.background, "width": px(1)}},
    ))  # fmt: skip


def _shade(row: Any, look: Look) -> str:
    if row.n < GREY_BELOW:
        return look.palette.neutral
    return {True: look.palette.brand, False: look.palette.brand_pale}[row.outside > _OUTSIDE]


def _labels(
    drawing: Drawing, rows: pd.DataFrame, x: tuple[float, float], y: tuple[float, float]
) -> list[tuple[Any, dict[str, Any]]]:
    """Names of the units outside, the farthest first, where one finds a place that no other name takes."""
    look = drawing.look
    wide = NARROWEST - look.px(_LEFT + _RIGHT)
    high = look.px(_HEIGHT - _TOP - _BOTTOM)
    spots = [((r.x - x[0]) / (x[1] - x[0]) * wide, (r.score - y[0]) / (y[1] - y[0]) * high) for r in each(rows)]
    taken: list[Box] = [(px - 6, py - 6, px + 6, py + 6) for px, py in spots]
    far = (rows["score"] - (rows["limit95_low"] + rows["limit95_high"]) / 2).abs() / (
        rows["limit95_high"] - rows["limit95_low"]
    )
    labels = []
    order = far.where(rows["outside"] > 0).dropna().sort_values(ascending=False).index[:_NAMES]
    for i in order:
        row = rows.iloc[i]
        words = width(shortened(str(row["label"]), 170, SMALL), look.px(SMALL)) + 6
        for at, box in places(spots[i][0], spots[i][1], words, look.px(16)):
            if box[0] > 0 and box[2] < wide and not meets(box, taken):
                taken.append(box)
                labels.append((row, at))
                break
    return labels


def _counts(look: Look, x: tuple[float, float]) -> tuple[list[float], list[str]]:
    """Round numbers of answers on the logarithmic axis."""
    powers = range(int(x[0]) - 1, int(x[1]) + 2)
    steps = (1, 2, 5) if x[1] - x[0] < 2.5 else (1,)
    values = [log10(m * 10**p) for p in powers for m in steps if p >= 0 and x[0] <= log10(m * 10**p) <= x[1]]
    return values, [look.show(10**v, "count") for v in values]


def _said(look: Look, row: Any) -> str:
    """A unit in words."""
    return f"{row.label} {look.level(row.score)} ({look.text('n', n=row.n)})"


def _alt(look: Look, rows: pd.DataFrame, mean: float) -> str:
    outside = rows[rows["outside"] > 0]
    texts = [_said(look, row) for row in each(outside)]
    return look.text("alt.funnel", k=len(rows), mean=look.level(mean), count=len(outside), rows="; ".join(texts))

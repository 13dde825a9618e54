"""How do two numbers lie together? Some of the contacts as faint dots, and the mean of one along the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import TWO, each, number_axis, span
from pages.charts.drawing import Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import as_text
from pages.words.columns import GREY_BELOW
from pages.words.format import is_missing

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 400, 34, 62, 70, 24
_EDGE = 0.02  # of the dots at each end lie beyond the plot: a few far values would squash the others


def scatter(dots: pd.DataFrame, bins: pd.DataFrame, *, look: Look, x_title: str, y_title: str) -> go.Figure:
    """dots: x, y; bins, from low to high: x, n, value, low, high (mean of y with its interval)."""
    bins = bins[bins["value"].notna()]
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    x, y = (_within(dots[name], bins[own]) for name, own in (("x", ["x"]), ("y", ["value", "low", "high"])))
    drawing.scale(*number_axis(Look(look.catalogue), y))
    inside = dots[dots["x"].between(*x) & dots["y"].between(*y)]
    palette, px = look.palette, look.px
    drawing.traces.append(go.Scatter(
        x=inside["x"], y=inside["y"], mode="markers", hoverinfo="skip",
        marker={"size": px(6), "color": palette.brand, "opacity": _faint(len(inside)), "line": {"width": 0}},
    ))  # fmt: skip
    _draw_means(drawing, bins)
    for text, place, anchor, up, dy in (
        (as_text(x_title), (1, 0), "right", "top", -36),
        (as_text(y_title), (0, 1), "left", "bottom", 8),
    ):
        drawing.note(
            text,
            *place,
            anchor=anchor,
            up=up,
            dy=dy,
            dx=-_LEFT + 8 if anchor == "left" else 0,
            x_paper=True,
            y_paper=True,
        )
    axis = drawing.ticks(*number_axis(Look(look.catalogue), x), grid=False)
    return drawing.figure(x=x, y=y, alt=_alt(look, bins, x_title, y_title), x_axis=axis)


def _faint(dots: int) -> float:
    """Few dots stand out, many let their crowd be seen."""
    return min(0.75, max(0.16, 40 / max(dots, 1)))


def _within(dots: pd.Series, bins: pd.DataFrame) -> tuple[float, float]:
    """A range for nearly all dots and for all means."""
    ends = list(np.quantile(dots, [_EDGE, 1 - _EDGE])) if len(dots) else []
    return span([*ends, *bins.to_numpy(dtype=float).ravel()], pad=0.04, least=1e-6)


def _draw_means(drawing: Drawing, bins: pd.DataFrame) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    colours = [palette.ink if n >= GREY_BELOW else palette.neutral for n in bins["n"]]
    for row, colour in zip(each(bins), colours, strict=True):
        if not (is_missing(row.low) or is_missing(row.high)):
            drawing.line(row.x, row.low, row.x, row.high, colour=colour, width=5, opacity=0.45, above=True)
    drawing.traces.append(go.Scatter(
        x=bins["x"], y=bins["value"], mode="lines+markers" if len(bins) > TWO else "markers",
        **tips(_said(drawing.look, bins), drawing.look),
        line={"color": palette.ink, "width": px(1.6)}, marker={"size": px(11), "color": colours},
    ))  # fmt: skip


def _said(look: Look, bins: pd.DataFrame) -> list[str]:
    """Each mean in words."""
    return [
        look.text(
            "alt.scatter_row",
            n=row.n,
            **{name: look.show(getattr(row, name), "raw") for name in ("x", "value", "low", "high")},
        )
        for row in each(bins)
    ]


def _alt(look: Look, bins: pd.DataFrame, x_title: str, y_title: str) -> str:
    texts = _said(look, bins)
    return look.text("alt.scatter", x=x_title, y=y_title, rows="; ".join(texts))

"""How does the score respond to a driver? A dot with its interval for each bin, and where it bends."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, TWO, each, number_axis, span
from pages.charts.drawing import TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import as_text, bold, width
from pages.words.columns import GREY_BELOW
from pages.words.digits import decimals
from pages.words.format import held, is_missing

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 360, 44, 62, 62, 24
_FEW = 3  # values that have a tick each


def dose(
    rows: pd.DataFrame,
    *,
    look: Look,
    title: str,
    unit: str = "",
    knee: tuple[float, float, float] | None = None,
    log_from: float = 0.0,
    names: Sequence[str] = (),
) -> go.Figure:
    """rows, from low to high: x, n, score, score_low, score_high.

    title: the driver with its unit, under the axis; unit: the same in short. knee: where the line bends, and the
    interval of that place. log_from: the least value on a logarithmic axis, 0 for a plain one. names: what the values
    are called, where they are no numbers.
    """
    rows = rows[rows["score"].notna()].assign(value=rows["x"])
    bend = _knee_words(look, knee, unit) if knee else ""
    if log_from:
        rows = rows.assign(x=np.log10(rows["x"].clip(lower=log_from)))
        knee = (log10(knee[0]), log10(knee[1]), log10(knee[2])) if knee else None
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    x = span(rows["x"], pad=0.6 if names else 0.03, least=1e-6)
    y = span([*rows["score"], *rows["score_low"], *rows["score_high"]], pad=0.06)
    drawing.scale(*number_axis(look, y))
    if knee:
        _draw_knee(drawing, knee, bend, x)
    _draw_bins(drawing, rows)
    drawing.note(as_text(title), 1, 0, anchor="right", up="top", dy=-36, x_paper=True, y_paper=True)
    places = (list(rows["x"]), names) if names else _powers(look, x) if log_from else _places(look, rows, x)
    axis = drawing.ticks(*places, grid=False)
    return drawing.figure(x=x, y=y, alt=_alt(look, rows, title, bend), x_axis=axis)


def _places(look: Look, rows: pd.DataFrame, x: tuple[float, float]) -> tuple[list[float], list[str]]:
    """Ticks at round numbers with their labels, or at the values themselves where these are few."""
    if len(rows) <= _FEW:
        return list(rows["x"]), [_whole(value) or look.show(value, "raw") for value in rows["x"]]
    places, labels = number_axis(Look(look.catalogue), x)
    inside = [(place, label) for place, label in zip(places, labels, strict=True) if x[0] <= place <= x[1]]
    return [place for place, _ in inside], [label for _, label in inside]


def _powers(look: Look, x: tuple[float, float]) -> tuple[list[float], list[str]]:
    """Ticks at powers of ten."""
    powers = list(range(ceil(x[0]), floor(x[1]) + 1))
    return [float(power) for power in powers], [
        look.show(10.0**power, "count" if power >= 0 else "raw") for power in powers
    ]


def _whole(value: float) -> str:
    return decimals(value, 0) if float(value).is_integer() else ""


def _draw_knee(drawing: Drawing, knee: tuple[float, float, float], words: str, x: tuple[float, float]) -> None:
    look, palette, (at, low, high) = drawing.look, drawing.look.palette, knee
    if not (is_missing(low) or is_missing(high)):
        drawing.area((max(low, x[0]), min(high, x[1])), (0, 1), colour=palette.band, y_paper=True)
    drawing.line(at, 0, at, 1, colour=palette.ink, width=1.6, dash="dot", y_paper=True)
    room = NARROWEST - look.px(_LEFT + _RIGHT)
    place, half = (at - x[0]) / (x[1] - x[0]) * room, width(words, look.px(TEXT)) / 2
    anchor, where = ("left", x[0]) if place < half else ("right", x[1]) if room - place < half else ("center", at)
    drawing.write(bold(words), where, 1, size=TEXT, anchor=anchor, up="bottom", dy=8, y_paper=True)


def _knee_words(look: Look, knee: tuple[float, float, float], unit: str) -> str:
    at, low, high = (look.show(value, "raw") for value in knee)
    return look.text("dose.knee", at=held(f"{at} {unit}".strip()), low=low, high=high)


def _draw_bins(drawing: Drawing, rows: pd.DataFrame) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    colours = [palette.brand if n >= GREY_BELOW else palette.neutral for n in rows["n"]]
    for row, colour in zip(each(rows), colours, strict=True):
        if not (is_missing(row.score_low) or is_missing(row.score_high)):
            drawing.line(row.x, row.score_low, row.x, row.score_high, colour=colour, width=5, opacity=0.38)
    drawing.traces.append(go.Scatter(
        x=rows["x"], y=rows["score"], mode="lines+markers" if len(rows) > TWO else "markers",
        **tips([_alt_row(drawing.look, row) for row in each(rows)], drawing.look),
        line={"color": palette.faint, "width": px(1.6)}, marker={"size": px(11), "color": colours},
    ))  # fmt: skip


def _alt(look: Look, rows: pd.DataFrame, title: str, bend: str) -> str:
    texts = [*(_alt_row(look, row) for row in each(rows)), bend]
    return look.text("alt.dose", title=title, rows="; ".join(filter(None, texts)))


def _alt_row(look: Look, row: Any) -> str:
    return look.text(
        "alt.dose_row",
        x=look.show(row.value, "raw"),
        score=look.level(row.score),
        low=look.level(row.score_low),
        high=look.level(row.score_high),
        n=row.n,
    )

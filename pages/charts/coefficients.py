"""Which coefficients are there, and does one hold everywhere? A dot with its interval for each, around zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import each, keyed, name_column, name_room, number_axis, room_of, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, width
from pages.words.columns import GREY_BELOW
from pages.words.format import is_missing

_PITCH, _TOP, _BOTTOM, _VALUE, _GAP = 40, 34, 44, 62, 14


@dataclass(frozen=True)
class Whole:
    """The coefficient of all rows together, and how it is written."""

    value: float
    spec: str


def coefficients(rows: pd.DataFrame, *, look: Look, whole: Whole | None = None) -> go.Figure:
    """rows: label, n, value, low, high, spec (how it is written), turns (its sign is surely another), note, key.

    whole: the coefficient of all together. Without a note, the number of contacts stands beside a coefficient.
    """
    rows = keyed(rows)
    counts = list(rows["note"]) if "note" in rows else [look.text("n", n=n) for n in rows["n"]]
    right = _VALUE + _GAP + max((width(text, SMALL) for text in counts), default=0)
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(rows), Margin(name_room(rows, 300), right, _TOP, _BOTTOM))
    x = span([*rows["value"], *rows["low"], *rows["high"], whole.value if whole else 0.0, 0.0], pad=0.05, least=0.02)
    drawing.line(0, 0, 0, 1, colour=look.palette.ink, width=1.6, dash="dot", y_paper=True)
    if whole:
        _draw_whole(drawing, whole)
    for i, row in enumerate(each(rows)):
        _draw_row(drawing, row, i)
        drawing.note(counts[i], 1, -i, anchor="right", dx=right, x_paper=True)
    name_column(drawing, rows)
    drawing.hit_areas(rows["key"], x)
    axis = drawing.ticks(*number_axis(Look(look.catalogue, large=look.large), x, room=room_of(drawing)), grid=True)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=_alt(look, rows), x_axis=axis)


def _draw_whole(drawing: Drawing, whole: Whole) -> None:
    """A line through all rows, with its coefficient above it."""
    look, at = drawing.look, whole.value
    drawing.line(at, 0, at, 1, colour=look.palette.brand, width=1.6, opacity=0.5, y_paper=True)
    words = look.text("coefficients.whole", value=look.show(at, whole.spec))
    drawing.note(words, at, 1, anchor="center", up="bottom", dy=8, y_paper=True)


def _draw_row(drawing: Drawing, row: Any, i: int) -> None:
    look, palette = drawing.look, drawing.look.palette
    if row.n < WITHHELD_BELOW or is_missing(row.value):
        few = look.text("few", n=WITHHELD_BELOW) if row.n < WITHHELD_BELOW else look.show(None, row.spec)
        drawing.note(few, 1, -i, anchor="right", dx=_VALUE, x_paper=True)
        return
    colour = palette.neutral if row.n < GREY_BELOW else palette.loss if row.turns else palette.brand
    if not (is_missing(row.low) or is_missing(row.high)):
        drawing.line(row.low, -i, row.high, -i, colour=colour, width=5, opacity=0.45)
    drawing.traces.append(go.Scatter(
        x=[row.value], y=[-i], mode="markers", **tips([_said(look, row)], look),
        marker={"size": look.px(13), "color": colour},
        customdata=[[row.key]],
    ))  # fmt: skip
    ink = palette.quiet if row.n < GREY_BELOW else palette.loss_text if row.turns else palette.ink
    text = bold(look.show(row.value, row.spec))
    drawing.write(text, 1, -i, size=TEXT, anchor="right", dx=_VALUE, x_paper=True, colour=ink)


def _said(look: Look, row: Any) -> str:
    """A row in words."""
    numbers = {name: look.show(getattr(row, name), row.spec) for name in ("value", "low", "high")}
    return look.text("alt.coefficients_row", label=row.label, n=row.n, **numbers)


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.coefficients", rows="; ".join(_said(look, row) for row in each(rows)))

"""How is a number spread within each group? The middle half as a box, its median a gap, the mean a dot."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import each, keyed, name_column, name_room, number_axis, room_of, span
from pages.charts.drawing import SMALL, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import as_text, bold, width
from pages.words.columns import GREY_BELOW

_PITCH, _TOP, _BOTTOM, _VALUE, _GAP = 44, 30, 62, 76, 14
_BOX = 0.27  # half the height of a box


def boxes(rows: pd.DataFrame, *, look: Look, title: str) -> go.Figure:
    """rows, a group each: label, n, value (its mean), p5, q25, q50, q75, p95, maybe key.

    title: what is measured, with its unit. Groups of fewer than ten have no box.
    """
    rows = keyed(rows)
    counts = [look.text("n", n=n) for n in rows["n"]]
    right = _VALUE + _GAP + max((width(text, SMALL) for text in counts), default=0)
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(rows), Margin(name_room(rows, 260), right, _TOP, _BOTTOM))
    x = span([*rows["p5"], *rows["p95"]], pad=0.03, least=1e-6)
    for i, row in enumerate(each(rows)):
        if row.n >= WITHHELD_BELOW:
            _draw_box(drawing, row, i)
        _write_row(drawing, row, i, counts[i], right)
    name_column(drawing, rows)
    drawing.hit_areas(rows["key"], x)
    for text, place, anchor, dx in (
        (look.text("boxes.spread"), 0, "left", 0),
        (look.text("boxes.mean"), 1, "right", _VALUE),
    ):
        drawing.head(text, place, anchor=anchor, dx=dx)
    drawing.note(as_text(title), 1, 0, anchor="right", up="top", dy=-36, x_paper=True, y_paper=True)
    axis = drawing.ticks(*number_axis(Look(look.catalogue, large=look.large), x, room=room_of(drawing)), grid=True)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=_alt(look, rows, title), x_axis=axis)


def _draw_box(drawing: Drawing, row: Any, i: int) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    known = row.n >= GREY_BELOW
    drawing.line(row.p5, -i, row.p95, -i, colour=palette.faint, width=3)
    fill = palette.brand_pale if known else palette.palest
    drawing.area((row.q25, row.q75), (-i - _BOX, -i + _BOX), colour=fill, layer="between")
    drawing.line(row.q50, -i - _BOX, row.q50, -i + _BOX, colour=palette.background, width=3, above=True)
    drawing.traces.append(go.Scatter(
        x=[row.value], y=[-i], mode="markers", customdata=[row.key], **tips([_said(drawing.look, row)], drawing.look),
        marker={"size": px(13), "color": palette.brand if known else palette.neutral,
                "line": {"width": px(2), "color": palette.background}},
    ))  # fmt: skip


def _write_row(drawing: Drawing, row: Any, i: int, counts: str, right: float) -> None:
    look, palette = drawing.look, drawing.look.palette
    few = row.n < WITHHELD_BELOW
    value = look.text("few", n=WITHHELD_BELOW) if few else bold(look.show(row.value, "raw"))
    colour = palette.quiet if row.n < GREY_BELOW else palette.ink
    drawing.write(value, 1, -i, colour=colour, anchor="right", dx=_VALUE, x_paper=True)
    drawing.note(counts, 1, -i, anchor="right", dx=right, x_paper=True)


def _said(look: Look, row: Any) -> str:
    """A row in words."""
    numbers = {name: look.show(getattr(row, name), "raw") for name in ("value", "q25", "q50", "q75")}
    return look.text("alt.boxes_row", label=row.label, n=row.n, **numbers)


def _alt(look: Look, rows: pd.DataFrame, title: str) -> str:
    texts = [_said(look, row) for row in each(rows[rows["n"] >= WITHHELD_BELOW])]
    return look.text("alt.boxes", title=title, rows="; ".join(texts))

"""What is the score related to? A bar per driver with its interval, the most important first; grey without evidence.

A bar and its interval are the driver's share of what all of them explain together, the number that stands beside it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from data_access.metric_kinds import Unit
from pages.charts.common import NARROWEST, each, keyed, name_column, name_room, number_axis
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, width
from pages.words.format import is_missing

_PITCH, _BAR, _TOP, _BOTTOM = 46, 0.56, 34, 44
_SHARE, _GAP = 66, 16  # pixels right of the plot


def drivers(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, the most important first: label, importance, low, high, share (all 0..1), significant, words, maybe key.

    significant: whether there is evidence; without it a bar is grey, but as long as it is. words: the direction said.
    """
    rows = _shared(keyed(rows))
    spoken = max((width(text, TEXT) for text in rows["words"]), default=0) * 0.92
    drawing = Drawing(
        look,
        _TOP + _BOTTOM + _PITCH * len(rows),
        Margin(name_room(rows, 260), _SHARE + _GAP + spoken + 4, _TOP, _BOTTOM),
    )
    x = (0.0, max(float(rows[["share", "share_high"]].max().max()) * 104, 1e-4))
    _draw_bars(drawing, rows)
    for i, row in enumerate(each(rows)):
        _draw_interval(drawing, row, i)
        _write_row(drawing, row, i)
    _write_heads(drawing)
    name_column(drawing, rows)
    drawing.hit_areas(rows["key"], x)
    axis = drawing.ticks(*number_axis(Look(look.catalogue, Unit.RATE), x), grid=True)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=_alt(look, rows), x_axis=axis)


def _shared(rows: pd.DataFrame) -> pd.DataFrame:
    """With the intervals on the scale of the shares."""
    whole = (rows["importance"].sum() / rows["share"].sum()) or float("nan")
    return rows.assign(share_low=rows["low"] / whole, share_high=rows["high"] / whole)


def _write_heads(drawing: Drawing) -> None:
    """Over the bars and the shares; the first begins over the names where the bars have too little room for it."""
    look, margin = drawing.look, drawing.margin
    over = width(look.text("drivers.explained"), SMALL) - (NARROWEST / look.px(1) - margin.left - margin.right)
    back = -min(max(over, 0.0), margin.left)
    for text, place, anchor, dx in (("explained", 0, "left", back), ("share", 1, "right", _SHARE)):
        drawing.head(look.text(f"drivers.{text}"), place, anchor=anchor, dx=dx)


def _draw_bars(drawing: Drawing, rows: pd.DataFrame) -> None:
    palette = drawing.look.palette
    said = tips(_said(drawing.look, rows), drawing.look)
    colours = [palette.brand_pale if significant else palette.faint for significant in rows["significant"]]
    drawing.traces.append(go.Bar(
        x=rows["share"] * 100, y=[-i for i in range(len(rows))], orientation="h", width=_BAR, **said,
        customdata=list(rows["key"]), marker={"color": colours, "line": {"width": 0}},
    ))  # fmt: skip


def _draw_interval(drawing: Drawing, row: Any, i: int) -> None:
    if is_missing(row.share_low) or is_missing(row.share_high):
        return
    palette = drawing.look.palette
    colour = palette.brand if row.significant else palette.neutral
    drawing.line(row.share_low * 100, -i, row.share_high * 100, -i, colour=colour, width=4, above=True)


def _write_row(drawing: Drawing, row: Any, i: int) -> None:
    look, palette = drawing.look, drawing.look.palette
    colour = palette.ink if row.significant else palette.quiet
    share = bold(look.show(row.share, "share"))
    drawing.write(share, 1, -i, size=TEXT + 1, colour=colour, anchor="right", dx=_SHARE, x_paper=True)
    drawing.write(row.words, 1, -i, colour=colour, dx=_SHARE + _GAP, x_paper=True)


def _said(look: Look, rows: pd.DataFrame) -> list[str]:
    """Each row in words."""
    texts = []
    for row in each(rows):
        numbers = {name: look.show(getattr(row, name), "share") for name in ("share", "importance", "low", "high")}
        texts.append(look.text("alt.drivers_row", label=row.label, words=row.words, **numbers))
    return texts


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.drivers", rows="; ".join(_said(look, rows)))

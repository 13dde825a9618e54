"""How much of the starting problem is left after each step? A shrinking bar a step, the last in colour."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, keyed, name_column, name_room
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, width
from pages.words.columns import GREY_BELOW
from pages.words.digits import decimals
from pages.words.format import is_missing

_PITCH, _TOP, _BAR = 52, 34, 0.54
_MOST_BESIDE = 0.7  # of the plot: the numbers of a longer bar stand on it
_WHOLE = 0.05  # points lost that far from a whole number are written as one
_COLUMN, _GAP = 64, 26  # pixels right of the plot: the least width of a column of numbers, and the gap between two


def kept_bars(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, a step each, the starting problem first: label, kept, kept_of_all (0..1), lost_raw, n, maybe key.

    kept: the part of the first step's loss; lost_raw: points on the scale of the answers. A step without a part (the
    whole, before any step) is left out; the last one is coloured unless fewer than 30 answered.
    """
    rows = keyed(rows[rows["kept"].notna()])
    heads = (look.text("kept.of_all"), look.text("kept.answers"))
    columns = [max(width(head, SMALL), _COLUMN) + _GAP for head in heads]
    drawing = Drawing(look, _TOP + 8 + _PITCH * len(rows), Margin(name_room(rows), sum(columns), _TOP, 8))
    _draw_bars(drawing, rows)
    for i, row in enumerate(each(rows)):
        _write_row(drawing, row, i, columns, last=i == len(rows) - 1)
    _heads(drawing, heads, columns)
    name_column(drawing, rows, strong=[len(rows) - 1])
    drawing.hit_areas(rows["key"], (0, 1))
    return drawing.figure(x=(0, 1), y=(0.5 - max(len(rows), 1), 0.5), alt=_alt(look, rows))


def _ends(drawing: Drawing, rows: pd.DataFrame) -> list[str]:
    """Steps fade from the whole to the last, which alone has the colour of a loss."""
    palette = drawing.look.palette
    steps = [palette.faint, *[palette.brand_pale] * (len(rows) - 1)]
    if len(rows) and rows["n"].iloc[-1] >= GREY_BELOW:
        steps[-1] = palette.loss
    return steps


def _draw_bars(drawing: Drawing, rows: pd.DataFrame) -> None:
    drawing.traces.append(go.Bar(
        x=rows["kept"], y=[-i for i in range(len(rows))], orientation="h", width=_BAR,
        **tips(_said(drawing.look, rows), drawing.look),
        customdata=list(rows["key"]), marker={"color": _ends(drawing, rows), "line": {"width": 0}},
    ))  # fmt: skip


def _write_row(drawing: Drawing, row: Any, i: int, columns: list[float], *, last: bool) -> None:
    look, palette = drawing.look, drawing.look.palette
    coloured = last and row.n >= GREY_BELOW
    words = f"{bold(look.show(row.kept, 'share'))}&nbsp;·&nbsp;{points(row.lost_raw, look)}"
    within = row.kept > _MOST_BESIDE
    on_bar = palette.background if coloured else palette.ink
    beside = palette.loss_text if coloured else palette.ink
    drawing.write(
        words,
        row.kept,
        -i,
        anchor="right" if within else "left",
        dx=-12 if within else 12,
        colour=on_bar if within else beside,
    )
    numbers = (look.show(row.kept_of_all, "share"), look.show(row.n, "count"))
    for text, right, colour in zip(numbers, (columns[0], sum(columns)), (palette.ink, palette.quiet), strict=True):
        drawing.write(text, 1, -i, size=TEXT, colour=colour, anchor="right", dx=right, x_paper=True)


def points(lost: float, look: Look) -> str:
    """Points lost on the scale of the answers: whole ones as such, parts of an answer with one decimal."""
    if is_missing(lost):
        return look.show(None, "number")
    return decimals(lost, 0 if abs(lost - round(lost)) < _WHOLE else 1)


def _heads(drawing: Drawing, heads: tuple[str, str], columns: list[float]) -> None:
    for head, right in zip(heads, (columns[0], sum(columns)), strict=True):
        drawing.head(head, 1, anchor="right", dx=right)
    drawing.head(drawing.look.text("kept.head"), 0)


def _said(look: Look, rows: pd.DataFrame) -> list[str]:
    """Each step in words."""
    return [
        look.text("alt.kept_row", label=r.label, kept=r.kept, lost=points(r.lost_raw, look), all=r.kept_of_all, n=r.n)
        for r in each(rows)
    ]


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.kept", rows="; ".join(_said(look, rows)))

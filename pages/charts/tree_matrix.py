"""How does each measure stand in each segment? A cell for both, with its value and state; measures in their branches.

Cells are orange where worse or missed, blue where better or met; nothing is drawn where a measure does not apply.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, each
from pages.charts.drawing import CLEAR, SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, longest_word, width
from pages.charts.tree import NARROW, SIGNS

_LEFT, _ROW, _HEAD, _BRANCH = 214, 36, 58, 30  # pixels: names, a row, names of the segments, the name of a branch
_COLUMN = 75  # pixels of the narrowest column
_HEADS, _SMALLEST = 12, 10  # font sizes of the names of segments


def tree_matrix(
    rows: pd.DataFrame, names: pd.DataFrame, segments: Sequence[str], *, look: Look, room: float = NARROWEST
) -> go.Figure:
    """rows, a measure in a segment each: measure (its key), column (place of the segment), value, state (words),
    tone (loss, gain, none), said. names, a measure each, those of a branch together: branch, name, key. room: pixels
    across.
    """
    places, heads, top = dict[Any, float](), list[tuple[str, float]](), 0.0
    for branch, own in names.groupby("branch", sort=False):
        heads.append((str(branch), top + _BRANCH / 2))
        top += _BRANCH
        for key in own["key"]:
            places[key] = top + _ROW / 2
            top += _ROW
    drawing = Drawing(look, top + _HEAD, Margin(left=_LEFT, top=_HEAD))
    drawn = rows[rows["measure"].isin(places)]
    wide = (room - look.px(_LEFT)) / len(segments)
    _draw_heads(drawing, segments, wide)
    _draw_names(drawing, names, places, heads, len(segments))
    for row in each(drawn):
        _draw_cell(drawing, row, places[row.measure], TEXT if look.px(TEXT) * 5.5 < wide else SMALL)
    drawing.traces.append(_hits(drawn, places, look))
    return drawing.figure(x=(0, len(segments)), y=(top, 0), alt=_alt(look, drawn))


def most_columns(room: float, look: Look) -> int:
    """How many segments stand side by side in so many pixels."""
    return max(int((room - look.px(_LEFT)) / _COLUMN), 1)


def _draw_heads(drawing: Drawing, segments: Sequence[str], wide: float) -> None:
    look, room = drawing.look, (wide - 4) * NARROW
    widest = max(width(longest_word(segment), look.px(1)) for segment in segments)
    size = max(min(_HEADS, room / widest), _SMALLEST)  # no word is parted where that can be helped
    for i, segment in enumerate(segments):
        text = fitted(segment, room, look.px(size), lines=3)
        drawing.write(text, i + 0.5, 1, size=size, anchor="center", up="bottom",
                      dy=6, y_paper=True)  # fmt: skip


def _draw_names(
    drawing: Drawing, names: pd.DataFrame, places: dict[Any, float], heads: Sequence[tuple[str, float]], columns: int
) -> None:
    look, palette = drawing.look, drawing.look.palette
    for branch, y in heads:
        drawing.write(bold(branch), 0, y, size=SMALL, colour=palette.quiet, dx=-_LEFT)
        drawing.line(0, y + _BRANCH / 2, columns, y + _BRANCH / 2, colour=palette.band)
    for row in each(names):
        text = fitted(row.name, look.px(_LEFT - 12) * NARROW, look.px(SMALL + 1))
        drawing.write(text, 0, places[row.key], dx=-_LEFT, size=SMALL + 1 if "<br>" not in text else SMALL)


def _draw_cell(drawing: Drawing, row: Any, y: float, size: float) -> None:
    palette, x = drawing.look.palette, (row.column + 0.03, row.column + 0.97)
    plain = row.tone == "none"
    drawing.area(x, (y - _ROW / 2 + 2, y + _ROW / 2 - 2), colour=palette.band if plain else palette.mark(row.tone),
                 opacity=0.75 if plain else 0.2)  # fmt: skip
    sign = "" if plain else f"<span style='color:{palette.word(row.tone)}'>{SIGNS[row.tone]} </span>"
    drawing.write(f"{sign}{row.value}", row.column + 0.5, y, size=size, anchor="center",
                  colour=palette.ink if row.known else palette.quiet)  # fmt: skip


def _hits(rows: pd.DataFrame, places: dict[Any, float], look: Look) -> go.Bar:
    return go.Bar(
        orientation="h", base=list(rows["column"]), x=[1.0] * len(rows), y=[places[m] for m in rows["measure"]],
        width=[_ROW] * len(rows), customdata=list(rows["measure"]), marker={"color": CLEAR, "line": {"width": 0}},
        **tips(list(rows["said"]), look),
    )  # fmt: skip


def _alt(look: Look, rows: pd.DataFrame) -> str:
    told = rows[rows["tone"] != "none"]
    return look.text("alt.tree_matrix", n=len(rows), rows="; ".join(told["said"]))

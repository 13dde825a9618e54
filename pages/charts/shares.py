"""How does one answer split within each value of another? A bar per row, as thick as it is large."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import each, name_column, name_room
from pages.charts.drawing import SMALL, Drawing, Margin
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, width
from pages.words.columns import GREY_BELOW

_PITCH, _TOP, _BOTTOM, _GAP = 44, 64, 10, 14
_THICK = (0.30, 0.90)  # of a row's pitch: the smallest and the largest group
APART = (0.85, 0.4, 0.65, 0.2, 0.55, 0.3, 0.1)
_ROOM = 560  # pixels of the plot, about


def shares(
    cells: pd.DataFrame, *, look: Look, rows: Sequence[str], columns: Sequence[str], ordered: bool
) -> go.Figure:
    """cells: row, column (labels), n, share (of the row, 0..1), maybe key.

    ordered: whether the columns have an order. Then they go from light to dark; else neighbours are told apart.
    """
    sizes = cells.groupby("row", sort=False)["n"].sum().reindex(list(rows)).fillna(0.0)
    counts = [look.text("n", n=n) for n in sizes]
    right = _GAP + max((width(text, SMALL) for text in counts), default=0)
    names = pd.DataFrame({"label": list(rows)})
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(rows), Margin(name_room(names, 260), right, _TOP, _BOTTOM))
    colours = _colours(look, len(columns), ordered=ordered)
    share_of = cells.set_index(["row", "column"])["share"]
    for i, row in enumerate(rows):
        if sizes.iloc[i] >= WITHHELD_BELOW:
            parts = [float(share_of.get((row, column), 0.0)) for column in columns]
            _draw_row(drawing, i, parts, colours, _thick(sizes.iloc[i], sizes.max()), grey=sizes.iloc[i] < GREY_BELOW)
        else:
            drawing.note(look.text("few", n=WITHHELD_BELOW), 0, -i)
        drawing.note(counts[i], 1, -i, anchor="right", dx=right, x_paper=True)
    name_column(drawing, names)
    _write_heads(drawing, columns, colours)
    _say(drawing, cells, rows, columns)
    return drawing.figure(x=(0.0, 1.0), y=(0.5 - len(rows), 0.5), alt=_alt(look, cells))


def _thick(n: float, most: float) -> float:
    return _THICK[0] + (_THICK[1] - _THICK[0]) * (n / most if most > 0 else 0.0)


def _colours(look: Look, count: int, *, ordered: bool) -> list[tuple[str, float]]:
    """Colour and opacity of each column."""
    if not ordered:
        return [(look.palette.brand, APART[i % len(APART)]) for i in range(count)]
    return [(look.palette.brand, 0.15 + 0.85 * i / max(count - 1, 1)) for i in range(count)]


def _draw_row(
    drawing: Drawing,
    i: int,
    parts: Sequence[float],
    colours: Sequence[tuple[str, float]],
    thick: float,
    *,
    grey: bool,
) -> None:
    look, start = drawing.look, 0.0
    for share, (colour, opacity) in zip(parts, colours, strict=True):
        drawing.area(
            (start, start + share),
            (-i - thick / 2, -i + thick / 2),
            colour=look.palette.neutral if grey else colour,
            opacity=opacity,
            layer="between",
            edge=look.palette.background,
        )
        text = look.show(share, "share")
        if share * _ROOM > width(text, look.px(SMALL)) + 8:
            ink = look.palette.background if opacity > 0.5 else look.palette.ink
            drawing.write(bold(text), start + share / 2, -i, size=SMALL, colour=ink, anchor="center")
        start += share


def _write_heads(drawing: Drawing, columns: Sequence[str], colours: Sequence[tuple[str, float]]) -> None:
    """The columns named in a line above the bars, each with a square of its colour."""
    look, place = drawing.look, 0.0
    room = _ROOM / max(len(columns), 1)
    for name, (colour, opacity) in zip(columns, colours, strict=True):
        drawing.shapes.append({
            "type": "rect", "xref": "paper", "yref": "paper", "x0": place, "x1": place + 0.018, "y0": 1, "y1": 1,
            "yanchor": 1, "ysizemode": "pixel", "fillcolor": colour, "opacity": opacity, "line": {"width": 0},
        } | {"y0": look.px(16), "y1": look.px(28)})  # fmt: skip
        drawing.write(
            fitted(name, room - 26, look.px(SMALL)),
            place + 0.018,
            1,
            size=SMALL,
            colour=look.palette.ink,
            up="middle",
            dx=5,
            dy=22,
            x_paper=True,
            y_paper=True,
        )
        place += 1 / max(len(columns), 1)


def _said(look: Look, cells: pd.DataFrame) -> list[str]:
    """Each cell in words."""
    return [
        look.text("alt.shares_row", row=c.row, column=c.column, share=look.show(c.share, "share"), n=c.n)
        for c in each(cells)
    ]


def _say(drawing: Drawing, cells: pd.DataFrame, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Each part at its middle; those of rows with too few answers are not drawn."""
    order = {column: place for place, column in enumerate(columns)}
    for i, row in enumerate(rows):
        own = cells[cells["row"] == row].sort_values("column", key=lambda names: names.map(order))
        if own["n"].sum() >= WITHHELD_BELOW:
            middles = own["share"].cumsum() - own["share"] / 2
            drawing.say(middles, [-i] * len(own), _said(drawing.look, own), own.get("key"))


def _alt(look: Look, cells: pd.DataFrame) -> str:
    texts = _said(look, cells)
    return look.text("alt.shares", rows="; ".join(texts))

"""On which days of the month and at which hours are more points lost than others would lose there?

A cell per day and hour has the colour of what it loses beyond its share of the answers, orange, or short of it, blue:
where most call, most is lost, and that says nothing. What too few answered to say is hatched; where nobody answered,
nothing is drawn. The bars at the edges sum each day and each hour that loses beyond its share.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import each
from pages.charts.drawing import SMALL, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, width

_PITCH, _BOTTOM, _LEFT = 21, 104, 62
_DAYS = 31
_EVEN = 1e-9  # a share of the loss that is that of the answers
_EDGE = 54  # pixels of the longest bar at an edge
_SCALE, _WORDS = 170, 400  # pixels of the scale of colours, and of a line of words beside it
_PLAIN = (30, 24)  # pixels above and right of the cells without such bars


def heat_map(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, a day of the month and an hour each: day (1..31), hour (0..23), n, contribution (0..1, NaN withheld).

    contribution: the part of all lost points; keys are the places of the rows.
    """
    rows = rows.assign(key=range(len(rows)), share=rows["n"] / rows["n"].sum())
    rows = rows.assign(excess=rows["contribution"] - rows["share"])[rows["n"] > 0]
    first, last = (int(rows["hour"].min()), int(rows["hour"].max())) if len(rows) else (0, 23)
    summed = len(rows) > 0 and bool(rows["contribution"].notna().all()) and rows["contribution"].sum() > 0
    hours = rows.groupby("hour")["excess"].sum()
    named = width(_beyond(look, hours.max()), SMALL * 1.1) if summed else 0.0
    top, right = (_EDGE + 34, _EDGE + 18 + named) if summed else _PLAIN
    drawing = Drawing(look, top + _BOTTOM + _PITCH * (last - first + 1), Margin(_LEFT, right, top, _BOTTOM))
    rows = rows.assign(said=[_said(look, row) for row in each(rows)])
    _draw_cells(drawing, rows[rows["contribution"].notna()])
    draw_hatched(drawing, rows[rows["contribution"].isna()])
    if summed:
        _draw_edges(drawing, rows, first, last)
    _name_axes(drawing, first, last)
    _legend(drawing, rows)
    return drawing.figure(x=(0.5, _DAYS + 0.5), y=(last + 0.5, first - 0.5), alt=_alt(look, rows))


def _draw_cells(drawing: Drawing, rows: pd.DataFrame) -> None:
    """What is known, with its scale below at the left."""
    look, palette, px = drawing.look, drawing.look.palette, drawing.look.px
    most = float(rows["excess"].abs().max()) if len(rows) and rows["contribution"].sum() > 0 else 0.0
    marker = {
        "color": list(rows["excess"]), "cmin": -most or -1.0, "cmax": most or 1.0, "line": {"width": 0},
        "colorscale": [[0, palette.gain], [0.5, palette.band], [1, palette.loss]], "showscale": most > 0,
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "xpad": 0, "y": _below(drawing, 58), "yanchor": "top",
            "ypad": 0, "thickness": px(11), "lenmode": "pixels", "len": px(_SCALE), "outlinewidth": 0, "ticks": "",
            "tickvals": [-most, most], "ticktext": [_beyond(look, -most), _beyond(look, most)],
            "tickfont": {"size": px(SMALL), "color": palette.quiet},
        },
    }  # fmt: skip
    drawing.traces.append(cells(rows, marker, look))


def cells(rows: pd.DataFrame, marker: dict[str, Any], look: Look) -> go.Bar:
    """A cell for each row, at its day and hour; it says what the row says and answers to a click."""
    return go.Bar(
        x=rows["day"], base=rows["hour"] - 0.45, y=[0.9] * len(rows), width=0.92, marker=marker,
        customdata=list(rows["key"]), **tips(list(rows["said"]), look),
    )  # fmt: skip


def _beyond(look: Look, excess: float) -> str:
    """A part of the lost points beyond that of the answers: "+1.2 pp"."""
    return look.show(excess * 100, "pp_change")


def _said(look: Look, row: Any) -> str:
    """A cell in words."""
    return look.text(
        "alt.heat_row", day=str(row.day), hour=f"{row.hour}:00", share=row.contribution, answers=row.share
    )


def _below(drawing: Drawing, pixels: float) -> float:
    """So many pixels below the plot, as a part of its height."""
    return -pixels / (drawing.height - drawing.margin.top - drawing.margin.bottom)


def draw_hatched(drawing: Drawing, rows: pd.DataFrame) -> None:
    """Cells of too few to say anything."""
    palette = drawing.look.palette
    pattern = {"shape": "/", "fgcolor": palette.faint, "bgcolor": palette.background, "size": drawing.look.px(6),
               "solidity": 0.2, "fillmode": "replace"}  # fmt: skip
    marker = {"pattern": pattern, "color": palette.faint, "line": {"width": 0}}
    drawing.traces.append(cells(rows, marker, drawing.look))


def _draw_edges(drawing: Drawing, rows: pd.DataFrame, first: int, last: int) -> None:
    """What days above and hours at the right lose beyond their share, the largest with its number."""
    days = rows.groupby("day")["excess"].sum().reindex(range(1, _DAYS + 1), fill_value=0.0)
    hours = rows.groupby("hour")["excess"].sum().reindex(range(first, last + 1), fill_value=0.0)
    for axis, sums in (("x", days), ("y", hours)):
        most = float(sums.max())
        for place, value in sums.items():
            if value > _EVEN:
                _edge(drawing, axis, int(str(place)), value / most * _EDGE)
        if most > _EVEN:
            _name_most(drawing, axis, sums)


def _edge(drawing: Drawing, axis: str, place: int, long: float) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    other = "y" if axis == "x" else "x"
    drawing.shapes.append({
        "type": "rect", f"{axis}0": place - 0.4, f"{axis}1": place + 0.4, f"{axis}ref": axis, f"{other}ref": "paper",
        f"{other}sizemode": "pixel", f"{other}anchor": 1, f"{other}0": px(6), f"{other}1": px(6 + long),
        "line": {"width": 0}, "fillcolor": palette.brand_pale, "layer": "above",
    })  # fmt: skip


def _name_most(drawing: Drawing, axis: str, sums: pd.Series) -> None:
    words, place = bold(_beyond(drawing.look, sums.max())), int(str(sums.idxmax()))
    colour = drawing.look.palette.ink
    if axis == "x":
        drawing.write(
            words, place, 1, size=SMALL, colour=colour, anchor="center", up="bottom", dy=9 + _EDGE, y_paper=True
        )
    else:
        drawing.write(words, 1, place, size=SMALL, colour=colour, dx=_EDGE + 10, x_paper=True)


def _name_axes(drawing: Drawing, first: int, last: int) -> None:
    look, quiet = drawing.look, drawing.look.palette.quiet
    for day in range(1, _DAYS + 1):
        drawing.write(str(day), day, 0, size=SMALL - 1, colour=quiet, anchor="center", up="top", dy=-6, y_paper=True)
    for hour in range(first, last + 1, 1 if last - first < 12 else 2):
        drawing.note(f"{hour}:00", 0, hour, anchor="right", dx=-8, x_paper=True)
    drawing.note(look.text("heat.day"), 1, 0, anchor="right", up="top", dy=-26, x_paper=True, y_paper=True)
    drawing.note(look.text("heat.hour"), 0, 1, anchor="right", up="bottom", dx=-8, dy=6, x_paper=True, y_paper=True)


def _legend(drawing: Drawing, rows: pd.DataFrame) -> None:
    look, palette = drawing.look, drawing.look.palette
    lines = [fitted(look.text("heat.share"), look.px(_WORDS), look.px(SMALL)), look.text("heat.blank")]
    if rows["contribution"].isna().any():
        lines[-1] += (
            f"{'&nbsp;' * 6}<span style='color:{palette.neutral}'>▨</span> {look.text('few', n=WITHHELD_BELOW)}"
        )
    drawing.note("<br>".join(lines), 0, 0, up="top", dx=_SCALE + 44, dy=-46, x_paper=True, y_paper=True)


def _alt(look: Look, rows: pd.DataFrame) -> str:
    known = rows[rows["contribution"].notna()].nlargest(5, "excess")
    texts = [_said(look, row) for row in each(known)]
    return look.text("alt.heat", rows="; ".join(texts))

"""How are the answers distributed? A row of columns per group, all on one axis, the mean marked."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, name_column, name_room, number_axis, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold

_PITCH, _TOP, _BOTTOM = 76, 8, 38
_HIGHEST, _FLOOR = 0.56, -0.42  # of the pitch: the highest column, and where columns stand
_SINGLE = 11  # values that still get a column and a label each; more are gathered
_GATHERED = 24
_LABELLED = 0.02  # shares below it are not written


def distribution(cells: pd.DataFrame, groups: pd.DataFrame, *, look: Look) -> go.Figure:
    """cells: s (row number of the group), value, share (0..1 of the group); groups: label, n, score.

    The key of a column is the row number of its group.
    """
    groups = groups.reset_index(drop=True)
    cells, step = _gathered(cells)
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(groups), Margin(name_room(groups), 168, _TOP, _BOTTOM))
    x = span(cells["value"], pad=0, least=step)
    x = (x[0] - step * 0.6, x[1] + step * 0.6)
    top = max(float(cells["share"].max()), 1e-9)
    single = cells["value"].nunique() <= _SINGLE
    for i, group in enumerate(each(groups)):
        _draw_group(drawing, cells[cells["s"] == i], i, step, top, written=single)
        _write_group(drawing, group, i)
    name_column(drawing, groups)
    ticks = _whole(look, cells) if single else number_axis(look, x)
    return drawing.figure(
        x=x, y=(-len(groups) + 0.5, 0.5), alt=_alt(look, cells, groups), x_axis=drawing.ticks(*ticks, grid=False)
    )


def _gathered(cells: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Cells and the step between values; many different values are gathered in columns of equal width."""
    values = sorted(cells["value"].unique())
    if len(values) <= _GATHERED:
        steps = [b - a for a, b in pairwise(values)]
        return cells, min(steps, default=1.0)
    step = (values[-1] - values[0]) / _GATHERED
    place = ((cells["value"] - values[0]) // step).clip(upper=_GATHERED - 1)
    middle = values[0] + (place + 0.5) * step
    return cells.assign(value=middle).groupby(["s", "value"], as_index=False)["share"].sum(), step


def _whole(look: Look, cells: pd.DataFrame) -> tuple[list[float], list[str]]:
    values = sorted(cells["value"].unique())
    return values, [look.level(value).replace(".0", "") for value in values]


def _draw_group(drawing: Drawing, cells: pd.DataFrame, i: int, step: float, top: float, *, written: bool) -> None:
    palette = drawing.look.palette
    heights = cells["share"] / top * _HIGHEST
    drawing.traces.append(
        go.Bar(
            x=cells["value"],
            y=heights,
            base=[_FLOOR - i] * len(cells),
            width=step * 0.82,
            customdata=[i] * len(cells),
            **tips(
                [f"{drawing.look.level(c.value)}: {drawing.look.show(c.share, 'share')}" for c in each(cells)],
                drawing.look,
            ),
            marker={"color": palette.brand_pale},
        )
    )
    drawing.line(0, _FLOOR - i, 1, _FLOOR - i, colour=palette.faint, x_paper=True)
    for cell, height in zip(each(cells), heights, strict=True):
        if written and cell.share >= _LABELLED:
            share = drawing.look.show(cell.share, "share")
            drawing.write(
                share,
                cell.value,
                _FLOOR - i + height,
                size=SMALL - 2,
                colour=palette.quiet,
                anchor="center",
                up="bottom",
                dy=1,
            )


def _write_group(drawing: Drawing, group: Any, i: int) -> None:
    look = drawing.look
    drawing.write(bold(look.level(group.score)), 1, -i, size=TEXT + 1, anchor="right", dx=76, x_paper=True)
    words = look.text("n", n=group.n)
    drawing.note(words, 1, -i, anchor="right", dx=164, x_paper=True)


def _alt(look: Look, cells: pd.DataFrame, groups: pd.DataFrame) -> str:
    texts = []
    for i, group in enumerate(each(groups)):
        mine = cells[cells["s"] == i]
        shares = ", ".join(f"{look.level(c.value)} {look.show(c.share, 'share')}" for c in each(mine))
        texts.append(f"{group.label}: {shares}")
    return look.text("alt.distribution", rows="; ".join(texts))

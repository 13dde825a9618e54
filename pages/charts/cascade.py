"""The waterfall lying down: a row per step, for many segments or long names; its numbers are in columns at the right.

A loss goes left and a gain goes right, as on every axis of scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import name_column, name_room, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold
from pages.charts.walk import HALF, Part, Step, alt_of, meaning, mix_marker, rate_marker, seen, spoken, walk

_PITCH, _TOP, _BOTTOM = 38, 34, 6
_TOTAL, _RATE, _MIX = 76, 158, 240  # right edges of the columns of numbers, in pixels beyond the plot


def cascade(start: float, end: float, rows: pd.DataFrame, *, look: Look, labels: tuple[str, str]) -> go.Figure:
    """The same walk as `waterfall` draws, of rows already folded."""
    steps = walk(start, rows)
    x = span([start, end, *(v for s in steps for v in s.levels)], pad=0.03, least=0.05)
    names = pd.DataFrame({"label": [labels[0], *rows["label"], labels[1]]})
    last = len(names) - 1
    drawing = Drawing(look, _TOP + _PITCH * len(names) + _BOTTOM, Margin(name_room(names), _MIX + 4, _TOP, _BOTTOM))
    pointed = {"customdata": list(rows["key"]), **tips(spoken(look, rows), look)}
    _bars(drawing, [s.rate for s in steps], rate_marker(drawing, steps), pointed)
    _bars(drawing, [s.mix for s in steps], mix_marker(drawing, steps), pointed)
    for place, level in ((0, start), *((s.place, s.end) for s in steps)):
        drawing.line(
            level, -place - HALF, level, -place - 1 + HALF, colour=look.palette.neutral, dash="dot", width=1.4
        )
    for place, value in ((0, start), (last, end)):
        drawing.line(value, -place - HALF, value, -place + HALF, colour=look.palette.ink, width=5, above=True)
        drawing.write(bold(look.level(value)), 1, -place, size=TEXT * 1.2, anchor="right", dx=_TOTAL, x_paper=True)
    for step in steps:
        _row(drawing, step, sum(x) / 2)
    _heads(drawing)
    name_column(drawing, names, strong=(0, last))
    drawing.hit_areas([None, *rows["key"], None], x, spoken(look, rows[rows["key"].notna()]))
    return drawing.figure(x=x, y=(-last - 0.5, 0.5), alt=alt_of(look, start, end, rows, labels))


def _bars(drawing: Drawing, parts: Sequence[Part], marker: dict[str, Any], pointed: Mapping[str, Any]) -> None:
    drawing.traces.append(go.Bar(y=[-p.place for p in parts], width=[p.thick for p in parts], orientation="h",
                                 base=[p.base for p in parts], x=[p.effect for p in parts], marker=marker,
                                 **pointed))  # fmt: skip


def _row(drawing: Drawing, step: Step, middle: float) -> None:
    """The numbers of a step, and beside its blocks whether the segment is new or gone."""
    look, palette, y = drawing.look, drawing.look.palette, -step.place
    if step.flat:
        drawing.line(step.start, y - HALF, step.start, y + HALF, colour=palette.neutral, width=2)
    total = bold(look.show(step.row.total_effect, "factor_change"))
    drawing.write(total, 1, y, anchor="right", dx=_TOTAL, x_paper=True)
    rate_colour = palette.word(meaning(look, step))
    for effect, colour, dx in ((step.rate.effect, rate_colour, _RATE), (step.mix.effect, palette.quiet, _MIX)):
        text, colour = (look.show(effect, "factor_change"), colour) if seen(effect) else ("–", palette.quiet)
        drawing.write(text, 1, y, size=SMALL, colour=colour, anchor="right", dx=dx, x_paper=True)
    if step.row.status in ("new", "gone"):
        left = max(step.levels) > middle  # on the side where there is room
        place, anchor = (min(step.levels), "right") if left else (max(step.levels), "left")
        drawing.note(look.text(step.row.status), place, y, anchor=anchor, dx=-8 if left else 8)


def _heads(drawing: Drawing) -> None:
    """Which column is service and which is mix; their signs are the legend of the blocks."""
    look, palette = drawing.look, drawing.look.palette
    service = f"<span style='color:{palette.loss}'>■</span><span style='color:{palette.gain}'>■</span> "
    mix = f"<span style='color:{palette.neutral}'>▨</span> "
    for sign, word, dx in ((service, "service", _RATE), (mix, "mix", _MIX)):
        drawing.head(sign + look.text(word), 1, anchor="right", dx=dx)

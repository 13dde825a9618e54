"""What changed when? Days or weeks as a thin line in their interval, and the calendar's events numbered over it.

The numbers are explained below the figure, so that no name lies on the line or on another name.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, apart, number_axis, span
from pages.charts.drawing import TEXT, Drawing, Margin
from pages.charts.event_marks import (
    BOTTOM,
    LANE,
    LEFT,
    Mark,
    day_ticks,
    draw_legend,
    draw_mark,
    high,
    legend_lines,
    placed,
    rows_of,
)
from pages.charts.look import Look
from pages.charts.text_width import bold, width
from pages.charts.trend import Bucket, Level, after, draw_buckets

_PLOT = 230


def timeline(
    rows: pd.DataFrame,
    events: pd.DataFrame,
    *,
    look: Look,
    current: Level | None = None,
    baseline: Level | None = None,
    bucket: Bucket = "day",
) -> go.Figure:
    """rows, a bucket each in order: start (date), n, score, low, high, NaN where withheld.

    events: date, label, maybe until (date), the most important first; those that do not fit are counted in a last
    line. current, baseline: the periods' means, drawn over their own days.
    """
    rows = rows.reset_index(drop=True).assign(end=[after(pd.Timestamp(start), bucket) for start in rows["start"]])
    levels = [level for level in (baseline, current) if level]
    right = max((width(_level_text(look, level), TEXT * 1.08) for level in levels), default=0) + 22
    x = (pd.Timestamp(rows["start"].min()), rows["end"].max())
    marks = placed(look, events, x, NARROWEST - look.px(LEFT + right))
    lanes, legend = rows_of(marks), legend_lines(look, marks, len(events))
    drawing = Drawing(
        look, _PLOT + lanes * LANE + 8 + BOTTOM + high(legend), Margin(LEFT, right, 8, BOTTOM + high(legend))
    )
    y = span([*rows["low"], *rows["high"], *rows["score"], *(v.value for v in levels)], pad=0.05)
    drawing.scale(*number_axis(look, y))
    draw_buckets(drawing, rows)
    lane = (y[1] - y[0]) / _PLOT * LANE
    for mark in marks:
        draw_mark(drawing, mark, y, lane)
    _draw_levels(drawing, levels, x, y)
    draw_legend(drawing, legend)
    drawing.note(look.text(f"by_{bucket}"), 0, 0, up="top", dy=-32, x_paper=True, y_paper=True)
    axis = {**drawing.ticks(*day_ticks(look, x), grid=False), "type": "date"}
    return drawing.figure(
        x=(str(x[0]), str(x[1])), y=(y[0], y[1] + lanes * lane), x_axis=axis, alt=_alt(look, x, levels, marks)
    )


def _level_text(look: Look, level: Level) -> str:
    return f"{level.label} {look.level(level.value)}"


def _draw_levels(
    drawing: Drawing, levels: Sequence[Level], x: tuple[pd.Timestamp, pd.Timestamp], y: tuple[float, float]
) -> None:
    """The periods' means over their own days, their words at the right in the order of their heights."""
    look, scale = drawing.look, _PLOT / (y[1] - y[0])
    colours = [look.palette.brand if i == len(levels) - 1 else look.palette.quiet for i in range(len(levels))]
    places = [(level.value - y[0]) * scale for level in levels]
    for level, colour, was, now in zip(levels, colours, places, apart(places, 22), strict=True):
        start, end = (
            str(pd.Timestamp(d)) if d else str(edge) for d, edge in zip((level.start, level.end), x, strict=True)
        )
        drawing.line(start, level.value, end, level.value, colour=colour, width=4, above=True)
        words = f"{level.label} {bold(look.level(level.value))}"
        drawing.write(words, 1, level.value, colour=colour, dx=12, dy=now - was, x_paper=True)


def _alt(look: Look, x: tuple[pd.Timestamp, pd.Timestamp], levels: Sequence[Level], marks: Sequence[Mark]) -> str:
    texts = [*(_level_text(look, level) for level in levels), *(mark.words for mark in marks)]
    return look.text("alt.timeline", first=x[0], last=x[1] - pd.Timedelta(days=1), rows="; ".join(texts))

"""What changed when? Days or weeks as a thin line in their interval, and the calendar's events numbered over it.

The numbers are explained below the figure, so that no name lies on the line or on another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import MOST_MARKS, NARROWEST, apart, each, number_axis, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, width
from pages.charts.trend import Bucket, Level, after, draw_buckets
from pages.words.format import is_missing

_PLOT, _LEFT, _BOTTOM = 230, 62, 62
_LANE, _LINE = 26, 27  # pixels: height of a row of marks over the line, pitch of the legend
_MARK = 24  # width of a mark


@dataclass(frozen=True)
class _Mark:
    """An event with its number and the row of marks where it meets no other."""

    number: int
    lane: int
    at: pd.Timestamp
    until: pd.Timestamp | None
    words: str


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
    marks = _marks(look, events, x, NARROWEST - look.px(_LEFT + right))
    lanes, legend = max((m.lane for m in marks), default=-1) + 1, _legend_lines(look, marks, len(events))
    drawing = Drawing(
        look, _PLOT + lanes * _LANE + 8 + _BOTTOM + _high(legend), Margin(_LEFT, right, 8, _BOTTOM + _high(legend))
    )
    y = span([*rows["low"], *rows["high"], *rows["score"], *(v.value for v in levels)], pad=0.05)
    drawing.scale(*number_axis(look, y))
    draw_buckets(drawing, rows)
    lane = (y[1] - y[0]) / _PLOT * _LANE
    for mark in marks:
        _draw_mark(drawing, mark, y, lane)
    _draw_levels(drawing, levels, x, y)
    _draw_legend(drawing, legend)
    drawing.note(look.text(f"by_{bucket}"), 0, 0, up="top", dy=-32, x_paper=True, y_paper=True)
    axis = {**drawing.ticks(*_days(look, x), grid=False), "type": "date"}
    return drawing.figure(
        x=(str(x[0]), str(x[1])), y=(y[0], y[1] + lanes * lane), x_axis=axis, alt=_alt(look, x, levels, marks)
    )


def _level_text(look: Look, level: Level) -> str:
    return f"{level.label} {look.level(level.value)}"


def _marks(look: Look, events: pd.DataFrame, x: tuple[pd.Timestamp, pd.Timestamp], room: float) -> list[_Mark]:
    """The first events, numbered by date, each in the lowest row where its mark is free."""
    shown = events.head(MOST_MARKS).sort_values("date", kind="stable")
    marks: list[_Mark] = []
    taken: list[float] = []  # where the marks of each row end, in pixels
    for number, row in enumerate(each(shown), start=1):
        at = min(max(pd.Timestamp(row.date), x[0]), x[1])
        until = _until(row, at, x[1])
        begin = (at - x[0]) / (x[1] - x[0]) * room
        lane = next((i for i, end in enumerate(taken) if end <= begin - look.px(_MARK / 2)), len(taken))
        taken[lane : lane + 1] = [max(begin + look.px(_MARK / 2 + 2), ((until or at) - x[0]) / (x[1] - x[0]) * room)]
        words = f"{look.show(pd.Timestamp(row.date), 'full_day')}  {row.label}"
        marks.append(_Mark(number, lane, at, until, words))
    return marks


def _until(row: object, at: pd.Timestamp, last: pd.Timestamp) -> pd.Timestamp | None:
    """The end of an event that has one, within the days shown."""
    until = getattr(row, "until", None)
    return None if is_missing(until) else max(min(pd.Timestamp(until), last), at)


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


def _draw_mark(drawing: Drawing, mark: _Mark, y: tuple[float, float], lane: float) -> None:
    """A numbered plate over the line, a dotted line down from it, and how long the event lasted."""
    palette, height, at = drawing.look.palette, y[1] + (mark.lane + 0.5) * lane, str(mark.at)
    drawing.line(at, y[0], at, height, colour=palette.neutral, width=1.4, dash="dot", above=True)
    if mark.until:
        drawing.line(at, height, str(mark.until), height, colour=palette.faint, width=6)
    _plate(drawing, mark.number, at, height)


def _plate(drawing: Drawing, number: int, x: object, y: float, **place: object) -> None:
    """A number in the background's colour on a dark ground."""
    drawing.write(
        bold(f"&nbsp;{number}&nbsp;"), x, y, size=SMALL, colour=drawing.look.palette.background, anchor="center"
    )
    drawing.words[-1] |= {"bgcolor": drawing.look.palette.ink, "borderpad": drawing.look.px(2), **place}


def _legend_lines(look: Look, marks: Sequence[_Mark], events: int) -> list[tuple[int | None, str]]:
    lines: list[tuple[int | None, str]] = [(mark.number, mark.words) for mark in marks]
    return [*lines, (None, look.text("others", k=events - len(marks)))] if events > len(marks) else lines


def _high(legend: Sequence[object]) -> float:
    return _LINE * len(legend) + 6 if legend else 0


def _draw_legend(drawing: Drawing, legend: Sequence[tuple[int | None, str]]) -> None:
    room = NARROWEST - drawing.look.px(40)
    for i, (number, words) in enumerate(legend):
        dy = -_BOTTOM - 6 - _LINE * (i + 0.5)
        if number is not None:
            _plate(drawing, number, 0, 0, xref="paper", yref="paper", xshift=drawing.look.px(14 - _LEFT),
                   yshift=drawing.look.px(dy))  # fmt: skip
        drawing.write(
            fitted(words, room, drawing.look.px(TEXT), lines=1),
            0,
            0,
            colour=drawing.look.palette.ink,
            dx=36 - _LEFT,
            dy=dy,
            x_paper=True,
            y_paper=True,
        )


def _days(look: Look, x: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[list[str], list[str]]:
    """Mondays, or the firsts of months where the weeks are many."""
    weeks = pd.date_range(x[0], x[1], freq="W-MON", inclusive="left")
    days = weeks if len(weeks) <= 10 else pd.date_range(x[0], x[1], freq="MS", inclusive="left")
    days = days[:: max(1, -(-len(days) // 10))]
    return [str(day) for day in days], [look.show(day, "day") for day in days]


def _alt(look: Look, x: tuple[pd.Timestamp, pd.Timestamp], levels: Sequence[Level], marks: Sequence[_Mark]) -> str:
    texts = [*(_level_text(look, level) for level in levels), *(mark.words for mark in marks)]
    return look.text("alt.timeline", first=x[0], last=x[1] - pd.Timedelta(days=1), rows="; ".join(texts))

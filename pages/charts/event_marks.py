"""The calendar's events and plans over a line of days: numbered where they are, explained below the figure.

No name lies on the line or on another name. Marks that would meet lie in rows of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pages.charts.common import MOST_MARKS, NARROWEST, each
from pages.charts.drawing import SMALL, TEXT, Drawing
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted
from pages.words.format import is_missing

LEFT, BOTTOM = 62, 62  # pixels beside the plot and below it, above what explains the marks
LANE = 26  # height of a row of marks over the line
_LINE = 27  # pitch of the legend
_WIDE = 24  # width of a mark


@dataclass(frozen=True)
class Mark:
    """An event with its number and the row of marks where it meets no other."""

    number: int
    lane: int
    at: pd.Timestamp
    until: pd.Timestamp | None
    words: str


def placed(look: Look, events: pd.DataFrame, x: tuple[pd.Timestamp, pd.Timestamp], room: float) -> list[Mark]:
    """The first events, numbered by date, each in the lowest row where its mark is free."""
    shown = events.head(MOST_MARKS).sort_values("date", kind="stable")
    marks: list[Mark] = []
    taken: list[float] = []  # where the marks of each row end, in pixels
    for number, row in enumerate(each(shown), start=1):
        at = min(max(pd.Timestamp(row.date), x[0]), x[1])
        until = _until(row, at, x[1])
        begin = (at - x[0]) / (x[1] - x[0]) * room
        lane = next((i for i, end in enumerate(taken) if end <= begin - look.px(_WIDE / 2)), len(taken))
        taken[lane : lane + 1] = [max(begin + look.px(_WIDE / 2 + 2), ((until or at) - x[0]) / (x[1] - x[0]) * room)]
        words = f"{look.show(pd.Timestamp(row.date), 'full_day')}  {row.label}"
        marks.append(Mark(number, lane, at, until, words))
    return marks


def _until(row: object, at: pd.Timestamp, last: pd.Timestamp) -> pd.Timestamp | None:
    """The end of an event that has one, within the days shown."""
    until = getattr(row, "until", None)
    return None if is_missing(until) else max(min(pd.Timestamp(until), last), at)


def draw_mark(drawing: Drawing, mark: Mark, y: tuple[float, float], lane: float) -> None:
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


def rows_of(marks: Sequence[Mark]) -> int:
    """How many rows of marks there are."""
    return max((mark.lane for mark in marks), default=-1) + 1


def legend_lines(look: Look, marks: Sequence[Mark], events: int) -> list[tuple[int | None, str]]:
    """What the marks stand for, a line each, and how many more events there are."""
    lines: list[tuple[int | None, str]] = [(mark.number, mark.words) for mark in marks]
    return [*lines, (None, look.text("others", k=events - len(marks)))] if events > len(marks) else lines


def high(legend: Sequence[object]) -> float:
    """Pixels that the legend takes."""
    return _LINE * len(legend) + 6 if legend else 0


def draw_legend(drawing: Drawing, legend: Sequence[tuple[int | None, str]]) -> None:
    """The legend below the figure."""
    room = NARROWEST - drawing.look.px(40)
    for i, (number, words) in enumerate(legend):
        dy = -BOTTOM - 6 - _LINE * (i + 0.5)
        if number is not None:
            _plate(drawing, number, 0, 0, xref="paper", yref="paper", xshift=drawing.look.px(14 - LEFT),
                   yshift=drawing.look.px(dy))  # fmt: skip
        drawing.write(
            fitted(words, room, drawing.look.px(TEXT), lines=1),
            0,
            0,
            colour=drawing.look.palette.ink,
            dx=36 - LEFT,
            dy=dy,
            x_paper=True,
            y_paper=True,
        )


def day_ticks(look: Look, x: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[list[str], list[str]]:
    """Mondays, or the firsts of months where the weeks are many."""
    weeks = pd.date_range(x[0], x[1], freq="W-MON", inclusive="left")
    days = weeks if len(weeks) <= 10 else pd.date_range(x[0], x[1], freq="MS", inclusive="left")
    days = days[:: max(1, -(-len(days) // 10))]
    return [str(day) for day in days], [look.show(day, "day") for day in days]

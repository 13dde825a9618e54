"""Strengths and weaknesses on one map: importance upwards, performance to the right, each with its interval.

After Martilla and James 1977. What has no evidence is grey where it stands; a hollow dot has an interval that crosses
a line. The names of the four fields stand in the corners.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from data_access.metric_kinds import Unit
from pages.charts.common import NARROWEST, each, keyed, number_axis
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.placing import Box, farther, meets, places
from pages.charts.text_width import shortened, width
from pages.words.format import is_missing

_HEIGHT, _TOP, _BOTTOM, _LEFT, _RIGHT = 520, 34, 58, 66, 20
_ROOM = 230  # pixels for a name
_X = (-3.0, 103.0)
UNDECIDED = "undecided"
CORNERS = {"concentrate": (0, 1), "keep": (1, 1), "low": (0, 0), "overkill": (1, 0)}  # left or right, down or up


def quadrants(rows: pd.DataFrame, *, look: Look, lines: tuple[float, float]) -> go.Figure:
    """rows: label, importance, low, high (0..1), performance, performance_low, performance_high (0..100), target
    (performance it ought to have, maybe missing), significant, quadrant (a code), words, maybe key.

    lines: importance and performance at which the fields meet.
    """
    rows = keyed(rows[rows["performance"].notna()])
    drawing = Drawing(look, _HEIGHT, Margin(_LEFT, _RIGHT, _TOP, _BOTTOM))
    y = (0.0, max(float(rows[["importance", "high"]].max().max()), lines[0]) * 112)
    y = (-0.15 * max(y[1], 1e-4), max(y[1], 1e-4))  # names go below the dots of little importance
    _draw_fields(drawing, lines, y)
    for row in each(rows):
        _draw_row(drawing, row)
    for row, at in _labels(drawing, rows, lines, y):
        colour = look.palette.ink if row.significant else look.palette.quiet
        drawing.write(
            shortened(str(row.label), _ROOM, SMALL),
            row.performance,
            row.importance * 100,
            size=SMALL,
            colour=colour,
            **at,
        )
    _draw_scale(drawing, y)
    axis = drawing.ticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"], grid=False)
    return drawing.figure(x=_X, y=y, alt=_alt(look, rows, lines), x_axis=axis)


def _draw_fields(drawing: Drawing, lines: tuple[float, float], y: tuple[float, float]) -> None:
    """The two lines, and what each of the four fields asks for."""
    look, palette = drawing.look, drawing.look.palette
    for code, (right, up) in CORNERS.items():
        strong = code == "concentrate"
        drawing.write(
            look.catalogue.text(f"drivers_page.quadrant.{code}"),
            right,
            up,
            size=TEXT,
            colour=palette.loss_text if strong else palette.quiet,
            anchor="right" if right else "left",
            up="top" if up else "bottom",
            dx=-6 if right else 6,
            dy=-4 if up else 4,
            x_paper=True,
            y_paper=True,
        )
    drawing.line(_X[0], lines[0] * 100, _X[1], lines[0] * 100, colour=palette.neutral, width=1.4, dash="dot")
    drawing.line(lines[1], y[0], lines[1], y[1], colour=palette.neutral, width=1.4, dash="dot")


def _draw_row(drawing: Drawing, row: Any) -> None:
    look, palette, height = drawing.look, drawing.look.palette, row.importance * 100
    colour = _colour(row, look)
    if not (is_missing(row.low) or is_missing(row.high)):
        drawing.line(
            row.performance, row.low * 100, row.performance, row.high * 100, colour=colour, width=3, opacity=0.5
        )
    if not (is_missing(row.performance_low) or is_missing(row.performance_high)):
        drawing.line(row.performance_low, height, row.performance_high, height, colour=colour, width=3, opacity=0.5)
    if not is_missing(row.target):
        drawing.write("◇", row.target, height, size=TEXT, colour=colour, anchor="center")
    fill = palette.background if row.quadrant == UNDECIDED else colour
    drawing.traces.append(go.Scatter(
        x=[row.performance], y=[height], mode="markers", **tips([_said(look, row)], look), customdata=[row.key],
        marker={"size": look.px(12), "color": fill, "line": {"color": colour, "width": look.px(2)}},
    ))  # fmt: skip


def _colour(row: Any, look: Look) -> str:
    if not row.significant:
        return look.palette.neutral
    return look.palette.loss if row.quadrant == "concentrate" else look.palette.brand


def _labels(
    drawing: Drawing, rows: pd.DataFrame, lines: tuple[float, float], y: tuple[float, float]
) -> list[tuple[Any, dict[str, Any]]]:
    """A place for every name, the most important first; beside its dot where nothing is, else off its corners."""
    look = drawing.look
    wide, high = NARROWEST - look.px(_LEFT + _RIGHT), look.px(_HEIGHT - _TOP - _BOTTOM)
    spots = {
        row.key: (
            (row.performance - _X[0]) / (_X[1] - _X[0]) * wide,
            (row.importance * 100 - y[0]) / (y[1] - y[0]) * high,
        )
        for row in each(rows)
    }
    taken: list[Box] = [(px - 8, py - 8, px + 8, py + 8) for px, py in spots.values()]
    taken += [
        box for row in each(rows) for box in _bars(row, spots[row.key], wide / (_X[1] - _X[0]), high / (y[1] - y[0]))
    ]
    taken += _corner_boxes(look, wide, high)
    across, up = (lines[1] - _X[0]) / (_X[1] - _X[0]) * wide, (lines[0] * 100 - y[0]) / (y[1] - y[0]) * high
    soft: list[Box] = [(across - 1, 0.0, across + 1, high), (0.0, up - 1, wide, up + 1)]
    labels = []
    for row in each(rows):
        words = width(shortened(str(row.label), _ROOM, SMALL), look.px(SMALL)) + 6
        spot = (*spots[row.key], words, look.px(17))
        tried = [*places(*spot), *farther(*spot)]
        at, box = next(iter(_free(tried, taken, soft, wide, high)), tried[-1])
        taken.append(box)
        labels.append((row, at))
    return labels


def _bars(row: Any, spot: tuple[float, float], right: float, up: float) -> list[Box]:
    """The two intervals of a dot as boxes; `right` and `up`: pixels for one more."""
    boxes = []
    if not (is_missing(row.performance_low) or is_missing(row.performance_high)):
        ends = ((end - row.performance) * right + spot[0] for end in (row.performance_low, row.performance_high))
        boxes.append((next(ends), spot[1] - 2, next(ends), spot[1] + 2))
    if not (is_missing(row.low) or is_missing(row.high)):
        ends = ((end - row.importance) * 100 * up + spot[1] for end in (row.low, row.high))
        boxes.append((spot[0] - 2, next(ends), spot[0] + 2, next(ends)))
    return boxes


def _free(
    tried: list[tuple[dict[str, Any], Box]], taken: list[Box], soft: list[Box], wide: float, high: float
) -> list[tuple[dict[str, Any], Box]]:
    """Places within the plot that meet nothing; those that a line strikes through come last."""
    inside = [(at, box) for at, box in tried if box[0] > 0 and box[2] < wide and box[1] > 0 and box[3] < high]
    clear = [(at, box) for at, box in inside if not meets(box, taken)]
    return sorted(clear, key=lambda place: meets(place[1], soft))


def _corner_boxes(look: Look, wide: float, high: float) -> list[Box]:
    boxes = []
    for code, (right, up) in CORNERS.items():
        room = width(look.catalogue.text(f"drivers_page.quadrant.{code}"), look.px(TEXT)) + 14
        x, y = (wide - room if right else 0.0), (high - look.px(26) if up else 0.0)
        boxes.append((x, y, x + room, y + look.px(26)))
    return boxes


def _draw_scale(drawing: Drawing, y: tuple[float, float]) -> None:
    look = drawing.look
    drawing.scale(*number_axis(Look(look.catalogue, Unit.RATE), (0.0, y[1])))
    drawing.head(look.text("quadrants.importance"), 0, anchor="left", dx=-_LEFT + 4)
    drawing.note(
        look.text("quadrants.performance"), 1, 0, anchor="right", up="top", dy=-34, x_paper=True, y_paper=True
    )


def _said(look: Look, row: Any) -> str:
    """A row in words."""
    return look.text("alt.quadrants_row", label=row.label, value=look.show(row.importance, "share"),
                     place=look.show(row.performance, "number"), words=row.words)  # fmt: skip


def _alt(look: Look, rows: pd.DataFrame, lines: tuple[float, float]) -> str:
    texts = [_said(look, row) for row in each(rows)]
    return look.text(
        "alt.quadrants",
        importance=look.show(lines[0], "share"),
        performance=look.show(lines[1], "number"),
        rows="; ".join(texts),
    )

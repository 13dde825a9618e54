"""What runs when? A bar per plan from its start to its due date, lateness in orange, milestones as marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import MOST_MARKS
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin
from pages.charts.look import Look, Palette
from pages.charts.text_width import bold, fitted, width

_PITCH, _TOP, _BOTTOM, _NAMES, _THICK = 46, 66, 50, 236, 0.24
_MOST_LARGE, _PITCH_LARGE = 7, 38  # in large text, so that all of them stand on a shared screen
_FARTHEST = timedelta(days=400)  # from today: one date in another decade must not squash all others
Stage = Literal["ahead", "running", "over"]


@dataclass(frozen=True)
class Step:
    """A milestone of a plan."""

    name: str
    day: date
    done: bool = False


@dataclass(frozen=True)
class Bar:
    """A plan: `end` is its due date, `late` until when it has been overdue, `note` what stands beside it.

    warns: the note says that it, or a milestone of it, is late.
    """

    key: str | None
    label: str
    start: date
    end: date
    stage: Stage
    late: date | None = None
    check: date | None = None
    steps: tuple[Step, ...] = ()
    note: str = ""
    warns: bool = False


def gantt(bars: Sequence[Bar], *, look: Look, today: date) -> go.Figure:
    """The bars in their order, at most twelve, in large text seven: the last one stands for the others."""
    bars = _folded(bars, look)
    right = max((width(bar.note, TEXT * 1.08) for bar in bars), default=0) + 24
    pitch = _PITCH_LARGE if look.large else _PITCH
    drawing = Drawing(look, _TOP + _BOTTOM + pitch * len(bars), Margin(_NAMES, right, _TOP, _BOTTOM))
    x = _span(bars, today)
    _grid(drawing, x)
    for i, bar in enumerate(bars):
        _draw(drawing, bar, -i, x, today)
    _draw_today(drawing, today)
    _legend(drawing, bars)
    drawing.hit_areas([bar.key for bar in bars], x, [_said(look, bar) for bar in bars if bar.key is not None])
    return drawing.figure(x=x, y=(0.5 - len(bars), 0.5), alt=_alt(look, bars, today))


def _folded(bars: Sequence[Bar], look: Look) -> list[Bar]:
    most = _MOST_LARGE if look.large else MOST_MARKS
    if len(bars) <= most:
        return [*bars]
    head, rest = bars[: most - 1], bars[most - 1 :]
    first, last = min(bar.start for bar in rest), max(bar.end for bar in rest)
    return [*head, Bar(None, look.text("others", k=len(rest)), first, last, "over")]


def _span(bars: Sequence[Bar], today: date) -> tuple[float, float]:
    """From the first day to the last, with some air."""
    days = [day for bar in bars for day in (bar.start, bar.end, bar.late, bar.check, *(s.day for s in bar.steps))]
    near = [min(max(day, today - _FARTHEST), today + _FARTHEST) for day in [*days, today] if day]
    first, last = min(near).toordinal(), max(near).toordinal()
    air = max((last - first) * 0.03, 2.0)
    return first - air, last + air


def _grid(drawing: Drawing, x: tuple[float, float]) -> None:
    """Mondays, or the firsts of months where the weeks are many."""
    look, low, high = drawing.look, date.fromordinal(int(x[0]) + 1), date.fromordinal(int(x[1]))
    weeks = pd.date_range(low, high, freq="W-MON")
    days = weeks if len(weeks) <= 7 else pd.date_range(low, high, freq="MS")
    for i, day in enumerate(days[:: max(1, -(-len(days) // 9))]):
        place = day.toordinal()
        drawing.line(place, 0, place, 1, colour=look.palette.band, y_paper=True)
        words = look.show(day, "day") if days is weeks else _month(look, day, with_year=i == 0 or day.month == 1)
        drawing.note(words, place, 0, anchor="center", up="top", dy=-8, y_paper=True)


def _month(look: Look, month: date, *, with_year: bool) -> str:
    name = look.catalogue.text("format.months_short").split("|")[month.month - 1]
    return f"{name}<br>{month.year}" if with_year else name


def _draw(drawing: Drawing, bar: Bar, y: float, x: tuple[float, float], today: date) -> None:
    look, palette = drawing.look, drawing.look.palette
    room = look.px(_NAMES - 20)
    drawing.write(fitted(bar.label, room, look.px(TEXT)), 0, y, anchor="right", dx=-14, x_paper=True)
    _block(drawing, bar.start, bar.end, y, x, fill=_fill(palette, bar), edge=palette.brand)
    if bar.late:
        _block(drawing, bar.end, bar.late, y, x, fill=palette.loss)
    for step in bar.steps:
        late = not step.done and step.day < today and bar.stage != "over"
        colour = palette.loss if late else palette.ink
        _mark(drawing, step.day, y, "diamond" if step.done else "diamond-open", colour)
    if bar.check:
        _mark(drawing, bar.check, y, "triangle-down", palette.gain)
    colour = palette.loss_text if bar.warns else palette.quiet
    drawing.write(bold(bar.note) if bar.warns else bar.note, 1, y, colour=colour, dx=14, x_paper=True)


def _fill(palette: Palette, bar: Bar) -> str:
    if bar.key is None:
        return palette.faint
    return {"ahead": palette.background, "running": palette.brand, "over": palette.brand_pale}[bar.stage]


def _block(
    drawing: Drawing, start: date, end: date, y: float, x: tuple[float, float], *, fill: str, edge: str = ""
) -> None:
    """A span of days; one of no length is seen all the same."""
    first, last = max(float(start.toordinal()), x[0]), min(float(end.toordinal()), x[1])
    last = max(last, first + (x[1] - x[0]) * 0.004)
    drawing.area((first, last), (y - _THICK, y + _THICK), colour=fill, layer="below", edge=edge)


def _mark(drawing: Drawing, day: date, y: float, symbol: str, colour: str) -> None:
    px, palette = drawing.look.px, drawing.look.palette
    edge = {"width": px(2), "color": colour}
    fill = palette.background if symbol.endswith("-open") else colour
    drawing.traces.append(go.Scatter(
        x=[day.toordinal()], y=[y], mode="markers", hoverinfo="skip",
        marker={"symbol": symbol.removesuffix("-open"), "size": px(13), "color": fill, "line": edge},
    ))  # fmt: skip


def _draw_today(drawing: Drawing, today: date) -> None:
    look, place = drawing.look, today.toordinal()
    drawing.line(place, 0, place, 1, colour=look.palette.ink, width=2, dash="dot", y_paper=True, above=True)
    words = look.text("gantt.today", day=today)
    drawing.write(bold(words), place, 1, size=SMALL, anchor="center", up="bottom", dy=6, y_paper=True)


def _legend(drawing: Drawing, bars: Sequence[Bar]) -> None:
    """Names what is drawn, above the plot."""
    palette = drawing.look.palette
    named = [bar for bar in bars if bar.key is not None]
    signs = [
        ("□", palette.brand, "ahead", any(bar.stage == "ahead" for bar in named)),
        ("■", palette.brand, "running", any(bar.stage == "running" for bar in named)),
        ("■", palette.brand_pale, "over", any(bar.stage == "over" for bar in named)),
        ("■", palette.loss, "late", any(bar.late for bar in named)),
        ("◆", palette.ink, "step_done", any(step.done for bar in named for step in bar.steps)),
        ("◇", palette.ink, "step_open", any(not step.done for bar in named for step in bar.steps)),
        ("▼", palette.gain, "check", any(bar.check for bar in named)),
    ]
    words = "&nbsp;&nbsp;&nbsp;&nbsp;".join(
        f"<span style='color:{hue}'>{sign}</span> {drawing.look.text(f'gantt.{name}')}"
        for sign, hue, name, there in signs
        if there
    )
    dx = 4 - _NAMES
    drawing.write(words, 0, 1, up="bottom", dx=dx, dy=34, x_paper=True, y_paper=True)


def _said(look: Look, bar: Bar) -> str:
    """A bar in words."""
    steps = [look.text("alt.gantt_step", name=step.name, day=step.day) for step in bar.steps]
    check = [look.text("alt.gantt_check", day=bar.check)] if bar.check else []
    told = look.text("alt.gantt_row", label=bar.label, start=bar.start, end=bar.end)
    return "; ".join([told, *filter(None, [bar.note]), *steps, *check])


def _alt(look: Look, bars: Sequence[Bar], today: date) -> str:
    return look.text("alt.gantt", today=today, rows=". ".join(_said(look, bar) for bar in bars))

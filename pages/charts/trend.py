"""Which way does the score go? Days, weeks or months as a thin line in their interval, period means as levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from pages.charts.clearing import clear_room
from pages.charts.common import apart, each, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, width

Bucket = Literal["day", "week", "month"]
_HEIGHT, _TOP, _BOTTOM = 208, 16, 34
_NARROWEST = 300  # pixels of the plot beside the headline on a 1366 screen in large text, as at normal text


@dataclass(frozen=True)
class Level:
    """A period's mean; without `start` and `end` (half-open) the line goes all the way across.

    open_from: the day from which on nothing is known yet; the line ends there, and the rest of the period is grey.
    """

    label: str
    value: float
    start: date | None = None
    end: date | None = None
    open_from: date | None = None


def trend(
    weeks: pd.DataFrame,
    *,
    look: Look,
    current: Level | None = None,
    baseline: Level | None = None,
    target: float | None = None,
    verdict: Verdict = "none",
    bucket: Bucket = "week",
) -> go.Figure:
    """weeks: start (date), n, score, low, high, one row per bucket in order, NaN where withheld.

    verdict colours the current level and should be "none" unless the change has passed its test.
    """
    levels = [level for level in (baseline, current) if level]
    words = [f"{level.label} {look.level(level.value)}" for level in levels]
    words += [look.text("target", value=look.level(target))] if target is not None else []
    right = max((width(word, TEXT * 1.08) for word in words), default=0) + 16
    drawing = Drawing(look, _HEIGHT, Margin(left=8, right=right, top=_TOP, bottom=_BOTTOM))
    y = span([*weeks["low"], *weeks["high"], *weeks["score"], *(v.value for v in levels), target], pad=0.04)
    weeks = weeks.reset_index(drop=True).assign(end=[after(pd.Timestamp(start), bucket) for start in weeks["start"]])
    x = _span_of_days(weeks, levels)
    if current and current.open_from:
        _grey(drawing, (str(current.open_from), str(current.end)))
    draw_buckets(drawing, weeks)
    _draw_levels(drawing, weeks, current=current, baseline=baseline, target=target, verdict=verdict, x=x, y=y)
    drawing.note(look.text(f"by_{bucket}"), 0.5, 0, anchor="center", up="top", dy=-9, x_paper=True, y_paper=True)
    ends = _ends(look, weeks, current)
    for anchor, place, day in (("left", 0, ends[0]), ("right", 1, ends[1])):
        drawing.note(day, place, 0, anchor=anchor, up="top", dy=-9, x_paper=True, y_paper=True)
    alt = look.text(
        "alt.trend",
        by=look.text(f"by_{bucket}"),
        first=weeks["start"].min(),
        last=_last_day(weeks, current),
        rows="; ".join(words),
    )
    return drawing.figure(x=x, y=y, alt=alt, x_axis={"type": "date"})


def after(start: pd.Timestamp, bucket: Bucket) -> pd.Timestamp:
    """The first moment after the bucket that begins at `start`."""
    return (
        start + {"day": pd.Timedelta(days=1), "week": pd.Timedelta(days=7), "month": pd.DateOffset(months=1)}[bucket]
    )


def _last_day(weeks: pd.DataFrame, current: Level | None) -> pd.Timestamp:
    """The end of the last bucket, or of the period when it stops within it."""
    week = pd.Timestamp(weeks["start"].max())
    last = weeks["end"].max() - pd.Timedelta(days=1)
    stop = pd.Timestamp(current.end) - pd.Timedelta(days=1) if current and current.end else last
    return stop if week <= stop <= last else last


def _ends(look: Look, weeks: pd.DataFrame, current: Level | None) -> tuple[str, str]:
    first, last = pd.Timestamp(weeks["start"].min()), _last_day(weeks, current)
    spec = "day" if first.year == last.year else "full_day"
    return look.show(first, spec), look.show(last, spec)


def _span_of_days(weeks: pd.DataFrame, levels: Sequence[Level]) -> tuple[str, str]:
    days = [pd.Timestamp(d) for level in levels for d in (level.start, level.end) if d]
    days += [pd.Timestamp(weeks["start"].min()), _last_day(weeks, None) + timedelta(days=1)]
    return str(min(days)), str(max(days))


def unbroken(weeks: pd.DataFrame, columns: list[str]) -> Iterator[pd.DataFrame]:
    """Runs of buckets without a withheld one; a line over a gap would show what nobody measured."""
    known = weeks[columns].notna().all(axis=1)
    for _, run in weeks[known].groupby((~known).cumsum()[known]):
        yield run


def middles(run: pd.DataFrame) -> list[str]:
    """Where the marks of buckets stand: rows with their `start` and `end`."""
    return [
        str(pd.Timestamp(start) + (end - pd.Timestamp(start)) / 2)
        for start, end in zip(run["start"], run["end"], strict=True)
    ]


def draw_buckets(drawing: Drawing, weeks: pd.DataFrame) -> None:
    """A thin line in its interval: start, end, score, low, high. The key of a mark is its place."""
    palette, px = drawing.look.palette, drawing.look.px
    for run in unbroken(weeks, ["low", "high"]):
        x = middles(run)
        drawing.traces.append(go.Scatter(x=x + x[::-1], y=[*run["high"], *run["low"][::-1]], fill="toself",
            mode="lines", line={"width": px(5) if len(run) == 1 else 0, "color": palette.band},
            fillcolor=palette.band, hoverinfo="skip"))  # fmt: skip
    for run in unbroken(weeks, ["score"]):
        drawing.traces.append(go.Scatter(x=middles(run), y=run["score"], hoverinfo="skip",
            mode="lines" if len(run) > 1 else "markers", line={"width": px(1.6), "color": palette.brand_pale},
            marker={"size": px(6), "color": palette.brand_pale}))  # fmt: skip
        drawing.say(middles(run), run["score"], _said(drawing.look, run), run.index)


def _said(look: Look, run: pd.DataFrame) -> list[str]:
    """Each bucket in words."""
    return [
        look.text("alt.spark_row", label=look.show(pd.Timestamp(b.start), "full_day"), score=look.level(b.score),
                  low=look.level(b.low), high=look.level(b.high), n=b.n)
        for b in each(run)
    ]  # fmt: skip


def _draw_levels(
    drawing: Drawing,
    weeks: pd.DataFrame,
    *,
    current: Level | None,
    baseline: Level | None,
    target: float | None,
    verdict: Verdict,
    x: tuple[str, str],
    y: tuple[float, float],
) -> None:
    look, palette = drawing.look, drawing.look.palette
    beside: list[tuple[float, str, str, float]] = []
    if target is not None:
        drawing.line(x[0], target, x[1], target, colour=palette.ink, width=1.6, dash="dot", above=True)
        beside.append((target, look.text("target", value=look.level(target)), palette.quiet, SMALL))
    if baseline:
        colour = palette.quiet
        _level(drawing, baseline, colour, x)
        words = f"{baseline.label} {bold(look.level(baseline.value))}"
        if baseline.end and str(pd.Timestamp(baseline.end)) < x[1]:
            _beside_its_line(drawing, baseline, words, lines=_lines(weeks, current, target, x), x=x, y=y)
        else:
            beside.append((baseline.value, words, colour, TEXT))
    if current:
        _level(drawing, current, palette.mark(verdict), x)
        words = f"{current.label} {bold(look.level(current.value))}"
        beside.append((current.value, words, palette.word(verdict), TEXT))
    _beside(drawing, beside, y)


def _grey(drawing: Drawing, days: tuple[str, str]) -> None:
    """Behind the days that are still open, with a word above them."""
    drawing.area(days, (0, 1), colour=drawing.look.palette.band, y_paper=True)
    words = drawing.look.text("still_open")
    drawing.note(words, days[1], 1, anchor="right", up="bottom", y_paper=True)


def _level(drawing: Drawing, level: Level, colour: str, x: tuple[str, str]) -> None:
    start = str(pd.Timestamp(level.start)) if level.start else x[0]
    last = level.open_from or level.end
    end = str(pd.Timestamp(last)) if last else x[1]
    wide = 4 if level.start and level.end else 2
    drawing.line(start, level.value, end, level.value, colour=colour, width=wide, above=True)


def _lines(
    weeks: pd.DataFrame, current: Level | None, target: float | None, x: tuple[str, str]
) -> list[list[tuple[str, float]]]:
    """Every line that words could lie on, as points by time and value."""
    lines = [list(zip(middles(run), run["score"], strict=True)) for run in unbroken(weeks, ["score"])]
    if target is not None:
        lines.append([(x[0], target), (x[1], target)])
    if current and current.start and current.end:
        lines.append([(str(current.start), current.value), (str(current.end), current.value)])
    return lines


def _beside_its_line(
    drawing: Drawing,
    level: Level,
    words: str,
    *,
    lines: Sequence[Sequence[tuple[str, float]]],
    x: tuple[str, str],
    y: tuple[float, float],
) -> None:
    """The words of a level that ends within the plot, where nothing strikes them through."""
    first, days = pd.Timestamp(x[0]), pd.Timestamp(x[1]) - pd.Timestamp(x[0])
    begin, end = str(pd.Timestamp(level.start)) if level.start else x[0], str(pd.Timestamp(level.end))

    def point(day: str, value: float) -> tuple[float, float]:
        place = (value - y[0]) / (y[1] - y[0])
        return float((pd.Timestamp(day) - first) / days) * _NARROWEST, place * (_HEIGHT - _TOP - _BOTTOM)

    ends = [point(begin, level.value), point(end, level.value)]
    text = f"{level.label} {drawing.look.level(level.value)}"
    room = clear_room(
        [[point(*at) for at in line] for line in lines],
        ends,
        wide=width(text, TEXT * 1.04),
        high=TEXT * 1.3,
        top=_HEIGHT - _BOTTOM,
    )
    place = begin if room.anchor == "left" else end
    drawing.write(
        words,
        place,
        level.value,
        colour=drawing.look.palette.quiet,
        anchor=room.anchor,
        dy=room.dy,
        up="bottom" if room.dy > 0 else "top",
        plate=room.tight,
    )


def _beside(drawing: Drawing, labels: list[tuple[float, str, str, float]], y: tuple[float, float]) -> None:
    scale = (_HEIGHT - _TOP - _BOTTOM) / (y[1] - y[0])
    places = [(value - y[0]) * scale for value, *_ in labels]
    for (value, words, colour, size), was, now in zip(labels, places, apart(places, 22), strict=True):
        drawing.write(words, 1, value, size=size, colour=colour, dx=10, dy=now - was, x_paper=True)

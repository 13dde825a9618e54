"""Did it work? Weekly means of those it touched and of their control, what went before shaded, the day it began.

The dashed line is where those it touched would stand without the remedy; what lies between it and where they do
stand is the effect. A colour only where the analysis found one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from data_access.selection import Period
from pages.charts.common import NARROWEST, apart, each, number_axis, round_ticks, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, fitted, width
from pages.charts.trend import middles, unbroken
from pages.words.format import is_missing

_PLOT, _LEFT, _TOP, _BOTTOM = 250, 62, 34, 40
_BIG = 21  # the size of the effect's own number
_ROOM = 0.15  # of the plot before the start, from which on its day fits there
_NAME = 190  # pixels of a line's name
_STEP, _END = "factor_change", "factor"  # hundredths: the verdict hangs on them
GROUPS = ("treated", "control")


@dataclass(frozen=True, kw_only=True)
class Course:
    """What the picture says besides its weeks: days that matter, the effect, what the two lines are called."""

    start: date
    treated: str
    control: str
    check_on: date | None = None
    before: Period | None = None
    noticed: Period | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: Verdict = "none"


def effect(weeks: pd.DataFrame, levels: pd.DataFrame, course: Course, *, look: Look) -> go.Figure:
    """weeks: week (its first day), group (treated or control), n, score. levels: period (before or after), group, n,
    score, low, high.
    """
    weeks = weeks.assign(start=pd.to_datetime(weeks["week"])).sort_values("start")
    weeks = weeks.assign(end=[_end(start, course) for start in weeks["start"]])
    ends = _ends(look, levels, course)
    right = max((width(text.replace("<b>", "").replace("</b>", ""), size * 1.04) for _, text, _, size in ends),
                default=0) + 24  # fmt: skip
    drawing = Drawing(look, _PLOT + _TOP + _BOTTOM, Margin(_LEFT, min(right, 330), _TOP, _BOTTOM))
    x, y = _days(weeks, course), _reach(weeks, levels, course)
    _shade(drawing, course, x)
    drawing.scale(*number_axis(look, y))
    for group in reversed(GROUPS):
        _draw_weeks(drawing, weeks[weeks["group"] == group], _colour(look, group, course))
    for row in each(levels):
        _draw_level(drawing, row, course, x)
    _draw_expected(drawing, levels, course, x)
    _draw_days(drawing, course, x)
    _write_ends(drawing, ends, y)
    axis = {**drawing.ticks(*_ticks(look, x), grid=False), "type": "date"}
    return drawing.figure(x=(str(x[0]), str(x[1])), y=y, x_axis=axis, alt=_alt(look, levels, course))


def _end(start: pd.Timestamp, course: Course) -> pd.Timestamp:
    """The end of a week; what lies before the start of the action in its week stands apart."""
    sunday, begin = start + timedelta(days=7 - start.weekday()), pd.Timestamp(course.start)
    return min(sunday, begin) if start < begin else sunday


def _days(weeks: pd.DataFrame, course: Course) -> tuple[pd.Timestamp, pd.Timestamp]:
    known = [*weeks["start"], *weeks["end"], pd.Timestamp(course.start)]
    known += [pd.Timestamp(course.check_on + timedelta(days=1))] if course.check_on else []
    return min(known), max(known)


def _reach(weeks: pd.DataFrame, levels: pd.DataFrame, course: Course) -> tuple[float, float]:
    low, high = span([*weeks["score"], *levels["low"], *levels["high"], *levels["score"], _expected(levels, course)],
                     pad=0.08)  # fmt: skip
    return low, high


def _colour(look: Look, group: str, course: Course) -> str:
    if group == "control":
        return look.palette.neutral
    return look.palette.brand if course.verdict == "none" else look.palette.mark(course.verdict)


def _shade(drawing: Drawing, course: Course, x: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """Behind the span that is compared, and behind the one in which the problem was noticed."""
    palette = drawing.look.palette
    spans = ((course.before, palette.band, "before"), (course.noticed, palette.palest, "noticed"))
    for period, colour, name in spans:
        if period is None:
            continue
        first, last = max(pd.Timestamp(period.start), x[0]), min(pd.Timestamp(period.end), x[1])
        if first >= last:
            continue
        drawing.area((str(first), str(last)), (0, 1), colour=colour, y_paper=True)
        room = (last - first) / (x[1] - x[0]) * (NARROWEST - drawing.look.px(_LEFT + drawing.margin.right))
        words = drawing.look.text(f"effect.{name}")
        if width(words, drawing.look.px(SMALL)) < room:
            low = name == "noticed"  # two spans may lie on one another
            drawing.note(words, str(first), 0 if low else 1, up="bottom" if low else "top", dx=6, dy=6 if low else -4,
                         y_paper=True)  # fmt: skip


def _draw_weeks(drawing: Drawing, weeks: pd.DataFrame, colour: str) -> None:
    """A thin line with a dot a week, as large as all: the answers of a week are in what the dot says."""
    look, px = drawing.look, drawing.look.px
    for run in unbroken(weeks.reset_index(drop=True), ["score"]):
        drawing.traces.append(go.Scatter(x=middles(run), y=run["score"], mode="lines+markers", opacity=0.62,
            line={"width": px(1.8), "color": colour}, marker={"size": px(7), "color": colour},
            **tips([_said(look, week) for week in each(run)], look)))  # fmt: skip


def _said(look: Look, week: Any) -> str:
    return look.text("effect.week", week=week.start, score=look.level(week.score), n=week.n)


def _last(course: Course, x: tuple[pd.Timestamp, pd.Timestamp]) -> pd.Timestamp:
    """Up to where it is compared: what came after the planned day does not count."""
    return min(x[1], pd.Timestamp(course.check_on)) if course.check_on else x[1]


def _span_of(row: Any, course: Course, x: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[str, str]:
    start = pd.Timestamp(course.start)
    if row.period == "after":
        return str(start), str(_last(course, x))
    first = pd.Timestamp(course.before.start) if course.before else x[0]
    return str(max(first, x[0])), str(start)


def _draw_level(drawing: Drawing, row: Any, course: Course, x: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """A thick line over the span of a mean, in the box of its interval."""
    if is_missing(row.score):
        return
    first, last = _span_of(row, course, x)
    colour = _colour(drawing.look, row.group, course)
    if not is_missing(row.low) and not is_missing(row.high):
        drawing.area((first, last), (row.low, row.high), colour=colour, opacity=0.13)
    drawing.line(first, row.score, last, row.score, colour=colour, width=4.5, above=True)


def _expected(levels: pd.DataFrame, course: Course) -> float | None:
    """Where those it touched would stand without the remedy."""
    now = levels[(levels["group"] == "treated") & (levels["period"] == "after")]["score"]
    known = len(now) and not is_missing(now.iloc[0]) and not is_missing(course.effect)
    return float(now.iloc[0]) - float(course.effect or 0.0) if known else None


def _draw_expected(
    drawing: Drawing, levels: pd.DataFrame, course: Course, x: tuple[pd.Timestamp, pd.Timestamp]
) -> None:
    expected = _expected(levels, course)
    if expected is None:
        return
    look, start, end = drawing.look, pd.Timestamp(course.start), _last(course, x)
    colour = _colour(look, "treated", course)
    drawing.line(str(start), expected, str(end), expected, colour=colour, width=2.5, dash="dash", above=True)
    middle, now = str(start + (end - start) * 0.93), expected + float(course.effect or 0.0)
    drawing.line(middle, expected, middle, now, colour=colour, width=2.5, above=True)


def _draw_days(drawing: Drawing, course: Course, x: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """The day it began, and the day on which it is to be judged."""
    look, palette = drawing.look, drawing.look.palette
    begin = str(pd.Timestamp(course.start))
    drawing.line(begin, 0, begin, 1, colour=palette.ink, width=2, y_paper=True, above=True)
    far = (pd.Timestamp(course.start) - x[0]) / (x[1] - x[0])
    drawing.write(bold(look.text("effect.start", day=course.start)), begin, 1, up="bottom", dy=8, size=SMALL,
                  anchor="right" if far > _ROOM else "left", y_paper=True)  # fmt: skip
    if course.check_on:
        day = str(pd.Timestamp(course.check_on))
        drawing.line(day, 0, day, 1, colour=palette.quiet, width=1.6, dash="dot", y_paper=True, above=True)
        drawing.note(look.text("effect.check", day=course.check_on), day, 1, up="bottom", dy=8,
                     anchor="left" if far > _ROOM else "right", y_paper=True)  # fmt: skip


End = tuple[float, str, str, float]  # the height, the words, their colour and size


def _ends(look: Look, levels: pd.DataFrame, course: Course) -> list[End]:
    """What stands beside the lines at the right: both means of after, and the effect between them."""
    ends: list[End] = []
    for group in GROUPS:
        now = levels[(levels["group"] == group) & (levels["period"] == "after")]["score"]
        if len(now) and not is_missing(now.iloc[0]):
            name = fitted(getattr(course, group), look.px(_NAME), look.px(TEXT), lines=1)
            colour = look.palette.word(course.verdict) if group == "treated" else look.palette.quiet
            ends.append((float(now.iloc[0]), f"{name} {bold(look.level(now.iloc[0]))}", colour, TEXT))
    expected = _expected(levels, course)
    if expected is not None:
        between = expected + float(course.effect or 0.0) / 2
        without = look.text("effect.without", score=look.level(expected))
        ends.append((expected, without, look.palette.quiet, SMALL))
        ends.append((between, bold(look.show(course.effect, _STEP)), look.palette.word(course.verdict), _BIG))
        if not is_missing(course.low) and not is_missing(course.high):
            words = f"[{look.show(course.low, _END)}, {look.show(course.high, _END)}]"
            ends.append((between - 1e-6, words, look.palette.word(course.verdict), SMALL))
    return sorted(ends, key=lambda end: end[0])


def _write_ends(drawing: Drawing, ends: Sequence[End], y: tuple[float, float]) -> None:
    scale = _PLOT / (y[1] - y[0])
    places = [(value - y[0]) * scale for value, *_ in ends]
    for (value, words, colour, size), was, now in zip(ends, places, apart(places, 25), strict=True):
        drawing.write(words, 1, value, colour=colour, size=size, dx=12, dy=now - was, x_paper=True)


def _ticks(look: Look, x: tuple[pd.Timestamp, pd.Timestamp], *, on_wall: int = 4) -> tuple[list[str], list[str]]:
    """Mondays, as many as have room."""
    days = pd.date_range(x[0], x[1], freq="W-MON", inclusive="left")
    days = days[:: max(1, -(-len(days) // (on_wall if look.wall else 6 if look.large else 8)))]
    return [str(day) for day in days], [look.show(day, "day") for day in days]


def effect_gaps(weeks: pd.DataFrame, course: Course, *, look: Look) -> go.Figure:
    """Both groups' difference week by week: flat before the start where they went the same way."""
    scores = weeks.pivot_table(index="week", columns="group", values="score").dropna()
    gaps = pd.DataFrame({"start": pd.to_datetime(scores.index), "score": scores["treated"] - scores["control"]})
    gaps = gaps.assign(end=[_end(start, course) for start in gaps["start"]])
    gaps = gaps.sort_values("start").reset_index(drop=True)
    check = look.text("effect.check", day=course.check_on) if course.check_on else ""
    right = width(check, SMALL * 1.04) + 24  # its words stand beyond its day
    drawing = Drawing(look, _PLOT * 0.7 + _TOP + _BOTTOM, Margin(_LEFT, right, _TOP, _BOTTOM))
    x, (low, high) = _days(gaps, course), span([*gaps["score"], 0.0], pad=0.1)
    _shade(drawing, course, x)
    values = round_ticks(low, high, 4)
    drawing.scale(values, [look.show(value, "change") for value in values])
    drawing.line(str(x[0]), 0, str(x[1]), 0, colour=look.palette.neutral, width=1.5)
    colour = _colour(look, "treated", course)
    said = [look.text("effect.gap_of_week", week=row.start, score=look.show(row.score, _STEP)) for row in each(gaps)]
    drawing.traces.append(go.Scatter(x=middles(gaps), y=gaps["score"], mode="lines+markers",
        line={"width": look.px(2), "color": colour}, marker={"size": look.px(9), "color": colour},
        **tips(said, look)))  # fmt: skip
    _draw_days(drawing, course, x)
    axis = {**drawing.ticks(*_ticks(look, x, on_wall=3), grid=False), "type": "date"}
    alt = look.text("effect.gaps_alt", start=course.start, rows="; ".join(said))
    return drawing.figure(x=(str(x[0]), str(x[1])), y=(low, high), x_axis=axis, alt=alt)


def _alt(look: Look, levels: pd.DataFrame, course: Course) -> str:
    rows = [
        look.text("effect.alt_row", group=getattr(course, row.group), period=look.text(f"effect.{row.period}"),
                  score=look.level(row.score))
        for row in each(levels)
        if not is_missing(row.score)
    ]  # fmt: skip
    return look.text("effect.alt", start=course.start, rows="; ".join(rows), effect=look.show(course.effect, _STEP),
                     low=look.show(course.low, _END), high=look.show(course.high, _END))  # fmt: skip

"""Is it steady? Days on a control chart: what was expected, what came, and which of it is more than chance.

Colour says better or worse, the form of a point which way: both are read without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, apart, each, number_axis, span
from pages.charts.drawing import TEXT, Drawing, Margin
from pages.charts.event_marks import (
    BOTTOM,
    LANE,
    LEFT,
    day_ticks,
    draw_legend,
    draw_mark,
    high,
    legend_lines,
    placed,
    rows_of,
)
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, width

_PLOT = 250
NO_MARKS = pd.DataFrame({"date": [], "label": []})
VERDICTS: dict[str, Verdict] = {"improving": "gain", "concerning": "loss", "common": "none"}
Ends = tuple[pd.Timestamp, pd.Timestamp]
Label = tuple[float, str, str]


def control(
    table: pd.DataFrame,
    *,
    look: Look,
    marks: pd.DataFrame = NO_MARKS,
    target: float | None = None,
    average: bool = False,
) -> go.Figure:
    """table, a day each in order: time (date text), n, value (NaN where withheld), center, low, high, rules,
    variation, state, and with `average` ewma: as `control_chart` has them.

    marks: events and plans: date, label, maybe until (date), the most important first. target: in the metric's unit.
    """
    days = table.assign(at=[pd.Timestamp(day) + pd.Timedelta(hours=12) for day in table["time"]])
    labels = _labels(look, days, target)
    right = max((width(words, TEXT * 1.08) for _, words, _ in labels), default=0) + 20
    x = (pd.Timestamp(table["time"].iloc[0]), pd.Timestamp(table["time"].iloc[-1]) + pd.Timedelta(days=1))
    numbered = placed(look, marks, x, NARROWEST - look.px(LEFT + right))
    lanes, legend = rows_of(numbered), legend_lines(look, numbered, len(marks))
    below = BOTTOM + high(legend)
    drawing = Drawing(look, _PLOT + lanes * LANE + 8 + below, Margin(LEFT, right, 8, below))
    y = _reach(days, target)
    drawing.scale(*number_axis(look, y))
    _draw_range(drawing, days)
    _draw_baseline(drawing, days, y)
    if target is not None:
        drawing.line(0, target, 1, target, colour=look.palette.ink, width=1.6, dash="dot", x_paper=True)
    _draw_values(drawing, days, average=average)
    for mark in numbered:
        draw_mark(drawing, mark, y, (y[1] - y[0]) / _PLOT * LANE)
    _draw_labels(drawing, labels, y)
    draw_legend(drawing, legend)
    drawing.note(_key(look, days, average=average), 0, 0, up="top", dy=-32, x_paper=True, y_paper=True)
    alt = look.text(
        "alt.control", first=x[0], last=x[1] - pd.Timedelta(days=1), rows=_said_of_all(look, days, labels)
    )
    axis = {**drawing.ticks(*day_ticks(look, x), grid=False), "type": "date"}
    top = y[1] + lanes * (y[1] - y[0]) / _PLOT * LANE
    return drawing.figure(x=(str(x[0]), str(x[1])), y=(y[0], top), x_axis=axis, alt=alt)


def _reach(days: pd.DataFrame, target: float | None) -> tuple[float, float]:
    """A range that holds the values, and the limits of days that are not too small: those of these go anywhere."""
    sized = days[days["state"] != "few"]
    sized = sized if len(sized) else days
    return span([*days["value"], *sized["low"], *sized["high"], target], pad=0.05)


def _draw_range(drawing: Drawing, days: pd.DataFrame) -> None:
    """The limits as a band, what is expected as a line: both in steps, for each day has its own."""
    palette, x = drawing.look.palette, days["at"].astype(str).tolist()
    for name, fill in (("low", None), ("high", "tonexty")):
        line = {"shape": "hvh", "width": drawing.look.px(1), "color": palette.faint}
        drawing.traces.append(go.Scatter(x=x, y=days[name], mode="lines", line=line, fill=fill,
                                         fillcolor=palette.band, hoverinfo="skip"))  # fmt: skip
    middle = {"shape": "hvh", "width": drawing.look.px(1.6), "color": palette.quiet}
    drawing.traces.append(go.Scatter(x=x, y=days["center"], mode="lines", line=middle, hoverinfo="skip"))


def _draw_baseline(drawing: Drawing, days: pd.DataFrame, y: tuple[float, float]) -> None:
    """Which days the limits rest on, as a bar along the bottom."""
    look, is_basis = drawing.look, days["state"] == "baseline"
    for place, (_, run) in enumerate(days[is_basis].groupby((~is_basis).cumsum()[is_basis])):
        start, end = str(run["time"].iloc[0]), str(pd.Timestamp(run["time"].iloc[-1]) + pd.Timedelta(days=1))
        drawing.line(start, y[0], end, y[0], colour=look.palette.brand_pale, width=6)
        words = look.text("control_baseline" if place == 0 else "control_anew")
        drawing.note(words, start, y[0], up="bottom", dx=4, dy=4, plate=True)


def _draw_values(drawing: Drawing, days: pd.DataFrame, *, average: bool) -> None:
    look, palette, px = drawing.look, drawing.look.palette, drawing.look.px
    x = days["at"].astype(str)
    drawing.traces.append(go.Scatter(x=x, y=days["value"], mode="lines", hoverinfo="skip",
                                     line={"width": px(1.2), "color": palette.brand_pale}))  # fmt: skip
    if average:
        drawing.traces.append(go.Scatter(x=x, y=days["ewma"], mode="lines", hoverinfo="skip",
                                         line={"width": px(2.6), "color": palette.brand}))  # fmt: skip
    points = days[days["value"].notna()]
    kinds = [_point(look, row) for row in each(points)]
    marker = {name: [kind[name] for kind in kinds] for name in ("symbol", "size", "color")}
    edge = {"width": px(1.4), "color": [kind["edge"] for kind in kinds]}
    at = points["at"].astype(str)
    drawing.traces.append(go.Scatter(x=at, y=points["value"], mode="markers", hoverinfo="skip",
                                     marker={**marker, "opacity": 1, "line": edge}))  # fmt: skip
    drawing.say(at, points["value"], [_said(look, row) for row in each(points)], points.index)


def _point(look: Look, day: Any) -> dict[str, Any]:
    """How the point of a day is drawn: by direction and verdict, hollow where it has too few answers to be judged."""
    palette, px = look.palette, look.px
    verdict = _verdict(day)
    if verdict != "none":
        symbol = f"triangle-{'up' if day.variation.endswith('high') else 'down'}"
        return {"symbol": symbol, "size": px(11), "color": palette.mark(verdict), "edge": palette.background}
    is_few = day.state == "few"
    colour = palette.background if is_few else palette.brand_pale if day.state == "baseline" else palette.neutral
    edge = palette.neutral if is_few else colour
    return {"symbol": "circle", "size": px(5.5 if day.state == "baseline" else 7), "color": colour, "edge": edge}


def _verdict(day: Any) -> Verdict:
    return VERDICTS[day.variation.partition("_")[0]]


def _labels(look: Look, days: pd.DataFrame, target: float | None) -> list[Label]:
    """What stands beside the plot: the latest day, what was expected of it, and the target."""
    known = days[days["value"].notna()]
    found: list[Label] = []
    if len(known):
        last = next(each(known.tail(1)))
        found.append((last.value, look.level(last.value), look.palette.word(_verdict(last))))
        found.append((last.center, look.text("control_expected", value=look.level(last.center)), look.palette.quiet))
    if target is not None:
        found.append((target, look.text("target", value=look.level(target)), look.palette.ink))
    return found


def _draw_labels(drawing: Drawing, labels: Sequence[Label], y: tuple[float, float]) -> None:
    scale = _PLOT / (y[1] - y[0])
    places = [(value - y[0]) * scale for value, *_ in labels]
    for i, ((value, words, colour), was, now) in enumerate(zip(labels, places, apart(places, 22), strict=True)):
        shown = words if i else bold(words)
        drawing.write(shown, 1, value, colour=colour, dx=10, dy=now - was, x_paper=True)


def _key(look: Look, days: pd.DataFrame, *, average: bool) -> str:
    """What band, lines and points mean: only those that are there."""
    palette, variation = look.palette, set(days["variation"])
    parts = [look.text("control_band")]
    if average:
        parts.append(_coloured("━", palette.brand, look.text("control_average")))
    for kind, words in (("concerning", "control_worse"), ("improving", "control_better")):
        ways = "".join(sign for way, sign in (("high", "▲"), ("low", "▼")) if f"{kind}_{way}" in variation)
        if ways:
            parts.append(_coloured(ways, palette.mark(VERDICTS[kind]), look.text(words)))
    if (days["state"] == "few").any():
        parts.append(f"○ {look.text('control_small')}")
    return "&nbsp;&nbsp;&nbsp;".join(parts)


def _coloured(sign: str, colour: str, words: str) -> str:
    return f"<span style='color:{colour}'>{sign}</span> {words}"


def _said(look: Look, day: Any) -> str:
    """A day in words, with what is more than chance in it."""
    words = look.text("control_row", day=look.show(pd.Timestamp(day.time), "full_day"), value=look.level(day.value),
                      n=day.n, center=look.level(day.center), low=look.level(day.low),
                      high=look.level(day.high))  # fmt: skip
    if day.rules:
        told = [look.catalogue.text(f"control_chart.rule.{rule}") for rule in day.rules.split()]
        return look.text("control_told", row=words, rules=look.catalogue.text("format.list_comma").join(told))
    return look.text("control_few", row=words) if day.state == "few" else words


def _said_of_all(look: Look, days: pd.DataFrame, labels: Sequence[Label]) -> str:
    told = [_said(look, row) for row in each(days[days["rules"] != ""].tail(3))]
    return "; ".join([*(words for _, words, _ in labels), *told])

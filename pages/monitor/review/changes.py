"""What changed this week: the metric in one large number, then the segments that moved."""

from __future__ import annotations

import math
from dataclasses import replace
from html import escape

import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result
from analysis.review import Alert, alerts_of, moved_in
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.frame import wall
from pages.monitor.review.html import Cell, cell, strong, table
from pages.monitor.review.seen import Seen
from pages.report import report
from pages.report.course import levels_of, points_of
from pages.words import alert_words
from pages.words.format import is_missing, sentences

ROWS = 7
HIGH = 560  # pixels of the course


def headline(seen: Seen) -> None:
    """The message, the number with its change and interval, and its course."""
    result, first = seen.result, seen.slide.statements
    st.title(_message(seen, result), anchor=False)
    left, right = st.columns([4, 7], gap="large", vertical_alignment="center")
    with left:
        st.html(_number(seen, result))
    with right:
        if "trend" in result.parts and len(result.parts["trend"]) > 1:
            report.picture(seen.here, seen.tall(_trend(seen, result), HIGH), "review.trend")
    said = [seen.html(statement) for statement in first]
    st.html(f'<p class="wall-say">{sentences(said)}</p><p class="wall-quiet">{escape(_over(seen))}</p>')


def _message(seen: Seen, result: Result) -> str:
    """The metric and how it moved; where it has no value, why."""
    s, metric = result.statistics, {"dimension": result.metric}
    if is_missing(s["score"]):
        return seen.say(seen.slide.statements[0])
    values = {**s, "metric": metric, "unit": result.unit}
    if is_missing(s.get("change")):
        return seen.words.text("review.headline", **values)
    if not s["p"] < SIGNIFICANCE:
        return seen.words.text("review.headline_unclear", **values)
    key = "review.headline_fell" if s["change"] < 0 else "review.headline_rose"
    return seen.words.text(key, **values)


def _number(seen: Seen, result: Result) -> str:
    s, unit = result.statistics, result.unit
    if is_missing(s["score"]):
        return ""
    number, counted = seen.plain.show(s["score"], "number"), seen.text(f"unit.{unit}")
    lines = [f'<div class="wall-number"><b>{escape(number)}</b><span>{escape(counted)}</span></div>']
    if not is_missing(s.get("change")):
        kind = seen.look.verdict(s["change"]) if s["p"] < SIGNIFICANCE else "none"
        change = seen.plain.show(s["change"], "metric_change", unit=unit)
        between = seen.text("review.between", low=s["change_low"], high=s["change_high"], unit=unit)
        lines.append(f'<p class="wall-say {kind}"><b>{escape(change)}</b> {escape(between)}</p>')
    interval = seen.text("overview.interval", low=s["low"], high=s["high"], unit=unit)
    return "".join([*lines, f'<p class="wall-quiet">{escape(interval)}</p>'])


def _trend(seen: Seen, result: Result) -> go.Figure:
    points, bucket = points_of(result.parts["trend"])
    current, before = levels_of(seen.plain, result.selection, result.statistics)
    if wall.size() == wall.SIZES[-1]:  # a hand has no room for days beside the line
        current = replace(current, label=seen.text("meeting_file.head.value"))
        before = replace(before, label=seen.text("meeting_file.head.before")) if before else None
    s = result.statistics
    known = not is_missing(s.get("p")) and s["p"] < SIGNIFICANCE
    verdict = seen.look.verdict(s["change"]) if known else "none"
    return charts.trend(points, look=seen.look, current=current, baseline=before, verdict=verdict, bucket=bucket)


def _over(seen: Seen) -> str:
    """Which days are held against which."""
    asked = seen.slide.selection
    if asked.baseline is None:
        return seen.plain.show(asked.period, "period")
    return seen.text("line.against", period=asked.period, baseline=asked.baseline)


def alerts(seen: Seen) -> None:
    """At most three segments beyond chance with their intervals, then in grey those with few answers, unranked."""
    found = alerts_of(seen.slide)
    ranked, small = [one for one in found if not one.is_small], [one for one in found if one.is_small]
    st.title(alert_words.title(seen.words.text, seen.slide), anchor=False)
    shown = [*ranked, *small[: ROWS - len(ranked)]]
    if shown:
        heads = ((seen.text("review.head.rank"), "number"), (seen.text("meeting_file.head.where"), ""),
                 (alert_words.value_head(seen.text, seen.slide), "number"),
                 (seen.text("review.head.change"), "number"), (seen.text("review.head.n"), "number"))  # fmt: skip
        rows = [(_alert(seen, one, place), "grey" if one.is_small else "") for place, one in enumerate(shown, 1)]
        st.html(table(heads, rows))
    left = len(found) - len(shown) + moved_in(seen.slide) - len(ranked)
    more = [escape(seen.text("review.others_moved", count=left))] if left else []
    said = [seen.html(statement) for statement in seen.slide.statements[:1]]
    below = " · ".join([*more, escape(alert_words.days(seen.text, seen.slide) or _over(seen))])
    st.html(f'<p class="wall-say">{sentences(said)}</p><p class="wall-quiet">{below}</p>')


def _alert(seen: Seen, one: Alert, place: int) -> list[Cell]:
    unit = seen.facts.unit
    name = seen.plain.show(one.segment, "name")
    value = seen.plain.show(math.nan if one.value is None else one.value, "metric", unit=unit)
    n = seen.plain.show(one.n, "count")
    if one.is_small:
        return [cell("–", "number"), strong(name, seen.text("review.few")), cell(value, "number"),
                cell(seen.text("review.not_ranked"), "number"), cell(n, "number")]  # fmt: skip
    change = seen.plain.show(one.change, "metric_change", unit=unit)
    kind = seen.look.verdict(one.change or 0.0)
    between = escape(seen.text("review.between", low=one.low, high=one.high, unit=unit))
    moved = Cell(f'<b class="big {kind}">{escape(change)}</b><small>{between}</small>', "number")
    return [
        cell(str(place), "number"),
        strong(name, *alert_words.kinds(seen.plain, one), alert_words.began(seen.text, one)),
        cell(value, "number"),
        moved,
        cell(n, "number"),
    ]

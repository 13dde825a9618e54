"""The overview's pictures: the big number, the trend beside it, the touchpoints below it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.population import behind
from analysis.result import Result, Statement
from analysis.segments import segments
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.charts.trend import Bucket
from pages.frame.context import Context
from pages.report import report
from pages.words.format import sentences as joined
from pages.words.markdown import escape_markdown
from pages.words.options import code_of
from pages.words.tables import segment_names

CONDITIONS = 2  # of a segment that is read at a glance; the change page searches deeper
MONTH = len("2026-10")
Colour = Literal["orange", "blue", "gray"]
COLOURS: Mapping[str, Colour] = {"loss": "orange", "gain": "blue", "none": "gray"}


@dataclass(frozen=True)
class _Chip:
    """What a change beside the metric says, its colour and its arrow."""

    text: str
    colour: Colour
    arrow: Literal["up", "down", "off"]


def headline(here: Context, result: Result) -> None:
    """The metric in large type, its change as sign, word and colour, its interval and response rate."""
    s, words = result.statistics, here.words
    unit, number = words.text(f"unit.{result.unit}"), words.show(s["score"], "number")
    chip = _chip(here, result)
    st.metric(
        escape_markdown(here.metric.labels.get(words.language)),
        f"{number}:small[:gray[ {unit}]]",
        delta=chip.text if chip else None,
        delta_color=chip.colour if chip else "normal",
        delta_arrow=chip.arrow if chip else "auto",
    )
    lines = [
        words.text("overview.interval", low=s["low"], high=s["high"], unit=result.unit),
        here.say(behind(here.metric, s)),
    ]
    if words.has(f"overview.ends.{result.unit}"):
        lines.insert(0, words.text(f"overview.ends.{result.unit}", **s))
    if chip:  # beside the chip these words would be cut short
        lines.insert(0, _baseline_score(here, result))
    st.caption("  \n".join(lines))


def _baseline_score(here: Context, result: Result) -> str:
    period = here.words.periods(here.selection.period, here.selection.baseline)[1]
    score = result.statistics["baseline_score"]
    return here.words.text("overview.versus", period=period, score=score, unit=result.unit)


def _chip(here: Context, result: Result) -> _Chip | None:
    """The change beside the metric, coloured only where it has passed its test; None without a change."""
    s = result.statistics
    if "change" not in s or math.isnan(s["change"]):
        return None
    direction: Literal["up", "down"] = "down" if s["change"] < 0 else "up"
    if not s["p"] < SIGNIFICANCE:
        return _Chip(here.text("overview.chip_unclear", change=s["change"], unit=result.unit), "gray", "off")
    words = here.text(f"overview.chip_{direction}", change=s["change"], unit=result.unit)
    return _Chip(words, COLOURS[here.look.verdict(s["change"])], direction)


def look_first(here: Context, result: Result) -> None:
    """What changed, in words, and the segment that explains most of it."""
    lines = [here.say(statement) for statement in result.findings[1:]]
    causes = report.attempt(here, segments, depth=CONDITIONS) if "change" in result.statistics else None
    first = None if causes is None else _first_cause(causes)
    if causes is not None:
        lines.append(here.say(first or Statement("overview.look_nowhere")))
    if lines:
        st.markdown(f"#### {here.text('overview.look')}")
        st.markdown(joined(lines))
    if first:
        _lead_on(here, first)
    if result.caveats:
        st.caption(joined(here.say(statement) for statement in result.caveats))
    if first is None:  # no change, or nothing to compare with: where points are lost can be seen all the same
        here.lead_to("contribution", here.text("contribution.question"))


def _first_cause(causes: Result) -> Statement | None:
    """The strongest of the segments that explain the change, as a sentence; None where none stands out."""
    rated = causes.table[causes.table["kind"] == "rate"]
    if rated.empty:
        return None
    row, statistics = rated.iloc[0], causes.statistics
    numbers = {name: float(row[name]) for name in ("score0", "score1", "total_effect", "p_adjusted")}
    about = {"segment": dict(row["segment"]), "unit": causes.unit, "change": statistics["change"]}
    family = sum(statistics["candidates"].values())
    key = "overview.look_fell" if row["change"] < 0 else "overview.look_rose"
    return Statement(key, {**numbers, **about, "family": family})


def _lead_on(here: Context, first: Statement) -> None:
    """From the segment to what changed around it and, where it is of one dimension, to the reasons inside it."""
    (by, member), *further = first.values["segment"].items()
    name, segment = here.plain.show(member, "name", dimension=by), code_of(member)
    with st.container(horizontal=True):
        here.lead_to("change", here.text("overview.to_change", name=here.names.of_dimension(by)), by=by)
        if further:
            return
        here.lead_to("contrast", here.text("overview.to_contrast", segment=name), ask="rest", by=by, segment=segment)
        here.lead_to("contribution", here.text("overview.to_reasons", segment=name), by=by, segment=segment)


def trend_of(here: Context, result: Result) -> go.Figure:
    """Weeks in their interval, both periods' means as levels."""
    s, trend = result.statistics, result.parts["trend"]
    monthly = trend["start"].str.len().eq(MONTH).all()
    points = trend.assign(start=pd.to_datetime(trend["start"] + ("-01" if monthly else "")))
    bucket: Bucket = "month" if monthly else _bucket(points["start"])
    current, baseline = _levels(here, result)
    known = "p" in s and s["p"] < SIGNIFICANCE
    verdict = here.look.verdict(s["change"]) if known else "none"
    return charts.trend(
        points,
        look=here.look,
        current=current,
        baseline=baseline,
        target=_target(here),
        verdict=verdict,
        bucket=bucket,
    )


def _levels(here: Context, result: Result) -> tuple[charts.Level, charts.Level | None]:
    """The means of the period and of a baseline that ends where it begins."""
    s, now, before = result.statistics, here.selection.period, here.selection.baseline
    names = here.plain.periods(now, before)
    if now is None:
        return charts.Level(names[0], s["score"]), None
    current = charts.Level(names[0], s["score"], now.start, now.end)
    if before is None or before.end != now.start or "baseline_score" not in s:
        return current, None
    return current, charts.Level(names[1], s["baseline_score"], before.start, before.end)


def _bucket(starts: pd.Series) -> Bucket:
    return "day" if len(starts) > 1 and starts.diff().min() < pd.Timedelta(days=7) else "week"


def strip_of(here: Context, result: Result) -> go.Figure:
    """Each segment's score with its interval; coloured only where its own change has passed the family's test.

    Of more segments than can be drawn, those that surely changed and the worst are; the best are summed up.
    """
    rows = result.table.assign(label=segment_names(result, here.plain))
    known = rows["p_adjusted"] < SIGNIFICANCE
    rows["evidence"] = [here.look.verdict(c) if k else "none" for c, k in zip(rows["change"], known, strict=True)]
    if len(rows) > charts.MOST_MARKS:
        worst_first = here.metric.better == "high"
        rows = rows.assign(known=known).sort_values(["known", "score"], ascending=[False, worst_first])
    labels = here.plain.periods(here.selection.period, here.selection.baseline) if here.selection.baseline else None
    return charts.strip(rows, look=here.look, labels=labels, target=_target(here))


def _target(here: Context) -> float | None:
    return here.targets.get(here.selection.metric)

"""The big number with its change, and the trend beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go
import streamlit as st

from analysis.population import behind
from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.frame import periods
from pages.frame.context import Context
from pages.report import report
from pages.report.course import levels_of, points_of
from pages.report.marks import marks_in_time
from pages.words.format import sentences
from pages.words.markdown import escape_markdown

Colour = Literal["orange", "blue", "gray"]
COLOURS: Mapping[str, Colour] = {"loss": "orange", "gain": "blue", "none": "gray"}


def show(here: Context, result: Result) -> bool:
    """The headline and its trend; where too few answers stand behind it, what would be enough, and no more."""
    if math.isnan(result.statistics["score"]):
        _withheld(here, result)
        return False
    left, right = st.columns([4, 8], gap="large", vertical_alignment="center")
    with left:
        _number(here, result)
    with right:
        if "trend" in result.parts:
            points, bucket = points_of(result.parts["trend"])
            marks = marks_in_time(here, points["start"], bucket)
            report.chart(here, trend_of(here, result), "trend", marks=marks)
    said = (behind(here.metric, result.statistics), *result.caveats)
    st.caption(sentences(here.say(statement) for statement in said))
    return True


def _withheld(here: Context, result: Result) -> None:
    st.markdown(f"## {here.say(result.findings[0])}")
    if here.selection.period is not None:
        here.lead_to("overview", here.text("overview.all_data"), **{"from": periods.ALL})
    here.lead_to("data", here.text("overview.to_data"))


@dataclass(frozen=True)
class _Chip:
    """What a change beside the metric says, its colour and its arrow."""

    text: str
    colour: Colour
    arrow: Literal["up", "down", "off"]


def _number(here: Context, result: Result) -> None:
    """The metric in large type, its change as sign, word and colour, its interval and response rate."""
    s, words = result.statistics, here.words
    unit, number = words.text(f"unit.{result.unit}"), words.show(s["score"], "number")
    chip = _chip(here, result)
    st.metric(
        escape_markdown(here.names.of_dimension(here.metric.name)),
        f"{number}:small[:gray[ {unit}]]",
        delta=chip.text if chip else None,
        delta_color=chip.colour if chip else "normal",
        delta_arrow=chip.arrow if chip else "auto",
    )
    lines = [words.text("overview.interval", low=s["low"], high=s["high"], unit=result.unit)]
    if words.has(f"overview.ends.{result.unit}"):
        lines.insert(0, words.text(f"overview.ends.{result.unit}", **s))
    if chip:  # beside the chip these words would be cut short
        lines[:1] = [f"{_baseline_score(here, result)} · {lines[0]}"]
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


def trend_of(here: Context, result: Result) -> go.Figure:
    """Weeks in their interval, both periods' means as levels."""
    s, (points, bucket) = result.statistics, points_of(result.parts["trend"])
    current, baseline = levels_of(here.plain, here.selection, result.statistics)
    known = "p" in s and s["p"] < SIGNIFICANCE
    verdict = here.look.verdict(s["change"]) if known else "none"
    return charts.trend(
        points,
        look=here.look,
        current=current,
        baseline=baseline,
        target=here.targets.get(here.selection.metric),
        verdict=verdict,
        bucket=bucket,
    )

"""The service page's pictures: the board, and one measure with its formula, its course and its segments."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result, Unit
from analysis.service.access.access import access
from analysis.service.board.board import service_measure
from analysis.service.board.families import MEASURES_OF
from analysis.service.board.said import standing
from analysis.service.bot.bot import bot
from analysis.service.complaints import complaints
from analysis.service.quality.quality import quality
from analysis.service.ranking.definitions import measures_of
from analysis.service.rates import NEITHER
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.monitor.service import among, bots, choices, first_contacts, hours, people, ranking
from pages.report import further_table, report
from pages.report.course import levels_of, points_of
from pages.report.marks import marks_in_time, marks_of
from pages.words import further_tables
from pages.words.format import sentences
from pages.words.service_words import measure_name
from pages.words.tables import segment_names


def board(here: Context, result: Result) -> None:
    """Every measure as a row, folded below the picture; a click on one opens it."""
    more = folded(here.text("service.as_table"), "table_rows", "service.table")
    if not more.open:
        return
    with more:
        report.table(here, result, chosen=partial(choices.open_measure, here, result))


def measure(here: Context, result: Result, name: str, by: str, counted: Mapping[str, str]) -> None:
    """One measure: where it stands, its formula with the numbers put in, over time, and by a dimension."""
    found = report.attempt(here, service_measure, measure=name, by=(by,), **counted)
    if found is None:  # it cannot be cut so, as has been said; over all it stands
        by, found = "", report.attempt(here, service_measure, measure=name, **counted)
    if found is None:
        return
    row = _row(result, name)
    st.markdown(f"## {here.say(standing(row))}")
    if found.how:
        st.caption(here.say(found.how.formula))
    look = _look(here, found, row)
    if "trend" in found.parts:
        points, bucket = points_of(found.parts["trend"])
        marks = marks_in_time(here, points["start"], bucket)
        report.chart(here, _trend_of(here, found, row, look), f"service.trend.{name}", marks=marks)
    if by:
        st.markdown(f"### {here.text('service.by_dimension', name=here.names.of_dimension(by))}")
        report.chart(here, _strip_of(here, found, row, look), f"service.strip.{name}", marks=marks_of(here, found))
    hours.show(here, name, counted, look)
    _further(here, name, by, counted)
    if by:
        _compared(here, row, by, counted)
    if here.at_least("intermediate"):
        report.table(here, found)
        for note in found.how.assumptions if found.how else ():
            st.caption(here.say(note))
    report.keep(here, found, "measure", named=measure_name(name, here.plain))


def _compared(here: Context, row: Mapping[str, Any], by: str, counted: Mapping[str, str]) -> None:
    """How the segments rank, under each definition of the measure and among each other."""
    name = str(row["measure"])
    metric = here.warehouse.model.metrics.get(name)
    if metric is not None and metric.repeat:
        first_contacts.draw(here, name, by, counted)
    elif name in measures_of(here.warehouse.model):
        ranking.draw(here, name, by, counted)
    if row["better"] != NEITHER:
        among.draw(here, name, by, counted)


def _row(result: Result, name: str) -> dict[str, Any]:
    """What the board says of a measure: its words below it are the same."""
    found: dict[str, Any] = result.table[result.table["measure"] == name].to_dict("records")[0]
    return found


@dataclass(frozen=True)
class _Family:
    """What else a family of measures says: its analysis, and which of its tables belong to which of its measures.

    counted: whether it takes the formula and the clock. draw: what it shows of its own in their place.
    """

    analyse: Callable[..., Result]
    parts: Mapping[str, tuple[str, ...]]
    counted: bool = False
    draw: Callable[[Context, Result, str, str], None] | None = None


FURTHER: Mapping[str, _Family] = MappingProxyType({
    "access": _Family(access, {"service_level": ("formulas",)}, counted=True),
    "complaints": _Family(complaints, {"escalation_rate": ("course", "escalation", "unusual", "outcomes")}),
    "quality": _Family(quality, {"critical_accuracy": ("beside", "passed", "results", "shared", "agreement")}),
    "bot": _Family(bot, {}, draw=bots.draw),
})  # fmt: skip


def _further(here: Context, name: str, by: str, counted: Mapping[str, str]) -> None:
    """The sentences of the measure's family after the first, and the tables that belong to the measure."""
    kind = next((kind for kind, names in MEASURES_OF.items() if name in names), None)
    if kind == "people":
        people.draw(here, name)
    if kind is None or kind not in FURTHER:
        return
    family = FURTHER[kind]
    found = report.attempt(here, family.analyse, by=(by,) if by else (), **(counted if family.counted else {}))
    if found is None:
        return
    if family.draw is not None:
        family.draw(here, found, name, by)
        return
    st.markdown(sentences(here.say(statement) for statement in found.findings[1:]))
    if found.caveats:
        st.caption(sentences(here.say(statement) for statement in found.caveats))
    for part in family.parts.get(name, ()):
        if not further_tables.has(found, part):
            continue
        if part == "course":
            _course(here, found)
        else:
            further_table.part(here, found, part)


def _course(here: Context, found: Result) -> None:
    """How the share that was escalated grows with the age of a complaint."""
    st.markdown(f"## {further_tables.title(found, 'course', here.words)}")
    rows = found.parts["course"]
    rows = rows.assign(**{name: 100 * rows[name] for name in ("share", "low", "high")})
    look, title = Look(here.plain, Unit.RATE, True, here.dark, here.large), here.text("columns.complaints_part.hours")
    report.chart(here, charts.survival(rows, look=look, title=title), "service.escalation.course")


def _look(here: Context, found: Result, row: Mapping[str, Any]) -> Look:
    return Look(here.plain, found.unit, row["better"] == "low", here.dark, here.large)


def _target(found: Result) -> float | None:
    target = found.statistics.get("target", math.nan)
    return None if math.isnan(target) else float(target)


def _strip_of(here: Context, found: Result, row: Mapping[str, Any], look: Look) -> go.Figure:
    """Each segment's value with its interval; coloured only where its own change has passed the family's test."""
    rows = found.table.assign(label=segment_names(found, here.plain), key=range(len(found.table)))
    known = (rows["p_adjusted"] < SIGNIFICANCE) & (row["better"] != NEITHER)
    rows["evidence"] = [look.verdict(c) if k else "none" for c, k in zip(rows["change"], known, strict=True)]
    labels = here.plain.periods(here.selection.period, here.selection.baseline) if here.selection.baseline else None
    return charts.strip(rows, look=look, labels=labels, target=_target(found))


def _trend_of(here: Context, found: Result, row: Mapping[str, Any], look: Look) -> go.Figure:
    """Days, weeks or months in their interval, with the values of the period and of the baseline as levels."""
    points, bucket = points_of(found.parts["trend"])
    current, baseline = levels_of(here.plain, here.selection, found.statistics)
    judged = row["p_adjusted"] < SIGNIFICANCE and row["better"] != NEITHER
    verdict = look.verdict(row["change"]) if judged else "none"
    return charts.trend(
        points, look=look, current=current, baseline=baseline, target=_target(found), verdict=verdict, bucket=bucket
    )

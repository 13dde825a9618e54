"""First-contact resolution in full: its cohort by day, ranks under each window, survey beside repeats, levers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result, Unit
from analysis.service.fcr.fcr import fcr
from data_access.repeats import ISSUES, Repeats
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.frame.linked_choices import choose
from pages.monitor.service import levers, ranking
from pages.report import further_table, report
from pages.words.format import sentences
from pages.words.further_tables import has
from pages.words.options import hours_in

OTHERS = ("1,4,24", "24,48,72", "24,72,168")  # windows that are offered beside the model's


def draw(here: Context, measure: str, by: str, counted: Mapping[str, str]) -> None:
    """What the measure itself does not say: cut-off, days still open, ranks by definition, what customers said."""
    st.markdown(f"#### {here.text('page.fcr')}")
    asked = _choices(here)
    found = report.attempt(here, fcr, by=(by,), **asked)
    if found is None:
        return
    st.markdown(sentences(here.say(statement) for statement in found.findings))
    st.caption(sentences(here.say(statement) for statement in found.caveats))
    levers.draw(here, found, by)
    report.chart(here, _by_day(here, found), "service.fcr.days")
    ranking.draw(here, measure, by, counted, windows=found.options["windows"])
    for part in (
        "survey",
        "classes",
        *(("windows",) if here.at_least("intermediate") else ()),
    ):
        if has(found, part):
            further_table.part(here, found, part)
    report.keep(here, found, "fcr")


def _choices(here: Context) -> dict[str, object]:
    """Which further contact counts, and within which hours."""
    usual = _written(here.warehouse.model.repeats)
    with st.container(horizontal=True, vertical_alignment="center"):
        issues = [*ISSUES[: 1 + (here.warehouse.model.question is not None)]]
        issue = choose(here, "issue", issues, ISSUES[0], lambda code: here.text(f"fcr.issue.{code}"))
        options = list(dict.fromkeys([usual, *OTHERS]))
        hours = choose(here, "hours", options, usual, lambda code: here.text("fcr.window", hours=code))
    return {"issue": issue, "windows": () if hours == usual else hours_in(hours)}


def _written(rules: Repeats) -> str:
    return ",".join(f"{hours:g}" for hours in rules.windows)


def _look(here: Context) -> Look:
    return Look(here.plain, Unit.RATE, dark=here.dark, large=here.large)


def _by_day(here: Context, found: Result) -> go.Figure:
    """A line a window; grey where a day is not yet closed, or is the beginning of the data."""
    trend, windows = found.parts["trend"], list(found.parts["windows"]["hours"])
    wide = trend.pivot(index="start", columns="hours", values="value").reindex(columns=windows)
    wide.columns = pd.Index([f"v{i}" for i in range(len(windows))])
    first = trend.drop_duplicates("start").set_index("start")
    days = wide.assign(n=first["n"], closed=first["state"] == "").reset_index()
    days = days.assign(label=[here.plain.show(day, "day") for day in days["start"]])
    return charts.windows(days, [here.text("fcr.window", hours=f"{h:g}") for h in windows], look=_look(here))

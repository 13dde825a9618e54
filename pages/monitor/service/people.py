"""The people of the service in full: what is in a team's own power, the tenure curve, training, load, complexity."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result, Unit
from analysis.service.people.people import people
from analysis.service.people.roles import tenure_of
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.report import further_table, report
from pages.words import further_tables
from pages.words.format import sentences
from pages.words.selection_words import unit_in_words
from pages.words.tables import segment_name

OF_MEASURE = {
    "new_hire_share": ("tenure", "own_power", "powers", "shared", "months"),
    "occupancy": ("relations", "loads", "complexity", "months"),
}
SAID = {  # above the table that it is about; the rest comes first
    "people.own_power": "own_power", "people.most_own": "own_power", "people.none_more": "own_power",
    "people.reason_shared": "shared", "people.ecological": "relations", "people.hardest": "complexity",
}  # fmt: skip
SHOWN = 8  # teams in the picture; all are in the table below it


def draw(here: Context, measure: str) -> None:
    """What belongs to one of the measures of people, always by team."""
    found = report.attempt(here, people)
    if found is None:
        return
    _say(here, found, "")
    if found.caveats:
        st.caption(sentences(here.say(statement) for statement in found.caveats))
    for part in OF_MEASURE[measure]:
        if further_tables.has(found, part):
            _part(here, found, part)
    if here.at_least("intermediate") and found.how:
        for note in (found.how.formula, *found.how.assumptions):
            st.caption(here.say(note))
    report.keep(here, found, "people")


def _part(here: Context, found: Result, part: str) -> None:
    """One of the tables, under what it says and its picture where it has one."""
    st.markdown(f"## {further_tables.title(found, part, here.words)}")
    _say(here, found, part)
    if part == "tenure":
        report.chart(here, _curve(here, found), "service.people.tenure")
    if part == "own_power":
        report.chart(here, _own_power(here, found), "service.people.own_power")
    further_table.part(here, found, part, titled=False)


def _say(here: Context, found: Result, part: str) -> None:
    """The sentences about a part; those about none come first."""
    about = ((SAID.get(said.key, "tenure" if said.key.startswith("dose.") else ""), said) for said in found.findings)
    text = sentences(here.say(said) for place, said in about if place == part)
    if text:
        st.markdown(text)


def _curve(here: Context, found: Result) -> go.Figure:
    """The metric by days in the job, and where it bends."""
    s, model = found.statistics, here.warehouse.model
    name = tenure_of(model)
    unit = unit_in_words(model.drivers[name].unit, here.plain)
    title = here.plain.show({"dimension": name}, "name")
    if unit not in title:
        title = here.plain.text("column.with_unit", title=title, unit=unit)
    knee = (s["tenure_knee_at"], s["tenure_knee_low"], s["tenure_knee_high"]) if s["tenure_improves"] else None
    return charts.dose(found.parts["tenure"], look=here.look, title=title, unit=unit, knee=knee,
                       log_from=s["tenure_log_from"])  # fmt: skip


def _own_power(here: Context, found: Result) -> go.Figure:
    """How much more or less a team loses by its own doing than expected: those furthest from it."""
    rows = found.parts["own_power"].dropna(subset=["difference"])
    rows = rows.loc[rows["difference"].abs().sort_values(ascending=False).index[:SHOWN]]
    rows = rows.sort_values("difference", ascending=False)
    verdicts = {"more": "loss", "less": "gain"}
    shown = pd.DataFrame({
        "label": [segment_name(found, segment, here.plain) for segment in rows["segment"]],
        "n_a": rows["n"].to_numpy(), "n_b": float("nan"), "value": rows["difference"].to_numpy(),
        "low": rows["difference_low"].to_numpy(), "high": rows["difference_high"].to_numpy(),
        "verdict": [verdicts.get(verdict, "none") for verdict in rows["verdict"]],
        "words": [here.plain.text(f"people.verdict.{verdict}") for verdict in rows["verdict"]],
        "key": range(len(rows)),
    })  # fmt: skip
    # of a loss less is better, whatever the metric
    look = Look(here.plain, Unit(found.unit), True, here.dark, here.large)
    return charts.forest_of_differences(shown, look=look, threshold=0.0)

"""One measure under each of its definitions: a switch for the ranking, coloured where the verdict holds under all."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result, Unit
from analysis.service.definitions import definitions
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.frame.linked_choices import choose
from pages.report import further_table, report
from pages.words.format import is_missing, sentences
from pages.words.service_words import definition_name
from pages.words.tables import segment_name


def draw(here: Context, measure: str, by: str, *, windows: Sequence[float] = ()) -> None:
    """What holds under every definition, then the segments under the one that is switched to."""
    found = report.attempt(here, definitions, measure=measure, by=(by,), windows=tuple(windows))
    if found is None:
        return
    st.markdown(f"#### {here.text('definitions.heading')}")
    st.markdown(sentences(here.say(statement) for statement in found.findings))
    names = list(dict.fromkeys(found.parts["each"]["definition"]))
    label, show = here.text("option.under"), lambda code: definition_name(code, here.plain)
    chosen = choose(here, "under", names, names[0], show, label=label)
    report.chart(here, _ranking(here, found, chosen), f"service.under.{measure}.{chosen}")
    if found.how:
        st.caption(here.say(found.how.formula))
    if here.at_least("intermediate"):
        further_table.part(here, found, "wholes")
        report.table(here, found)
    report.keep(here, found, "definitions")


def _ranking(here: Context, found: Result, code: str) -> go.Figure:
    """Segments under one definition, the best first, each with its rank and what that may truly be."""
    rows = found.parts["each"]
    rows = rows[rows["definition"] == code]
    lower_first = rows["better"].iloc[0] == "low"
    look = Look(here.plain, Unit(rows["unit"].iloc[0]), lower_first, here.dark, here.large)
    rows = rows.sort_values("value", ascending=lower_first, na_position="last")
    holds = dict(zip(found.table["segment"], found.table["holds"], strict=True))
    pairs = zip(rows["difference"], rows["segment"], strict=True)
    rows = rows.assign(
        label=[_label(here, found, row) for _, row in rows.iterrows()],
        key=range(len(rows)),
        score=rows["value"],
        baseline_score=rows["rest"],
        change=rows["difference"],
        evidence=[look.verdict(step) if holds[segment] == "all" else "none" for step, segment in pairs],
    )
    return charts.strip(rows, look=look, labels=(here.text("fcr.segment"), here.text("columns.fcr.rest")))


def _label(here: Context, found: Result, row: pd.Series) -> str:
    name = segment_name(found, row["segment"], here.plain)
    if is_missing(row["rank"]):
        return name
    ranks = {"rank": row["rank"], "best": row["rank_best"], "worst": row["rank_worst"]}
    return here.plain.text("definitions.ranked", name=name, **ranks)

"""One measure under each of its definitions: a switch for the ranking, coloured where the verdict holds under all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result, Unit
from analysis.service.ranking.defined import own_definition
from analysis.service.ranking.definitions import definitions
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.frame.linked_choices import choose
from pages.report import further_table, report
from pages.words.format import is_missing, sentences
from pages.words.service_words import definition_name
from pages.words.tables import segment_name

EACH_END = 5  # segments at either end of a long ranking


def draw(here: Context, measure: str, by: str, counted: Mapping[str, str], *, windows: Sequence[float] = ()) -> None:
    """What holds under every definition, then the segments under the one that is switched to; its own at first."""
    found = report.attempt(here, definitions, measure=measure, by=(by,), windows=tuple(windows))
    if found is None:
        return
    st.markdown(f"#### {here.text('definitions.heading')}")
    st.markdown(sentences(here.say(statement) for statement in found.findings))
    names = list(dict.fromkeys(found.parts["each"]["definition"]))
    label, show = here.text("option.under"), lambda code: definition_name(code, here.plain)
    _begin_at_its_own(here, measure)
    own = own_definition(here.warehouse.model.metrics.get(measure), **counted)
    chosen = choose(here, "under", names, own if own in names else names[0], show, label=label)
    rows = found.parts["each"]
    rows = _ends(rows[rows["definition"] == chosen])
    report.chart(here, _ranking(here, found, rows), f"service.under.{measure}.{chosen}")
    left = found.parts["each"]["segment"].nunique() - len(rows)
    between = here.text("definitions.between", count=left, ends=EACH_END) if left else ""
    st.caption(
        sentences([here.text("definitions.beside"), between, here.say(found.how.formula) if found.how else ""])
    )
    if here.at_least("intermediate"):
        further_table.part(here, found, "wholes")
        report.table(here, found)
    report.keep(here, found, "definitions")


def _begin_at_its_own(here: Context, measure: str) -> None:
    """Forget the definition that was chosen for another measure."""
    before, state = here.key("under_of"), st.session_state
    if state.get(before, measure) != measure:
        state.pop(here.key("under"), None)
    state[before] = measure


def _ends(rows: pd.DataFrame) -> pd.DataFrame:
    """The best first; of many only both ends, for there the conclusions are."""
    ordered = rows.sort_values("value", ascending=rows["better"].iloc[0] == "low", na_position="last")
    few = len(ordered) <= 2 * EACH_END + 1
    return ordered if few else pd.concat([ordered.head(EACH_END), ordered.tail(EACH_END)])


def _ranking(here: Context, found: Result, rows: pd.DataFrame) -> go.Figure:
    """Segments under one definition, each with its rank and what that may truly be."""
    lower_first = rows["better"].iloc[0] == "low"
    look = Look(here.plain, Unit(rows["unit"].iloc[0]), lower_first, here.dark, here.large)
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

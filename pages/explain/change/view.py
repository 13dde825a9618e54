"""The change page's pictures: the waterfall, and the few segments that explain a change among all conjunctions."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result
from analysis.segments import segments
from analysis.stats.intervals import SIGNIFICANCE
from data_access.selection import Filter
from pages import charts
from pages.frame import top
from pages.frame.context import Context
from pages.report import group_issue, report, ways
from pages.report.marks import marks_of
from pages.words.tables import segment_name, segment_names

CAUSES = "causes"  # the place of the page where the likely causes are drawn


def waterfall_of(here: Context, result: Result) -> go.Figure:
    """From the baseline's score to the period's, a rate and a mix effect a segment."""
    s, rows = (
        result.statistics,
        result.table.assign(label=segment_names(result, here.plain), key=range(len(result.table))),
    )
    now, before = here.plain.periods(here.selection.period, here.selection.baseline)
    return charts.waterfall(
        s["baseline_score"], s["score"], rows, look=here.look, labels=(before, now), ordered=here.is_ordered(result)
    )


def lead_on(here: Context, result: Result) -> None:
    """To the likely causes below, and to the reasons of the segment that moved most beyond chance."""
    where = ways.leading(result)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ways.down_to(here, CAUSES, here.text("ways.causes"))
        ways.on(here, [*ways.reasons_of(here, where), *ways.rest_of(here, where)])


def likely_causes(here: Context) -> None:
    """The answer, each segment's own change, and the table whose effects sum to the whole change; in a class not
    before the reveal: all conjunctions at once would be the answer."""
    top.here(CAUSES)
    st.markdown(f"## {here.text('causes.title')}")
    if group_issue.must_find(here):
        st.info(here.text("classroom.yours_to_find"), icon=":material/school:")
        return
    result = report.attempt(here, segments)
    if result is None:
        return
    report.answer(here, result)
    _from_cause(here, result)
    if result.table.empty:  # everything else alone is the change itself
        return
    whole = _with_rest(result)
    marks = marks_of(here, whole)
    report.chart(here, _changes_of(here, result), "segments", marks=marks)
    report.table(here, whole, marks=marks)
    report.keep(here, whole, "segments")


def _from_cause(here: Context, result: Result) -> None:
    """From the strongest segment to its reasons, to what else sets it apart, and into a trace."""
    rated = result.table[result.table["kind"] == "rate"]
    if rated.empty:
        return
    where = tuple(Filter(name, (member,)) for name, member in rated["segment"].iloc[0])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ways.on(here, [*ways.reasons_of(here, where), *ways.rest_of(here, where)])
        ways.trace_button(here, where, "causes")


def _with_rest(result: Result) -> Result:
    """With everything else as the last row, so that the effects in the table sum to the change."""
    rest = result.parts["rest"].assign(segment=[()], kind="")
    table = pd.concat([result.table, rest], ignore_index=True)[list(result.table)]
    return replace(result, table=table, parts={name: p for name, p in result.parts.items() if name != "total"})


def _changes_of(here: Context, result: Result) -> go.Figure:
    """Each segment's own change with its interval; coloured where it is beyond chance among all candidates."""
    table = result.table
    known = table["p_adjusted"] < SIGNIFICANCE
    rows = pd.DataFrame(
        {
            "label": [segment_name(result, segment, here.plain) for segment in table["segment"]],
            "key": range(len(table)),
            "n_a": table["n1"],
            "n_b": table["n0"],
            "value": table["change"],
            "low": table["low"],
            "high": table["high"],
            "verdict": [here.look.verdict(c) if k else "none" for c, k in zip(table["change"], known, strict=True)],
            "words": [_direction(here, kind, c) for kind, c in zip(table["kind"], table["change"], strict=True)],
        }
    )
    return charts.forest_of_differences(rows, look=here.look, threshold=0.0)


def _direction(here: Context, kind: str, change: float) -> str:
    return here.plain.text(f"chart.segments.{kind if kind == 'mix' else 'fell' if change < 0 else 'rose'}")

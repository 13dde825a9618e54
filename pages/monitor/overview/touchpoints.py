"""The strip of the touchpoints, or of any other dimension: each with its interval, now and before."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.frame.context import Context
from pages.report import panel, report
from pages.report.marks import marks_of
from pages.words.tables import segment_names


def show(here: Context, result: Result, by: tuple[str, ...]) -> None:
    """The strip under its title; its table from the second depth on; what is behind the mark that was clicked."""
    marks = marks_of(here, result)
    if by:
        st.markdown(f"## {here.text('overview.strip', name=here.names.of_dimension(by[0]))}")
        report.chart(here, strip_of(here, result), "strip", marks=marks)
    if here.at_least("intermediate"):
        report.table(here, result, marks=marks)
    panel.show(here)


def strip_of(here: Context, result: Result) -> go.Figure:
    """Each segment's score with its interval; coloured only where its own change has passed the family's test.

    Of more segments than can be drawn, those that surely changed and the worst are; the best are summed up.
    """
    rows = result.table.assign(label=segment_names(result, here.plain), key=range(len(result.table)))
    known = rows["p_adjusted"] < SIGNIFICANCE
    rows["evidence"] = [here.look.verdict(c) if k else "none" for c, k in zip(rows["change"], known, strict=True)]
    if len(rows) > charts.MOST_MARKS:
        worst_first = here.metric.better == "high"
        rows = rows.assign(known=known).sort_values(["known", "score"], ascending=[False, worst_first])
    labels = here.plain.periods(here.selection.period, here.selection.baseline) if here.selection.baseline else None
    return charts.strip(rows, look=here.look, labels=labels, target=here.targets.get(here.selection.metric))

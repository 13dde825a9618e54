"""The likely causes of a change: the few segments that explain it, found among all conjunctions of dimensions."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.result import Result
from analysis.segments import segments
from pages import charts
from pages.frame.context import Context
from pages.report import report
from pages.words.tables import segment_name

SURE = 0.05


def likely(here: Context) -> None:
    """The answer, each segment's own change, and the table whose effects sum to the whole change."""
    st.markdown(f"### {here.text('causes.title')}")
    found = report.attempt(here, segments)
    if found is None:
        return
    report.answer(here, found)
    if found.table.empty:  # everything else alone is the change itself
        return
    result = closed(found)
    report.chart(here, changes_of(here, found), "segments")
    report.table(here, result)
    report.keep(here, result, "segments")


def closed(result: Result) -> Result:
    """With everything else as the last row, so that the effects in the table sum to the change."""
    rest = result.parts["rest"].assign(segment=[()], kind="")
    table = pd.concat([result.table, rest], ignore_index=True)[list(result.table)]
    return replace(result, table=table, parts={name: p for name, p in result.parts.items() if name != "total"})


def changes_of(here: Context, result: Result) -> go.Figure:
    """Each segment's own change with its interval; coloured where it is beyond chance among all candidates."""
    table = result.table
    sure = table["p_adjusted"] < SURE
    rows = pd.DataFrame({
        "label": [segment_name(result, segment, here.plain) for segment in table["segment"]],
        "key": range(len(table)), "n_a": table["n1"], "n_b": table["n0"], "value": table["change"],
        "low": table["low"], "high": table["high"],
        "verdict": [here.look.verdict(c) if s else "none" for c, s in zip(table["change"], sure, strict=True)],
        "words": [_said(here, kind, change) for kind, change in zip(table["kind"], table["change"], strict=True)],
    })  # fmt: skip
    return charts.forest_of_differences(rows, look=here.look, threshold=0.0)


def _said(here: Context, kind: str, change: float) -> str:
    return here.plain.text(f"chart.segments.{kind if kind == 'mix' else 'fell' if change < 0 else 'rose'}")

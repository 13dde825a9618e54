"""The contribution page's parts: what to cut by, the Pareto, and the reasons and powers inside one segment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.contribution import contribution
from analysis.powers import by_power
from analysis.result import Result
from pages import charts
from pages.frame import address
from pages.frame.context import Context
from pages.frame.sidebar import BLANK
from pages.report import report
from pages.words.tables import segment_names

ALL = "all"


def choose_cut(here: Context) -> tuple[str, float | None]:
    """The dimension to cut by, the depth, and at the advanced depth a target."""
    model = here.warehouse.model
    options = [*model.offered, *model.reasons]
    default = "business" if "business" in options else options[0]
    line: Literal["bottom", "center"] = (
        "bottom" if here.at_least("intermediate") else "center"
    )  # the target has its label above it
    with st.container(horizontal=True, vertical_alignment=line):
        by = here.choose("by", options, default, here.names.of_dimension)
        here.choose_depth()
        target = _choose_target(here) if here.at_least("intermediate") else None
    return by, target


def _line(here: Context) -> Literal["bottom", "center"]:
    """Where the choices stand in line: at the bottom beside a target, which has its label above it."""
    return "bottom" if here.at_least("intermediate") else "center"


def _choose_target(here: Context) -> float | None:
    """A value every segment is measured against; empty for none."""
    address.take("target", here.key("target"), lambda values: _number(values))
    st.session_state.setdefault(here.key("target"), here.targets.get(here.selection.metric))
    label = here.text("option.target", unit=here.text(f"unit.{here.metric.unit}"))
    value = st.number_input(
        label, 0.0, 100.0, step=0.5, key=here.key("target"), width=200, placeholder="–", persist_state="session"
    )
    if value is not None:
        address.write("target", f"{value:g}")
    return value


def _number(values: Sequence[str]) -> float | None:
    try:
        return min(max(float(values[0]), 0.0), 100.0)
    except ValueError:
        return None


def pareto_of(here: Context, result: Result) -> go.Figure:
    """Bars of lost points with the share of answers marked."""
    rows = result.table.assign(label=segment_names(result, here.plain), key=range(len(result.table)))
    return charts.pareto(
        rows, look=here.look, intervals=here.at_least("intermediate"), selected=_selected(here, result)
    )


def take_segment(here: Context, result: Result) -> None:
    """A segment that a link asks for, before anything is drawn that shows it."""
    codes = [_code(segment[0]) for segment in result.table["segment"]]
    address.take("segment", here.key("segment"), lambda values: values[0] if values[0] in (ALL, *codes) else None)


def _selected(here: Context, result: Result) -> int | None:
    wanted = st.session_state.get(here.key("segment"))
    codes = [_code(s[0]) for s in result.table["segment"]]
    return codes.index(wanted) if wanted in codes else None


def target_chart(here: Context, result: Result) -> None:
    """What each segment would bring if it reached the target."""
    st.markdown(f"#### {here.text('contribution.versus_target', target=result.options['target'], unit=result.unit)}")
    rows = result.table.assign(label=segment_names(result, here.plain), gain=result.table["target_gain"])
    report.chart(here, charts.target_bars(rows, look=here.look), "target")


def choose_segment(here: Context, result: Result, clicked: str | None, row: int | None) -> str:
    """The segment looked into: clicked in the chart, chosen in the table or by name; part of the link."""
    codes = [_code(segment[0]) for segment in result.table["segment"]]
    names = dict(zip(codes, segment_names(result, here.plain), strict=True))
    place = int(clicked) if clicked is not None and clicked.isdigit() else row
    marks = (clicked, row)
    if place is not None and place < len(codes) and st.session_state.get("segment.marks") != marks:
        st.session_state[here.key("segment")] = codes[place]
    st.session_state["segment.marks"] = marks
    return here.choose("segment", [ALL, *codes], ALL, lambda c: names.get(c) or here.text("option.everything"))


def _code(value: str | None) -> str:
    return BLANK if value is None else value


def reasons_inside(here: Context, by: str, segment: str) -> None:
    """Reasons of the lost points, all or inside one segment, coloured by who can act on them."""
    reasons = here.warehouse.model.reasons
    if not reasons or by in reasons:
        return
    value = None if segment == BLANK else segment
    selection = here.selection if segment == ALL else here.selection.where(by, value)
    reason = next(iter(reasons))
    result = here.run(contribution, selection, by=(reason,))
    powers = by_power(result)
    name = here.words.show(value, "name", dimension=by) if segment != ALL else None
    key = "contribution.inside" if name else "contribution.inside_all"
    st.markdown(f"#### {here.text(key, segment=name, finding=powers.findings[0])}")
    report.chart(here, charts.power_bar(_power_rows(here, powers), look=here.look), "power")
    report.chart(here, _reason_figure(here, result, powers), "reasons")
    if here.at_least("intermediate"):
        report.table(here, result)
    st.caption(here.text("caveat.power"))
    report.keep(here, result, "reasons")


def _power_rows(here: Context, powers: Result) -> pd.DataFrame:
    labels = [here.plain.show(s[0], "name", dimension="power") for s in powers.table["segment"]]
    return powers.table.assign(label=labels)


def _reason_figure(here: Context, result: Result, powers: Result) -> go.Figure:
    rows = result.table.assign(
        label=segment_names(result, here.plain),
        power=[here.plain.show(power, "name", dimension="power") for power in result.table["power"]],
        lost=result.table["lost_points"],
    )
    return charts.reason_bars(rows, look=here.look, powers=list(_power_rows(here, powers)["label"]))

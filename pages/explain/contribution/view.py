"""The contribution page's pictures: the Pareto, what a target would bring, and the reasons inside one segment."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.contribution import contribution
from analysis.powers import by_power
from analysis.result import Result
from data_access.selection import Filter
from pages import charts
from pages.explain.contribution.choices import ALL
from pages.frame.context import Context
from pages.frame.open_mark import Where
from pages.report import report, ways
from pages.report.marks import Marks, marks_of_members
from pages.words.options import member_of
from pages.words.tables import segment_names


def pareto_of(here: Context, result: Result) -> go.Figure:
    """Bars of lost points with the share of answers marked."""
    rows = result.table.assign(label=segment_names(result, here.plain), key=range(len(result.table)))
    return charts.pareto(
        rows, look=here.look, intervals=here.at_least("intermediate"), ordered=here.is_ordered(result)
    )


def ways_on(here: Context, result: Result) -> list[ways.Way]:
    """To the reasons inside the segment that loses most, what changed by the same dimension, and its difference."""
    (by,) = result.options["by"]
    top: Mapping[str, str | None] = next((s.values["segment"] for s in result.findings if "segment" in s.values), {})
    where = tuple(Filter(name, (member,)) for name, member in top.items())
    if by in here.warehouse.model.reasons:
        return []
    return [*ways.reasons_of(here, where), *ways.change_of(here, by), *ways.rest_of(here, where)]


def gains(here: Context, result: Result, marks: Marks) -> None:
    """What each segment would bring if it reached the target."""
    st.markdown(f"## {here.text('contribution.versus_target', target=result.options['target'], unit=result.unit)}")
    names = segment_names(result, here.plain)
    rows = result.table.assign(label=names, gain=result.table["target_gain"], key=range(len(result.table)))
    report.chart(here, charts.target_bars(rows, look=here.look), "target", marks=marks)


def reasons_inside(here: Context, by: str, segment: str) -> None:
    """Reasons of the lost points, all or inside one segment, coloured by who can act on them."""
    reason, everything = next(iter(here.warehouse.model.reasons)), segment == ALL
    where = () if everything else (Filter(by, (member_of(segment),)),)
    result = here.run(contribution, here.selection.within(where), by=(reason,))
    powers = by_power(result)
    _heading(here, powers, None if everything else here.words.show(member_of(segment), "name", dimension=by))
    _power(here, result, powers, where)
    members = [segment[0] for segment in result.table["segment"]]
    marks = marks_of_members(here, reason, members, where)
    report.chart(here, _reasons_of(here, result), "reasons", marks=marks)
    if here.at_least("intermediate"):
        report.table(here, result)
    st.caption(here.text("caveat.power"))
    report.keep(here, result, "reasons")
    ways.trace_button(here, where, "reasons")


def _power(here: Context, result: Result, powers: Result, where: Where) -> None:
    """One bar by who can act; behind each part are the reasons in that power."""
    (reason,), table = result.options["by"], result.table
    codes = [segment[0] for segment in powers.table["segment"]]
    own = [tuple(s[0] for s in table["segment"][table["power"] == code]) for code in codes]
    marks = Marks(here.page, [(*where, Filter(reason, members)) for members in own])
    labels = [here.plain.show(code, "name", dimension="power") for code in codes]
    rows = powers.table.assign(label=labels, power=codes, key=range(len(codes)))
    report.chart(here, charts.power_bar(rows, look=here.look), "power", marks=marks)


def _heading(here: Context, powers: Result, segment: str | None) -> None:
    key = "contribution.inside" if segment else "contribution.inside_all"
    st.markdown(f"## {here.text(key, segment=segment, finding=powers.findings[0])}")


def _reasons_of(here: Context, result: Result) -> go.Figure:
    """A bar per reason in the colour of its power."""
    rows: pd.DataFrame = result.table.assign(
        label=segment_names(result, here.plain), lost=result.table["lost_points"], key=range(len(result.table))
    )
    return charts.reason_bars(rows, look=here.look)

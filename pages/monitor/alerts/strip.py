"""How do the touchpoints and the drivers stand? The week against the four before it."""

from __future__ import annotations

import streamlit as st

from analysis.overview import default_cut, overview
from analysis.result import Result
from analysis.service.board.board import service
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.monitor.alerts.choices import Morning
from pages.report import driver_tree, panel, report
from pages.report.marks import marks_of
from pages.words.tables import segment_names


def touchpoints(here: Context, morning: Morning) -> None:
    """Each touchpoint, else each member of the first dimension; nothing where there is no dimension."""
    week, by = here.over(morning.week(here.selection)), default_cut(here.warehouse)
    if not by:
        return
    st.space("small")
    st.markdown(f"## {here.text('overview.strip', name=here.names.of_dimension(by[0]))}")
    found = report.attempt(week, overview, by=by)
    if found is not None:
        _strip(week, found)


def drivers(here: Context, morning: Morning) -> None:
    """What the drivers say in a sentence, their tree once it is opened, and the way to the service page."""
    week = here.over(morning.week(here.selection))
    board = report.attempt(week, service)
    if board is None:
        return
    st.space("small")
    st.markdown(f"## {here.text('alerts.drivers')}")
    st.markdown(week.say(board.findings[0]))
    fold = folded(here.text("alerts.tree"), "account_tree", "alerts.tree.open")
    if fold.open:
        with fold:
            report.picture(week, driver_tree.tree(week, board), "alerts.tree")
    here.lead_to("service", here.text("service.question"))


def _strip(here: Context, result: Result) -> None:
    """Each segment with its interval, coloured where it changed beyond chance."""
    rows = result.table.assign(label=segment_names(result, here.plain), key=range(len(result.table)))
    known = rows["p_adjusted"] < SIGNIFICANCE
    rows["evidence"] = [here.look.verdict(c) if k else "none" for c, k in zip(rows["change"], known, strict=True)]
    labels = here.plain.periods(here.selection.period, here.selection.baseline)
    target = here.targets.get(here.selection.metric)
    figure = charts.strip(rows, look=here.look, labels=labels, target=target)
    report.chart(here, figure, "alerts.strip", marks=marks_of(here, result))
    panel.show(here)

"""Nothing matches: one sentence says so, one button goes to the nearest selection that has answers."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.nearest import Nearest
from data_access.statement import NothingToShow, Problem
from pages.frame import address, open_data, sidebar
from pages.frame.context import Context
from pages.frame.periods import Calendar


def show(here: Context, problem: NothingToShow) -> None:
    """Why there is nothing, and the way to where there is something."""
    address.keep()
    calendar = open_data.calendar(here)
    if _is_first(here, calendar):
        _lead_on(here, calendar)
        return
    st.warning(here.say(problem.statement), icon=":material/info:")
    both = problem.statement.key == "selection.empty_period"
    try:
        nearest = open_data.near(here, both)
    except Problem:  # the sentence stands without a way out
        return
    if nearest is None:
        return
    st.button(
        _label(here, nearest),
        key="nearest",
        type="primary",
        icon=":material/near_me:",
        on_click=sidebar.go_to,
        args=(nearest.selection, calendar, nearest.without),
    )


def _is_first(here: Context, calendar: Calendar | None) -> bool:
    """Whether a comparison is asked for and the data begin only where the baseline is over."""
    asked = here.selection
    if calendar is None or asked.period is None or asked.baseline is None:
        return False
    is_within = asked.period.start <= calendar.last and calendar.first < asked.period.end
    return is_within and asked.baseline.end <= calendar.first


def _lead_on(here: Context, calendar: Calendar | None) -> None:
    """There is nothing earlier: the later part of the period can be compared with the part before it."""
    st.info(here.text("nearest.nothing_earlier", period=here.selection.period), icon=":material/info:")
    period = here.selection.period
    if calendar and period and (halves := calendar.halves(period)):
        later, earlier = halves
        st.button(
            here.text("nearest.halves", period=later, baseline=earlier),
            key="halves",
            type="primary",
            icon=":material/near_me:",
            on_click=sidebar.go_to,
            args=(replace(here.selection, period=later, baseline=earlier), calendar, ()),
        )
    here.lead_to("contribution", here.text("contribution.question"))


def _label(here: Context, nearest: Nearest) -> str:
    moved, names = nearest.selection.period != here.selection.period, nearest.without
    change = "both" if moved and names else "period" if moved else "without" if names else "baseline"
    return here.text(
        f"nearest.{change}",
        period=nearest.selection.period,
        baseline=nearest.selection.baseline,
        names=[here.names.of_dimension(name) for name in names],
        answers=nearest.answers,
    )

"""Nothing matches: one sentence says so, one button goes to the nearest selection that has answers."""

from __future__ import annotations

import streamlit as st

from analysis.nearest import Nearest
from data_access.statement import NothingToShow, Problem
from pages.frame import address, open_data, sidebar
from pages.frame.context import Context


def show(here: Context, problem: NothingToShow) -> None:
    """Why there is nothing, and the way to where there is something."""
    st.warning(here.say(problem.statement), icon=":material/info:")
    address.keep()
    both = problem.statement.key == "selection.empty_period"
    try:
        nearest = open_data.near(here.data_key, here.selection, here.user.scope.filters, both, here.warehouse)
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
        args=(nearest.selection, open_data.calendar(here.data_key, here.warehouse), nearest.without),
    )


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

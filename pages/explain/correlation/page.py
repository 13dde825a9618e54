"""What goes with what? The matrix of all pairs, then one pair looked at closely."""

from __future__ import annotations

import streamlit as st

from pages.explain.correlation import view
from pages.frame.context import Context
from pages.report import report


def draw(here: Context) -> None:
    """All pairs of some columns; a click on one looks at it closely."""
    report.question(here, "association")
    asked = view.choose(here)
    result = view.ask(here, asked)
    report.answer(here, result)
    clicked = report.chart(here, view.matrix_of(here, result), "association", clickable=True)
    row = report.table(here, result, selectable=True)
    bar = st.container()  # the link in it names the pair that is chosen below it
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x, y = view.choose_pair(here, result, clicked, row)
        within = view.choose_within(here, asked, (x, y))
    with bar:
        report.actions(here, result)
    view.closely(here, asked, x, y, within)
    view.deeper(here, result)
    report.made_of(here, result)

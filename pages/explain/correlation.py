"""What goes with what? The matrix of all pairs, then one pair looked at closely."""

from __future__ import annotations

import streamlit as st

from pages.ui import correlating, report
from pages.ui.context import Context


def draw(here: Context) -> None:
    """All pairs of some columns; a click on one looks at it closely."""
    report.question(here, "association")
    asked = correlating.choose(here)
    result = correlating.ask(here, asked)
    report.answer(here, result)
    clicked = report.chart(here, correlating.matrix_of(here, result), "association", clickable=True)
    row = report.table(here, result, selectable=True)
    bar = st.container()  # the link in it names the pair that is chosen below it
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x, y = correlating.choose_pair(here, result, clicked, row)
        within = correlating.choose_within(here, asked, (x, y))
    with bar:
        report.actions(here, result)
    correlating.closely(here, asked, x, y, within)
    correlating.deeper(here, result)
    report.made_of(here, result)

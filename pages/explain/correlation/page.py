"""What is related to what? The matrix of all pairs, then one pair looked at closely."""

from __future__ import annotations

import streamlit as st

from analysis.association import association
from pages.explain.correlation import choices, pair_view, view
from pages.frame.context import Context
from pages.report import report


def draw(here: Context) -> None:
    """All pairs of some columns; a click on one looks at it closely."""
    report.question(here, "association")
    options = choices.choose_columns(here)
    result = here.run(association, **options)
    report.answer(here, result)
    clicked = report.chart(here, view.matrix_of(here, result), "association", clickable=True)
    row = report.table(here, result, selectable=True)
    bar = st.container()  # the link in it names the pair that is chosen below it
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        x, y = choices.choose_pair(here, result, clicked, row)
        within = choices.choose_within(here, options, (x, y))
    with bar:
        report.actions(here, result)
    unit = {name: value for name, value in options.items() if name != "columns"}
    pair_view.closely(here, {"x": x, "y": y, "within": within, **unit})
    view.deeper(here, result)
    report.made_of(here, result)

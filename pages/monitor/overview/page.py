"""How satisfied are customers, and where is it slipping?"""

from __future__ import annotations

import streamlit as st

from analysis.overview import overview
from pages.frame.context import Context
from pages.monitor.overview import choices, view
from pages.report import report


def draw(here: Context) -> None:
    """The headline with its trend, where to look first, the touchpoints, and how it was made."""
    report.question(here, "overview")
    by = choices.choose_cut(here)
    result = here.run(overview, by=by)
    left, right = st.columns([4, 8], gap="large", vertical_alignment="center")
    with left:
        view.headline(here, result)
    with right:
        if "trend" in result.parts:
            report.chart(here, view.trend_of(here, result), "trend")
    view.look_first(here, result)
    if by:
        st.markdown(f"#### {here.text('overview.strip', name=here.names.of_dimension(by[0]))}")
        report.chart(here, view.strip_of(here, result), "strip")
    if here.at_least("intermediate"):
        report.table(here, result)
    report.actions(here, result)
    report.made_of(here, result)

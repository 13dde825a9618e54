"""How satisfied are customers, and where is it slipping?"""

from __future__ import annotations

import streamlit as st

from analysis.overview import default_cut, overview
from pages.frame.context import Context
from pages.monitor.overview.view import headline, look_first, strip_of, trend_of
from pages.report import report


def draw(here: Context) -> None:
    """The headline with its trend, where to look first, the touchpoints, and how it was made."""
    report.question(here, "overview")
    cuts = here.cuts()
    with st.container(horizontal=True, vertical_alignment="center"):
        by = (here.choose("by", cuts, default_cut(here.warehouse)[0], here.names.of_dimension),) if cuts else ()
        here.choose_depth()
    result = here.run(overview, by=by)
    left, right = st.columns([4, 8], gap="large", vertical_alignment="center")
    with left:
        headline(here, result)
    with right:
        if "trend" in result.parts:
            report.chart(here, trend_of(here, result), "trend")
    look_first(here, result)
    if by:
        st.markdown(f"#### {here.text('overview.strip', name=here.names.of_dimension(by[0]))}")
        report.chart(here, strip_of(here, result), "strip")
    if here.at_least("intermediate"):
        report.table(here, result)
    report.actions(here, result)
    report.made_of(here, result)

"""How satisfied are customers, and where is it slipping?"""

from __future__ import annotations

import streamlit as st

from analysis.overview import default_cut, overview
from pages.ui import report
from pages.ui.context import Context
from pages.ui.headline import headline, strip_of, trend_of


def draw(here: Context) -> None:
    """The headline with its trend, then the touchpoints, then how it was made."""
    report.question(here, "overview")
    model = here.warehouse.model
    cuts = [name for name in model.offered if not model.dimension(name).overlaps]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        here.choose_depth()
        by = (here.choose("by", cuts, default_cut(here.warehouse)[0], here.names.of_dimension),) if cuts else ()
    result = here.run(overview, by=by)
    left, right = st.columns([4, 8], gap="large", vertical_alignment="center")
    with left:
        headline(here, result)
    with right:
        if "trend" in result.parts:
            report.chart(here, trend_of(here, result), "trend")
    report.answer(here, result)
    st.subheader(here.text("overview.strip", name=here.names.of_dimension(by[0]) if by else ""), anchor=False)
    report.chart(here, strip_of(here, result), "strip")
    if here.at_least("intermediate"):
        report.table(here, result)
    report.actions(here, result)
    report.made_of(here, result)

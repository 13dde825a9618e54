"""How satisfied are customers, what changed, why, who can act - and what else is worth knowing?"""

from __future__ import annotations

import streamlit as st

from analysis.overview import overview
from pages.frame.context import Context
from pages.monitor.overview import beside, choices, headline, leading, others, touchpoints
from pages.report import group_issue, report


def draw(here: Context) -> None:
    """The headline at once; then the leading cause with its remedy, suspects and powers, and what else there is."""
    report.question(here, "overview")
    shown, cause, around, more, strip = (st.container() for _ in range(5))
    with strip:
        by = choices.choose_cut(here)
    result = here.run(overview, by=by)
    with shown:
        if not headline.show(here, result):
            return
    with strip:
        touchpoints.show(here, result, by)
        report.actions(here, result)
        report.made_of(here, result)
    if group_issue.must_find(here):
        cause.info(here.text("classroom.yours_to_find"), icon=":material/school:")
        return
    with cause:
        found = leading.show(here, result)
    with around:
        beside.show(here, found)
    with more:
        others.show(here, found)

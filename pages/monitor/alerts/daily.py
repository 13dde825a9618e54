"""The daily bad-rating report: by department and by channel, with the files that people hand on."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.monitor.daily_report import daily_report, department_of
from pages.frame.context import Context
from pages.frame.linked_choices import choose
from pages.monitor.alerts.choices import Morning
from pages.report import further_table, report


def draw(here: Context, morning: Morning) -> None:
    """The answer, the table by the dimension that was chosen, the channels beside it, and the files."""
    st.space("small")
    st.markdown(f"## {here.text('page.daily_report')}")
    usual, cuts = department_of(here.warehouse.model), here.cuts()
    by = (choose(here, "by", cuts, usual[0], here.names.of_dimension),) if usual and usual[0] in cuts else ()
    asked = here.over(replace(here.selection, period=None, baseline=None))
    result = report.attempt(asked, daily_report, by=by, as_of=morning.as_of)
    if result is None:
        return
    shown = here.about(result.metric)
    first, *others = result.findings
    st.markdown(f"**{shown.say(first)}**")
    for statement in others:
        st.markdown(shown.say(statement))
    report.table(shown, result)
    if "beside" in result.parts:
        further_table.part(shown, result, "beside")
    st.caption(shown.say(result.caveats[0]))
    report.actions(shown, result)
    report.made_of(shown, result)

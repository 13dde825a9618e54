"""What goes with the score, and how strongly? The drivers together, then the score along one of them."""

from __future__ import annotations

import streamlit as st

from pages.ui import driving, report
from pages.ui.context import Context


def draw(here: Context) -> None:
    """The drivers by importance; a click on one follows the score along it."""
    report.question(here, "drivers")
    asked = driving.choose(here)
    if not driving.can_answer(here, asked):
        st.info(here.text("drivers_page.no_drivers"), icon=":material/info:")
        return
    result = driving.ask(here, asked)
    report.answer(here, result)
    clicked = report.chart(here, driving.importance_of(here, result), "drivers", clickable=True)
    row = report.table(here, result, selectable=True)
    bar = st.container()  # the link in it names the driver that is chosen below it
    st.space("small")
    driving.strengths(here, result)
    driver = driving.choose_driver(here, result, clicked, row)
    with bar:
        report.actions(here, result)
    driving.along(here, driver)
    driving.deeper(here, result)
    report.made_of(here, result)

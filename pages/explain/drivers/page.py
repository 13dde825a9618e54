"""What is the score related to, and how strongly? The drivers together, then the score along one of them."""

from __future__ import annotations

import streamlit as st

from analysis.drivers.importance import drivers
from pages.explain.drivers import choices, view
from pages.frame.context import Context
from pages.report import report


def draw(here: Context) -> None:
    """The drivers by importance; a click on one follows the score along it."""
    report.question(here, "drivers")
    options = choices.choose_drivers(here)
    if not choices.any_drivers(here, options):
        st.info(here.text("drivers_page.no_drivers"), icon=":material/info:")
        return
    result = here.run(drivers, **options)
    report.answer(here, result)
    choices.lead_on(here, result)
    follow = choices.Following(here, result)
    report.chart(here, view.importance_of(here, result, follow), "drivers", clicked=follow.click)
    report.table(here, result, chosen=follow.row)
    bar = st.container()  # the link in it names the driver that is chosen below it
    st.space("small")
    view.strengths(here, result, follow)
    driver = choices.choose_driver(here, result)
    with bar:
        report.actions(here, result)
    if driver is not None:
        view.along(here, driver)
    view.deeper(here, result)
    report.made_of(here, result)

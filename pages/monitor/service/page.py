"""How does the service stand? The board of its measures; one of them in full, by any dimension."""

from __future__ import annotations

import streamlit as st

from analysis.service.board import service
from pages.frame.context import Context
from pages.monitor.service import choices, view
from pages.report import panel, report


def draw(here: Context) -> None:
    """The board as a table; a click on a row opens that measure below it."""
    report.question(here, "service")
    counted = choices.choose_counting(here)
    result = here.run(service, formula=counted["formula"], clock=counted["clock"])
    report.answer(here, result)
    view.board(here, result)
    report.actions(here, result)
    st.space("small")
    measure, by = choices.choose_measure(here, result)
    view.measure(here, result, measure, by, counted)
    panel.show(here)
    report.made_of(here, result)

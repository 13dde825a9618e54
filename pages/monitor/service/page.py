"""How does the service stand? The board of its measures; one of them in full, by any dimension."""

from __future__ import annotations

import streamlit as st

from analysis.service.board.board import service
from pages.frame.context import Context
from pages.monitor.service import choices, tree, view
from pages.report import panel, report


def draw(here: Context) -> None:
    """The board as the tree of drivers, or by segments, and as a table; a click opens a measure below it."""
    report.question(here, "service")
    shape, counted = choices.choose_counting(here)
    across = () if shape == choices.TREE else (shape,)
    result = here.run(service, by=across, formula=counted["formula"], clock=counted["clock"])
    report.answer(here, result)
    tree.show(here, result, shape)
    view.board(here, result)
    report.actions(here, result)
    st.space("small")
    measure, by = choices.choose_measure(here, result)
    view.measure(here, result, measure, by, counted)
    panel.show(here)
    report.made_of(here, result)

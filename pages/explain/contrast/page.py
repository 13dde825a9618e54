"""Is this group, period or benchmark really different, by how much, and does it matter?"""

from __future__ import annotations

import streamlit as st

from pages.explain.contrast import choices, deeper, view
from pages.frame.context import Context
from pages.report import panel, report, ways
from pages.report.marks import marks_of


def draw(here: Context) -> None:
    """The verdict in a sentence and a forest; deeper down the test, its assumptions and its alternatives."""
    page, head = here, st.container()
    here, options = choices.choose_contrast(here)
    with head:
        report.question(here, "contrast")
    result = choices.run_chosen(here, options)
    report.answer(here, result, chips=lambda: view.chip(here, result), leads=view.LEADS)
    ways.on(page, view.ways_on(page, result))
    marks = marks_of(here, result)
    report.chart(here, view.forest_of(here, result), "contrast.forest", marks=marks)
    if here.at_least("intermediate"):
        report.table(here, result, marks=marks)
    panel.show(page)
    report.actions(here, result)
    deeper.deeper(here, result)
    report.made_of(here, result)

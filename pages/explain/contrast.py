"""Is this group, period or benchmark really different, by how much, and does it matter?"""

from __future__ import annotations

import streamlit as st

from pages.ui import contrast_view, contrasting, report
from pages.ui.context import Context


def draw(here: Context) -> None:
    """The verdict in a sentence and a forest; deeper down the test, its assumptions and its alternatives."""
    head = st.container()
    here, asked = contrasting.choose(here)
    with head:
        report.question(here, "contrast")
    result = contrasting.ask(here, asked)
    report.answer(here, result, chips=lambda: contrast_view.chip(here, result))
    report.chart(here, contrast_view.forest_of(here, result), "contrast.forest")
    report.table(here, result)
    report.actions(here, result)
    contrast_view.deeper(here, result)
    report.made_of(here, result)

"""Which segments have most answers?"""

from __future__ import annotations

import streamlit as st
from analysis.toy import toy

from pages.frame.context import Context
from pages.frame.linked_choices import choose_cut, choose_depth, choose_number
from pages.report import report


def draw(here: Context) -> None:
    """The sentence, the table, and what is done with it."""
    report.question(here, "toy")
    with st.container(horizontal=True):
        by = choose_cut(here, here.cuts())
        least = choose_number(
            here, "tier", label=here.text("toy.least"), default=None, limits=(1.0, 1e6), nothing="–"
        )
        choose_depth(here)
    result = here.run(toy, by=(by,), least=least)
    report.answer(here, result)
    report.table(here, result)
    report.actions(here, result)
    report.made_of(here, result)

"""All plans of all issues in one view: what is late, who moves what by when, and whether it worked."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages.act.plans import answer, choices, files, none_yet, opening, register, row_panel
from pages.act.plans.ways import WAYS
from pages.frame.context import Frame
from pages.record.examples import offer


def asks_data(here: Frame) -> bool:
    """Plans are records: read and moved while the data are away. Only lost points and shares are asked of them."""
    return choices.way_asked(here) in ("blocks", "promises")


def draw(here: Frame) -> None:
    """The answer, what is overdue, then all plans in the way that was chosen."""
    lines = register.lines_of(here, date.today())
    opening.follow(here, lines)
    st.title(here.text("plans.question"), anchor=False)
    if not lines:
        none_yet.draw(here)
        return
    answer.draw(here, lines)
    row_panel.settle(here, lines)
    way, late = choices.choose_way(here)
    shown = choices.filtered(here, lines, late=late)
    WAYS[way](here, shown)
    row_panel.draw(here, lines)
    files.draw(here, shown)
    offer.small(here)

"""Where are points lost? By any dimension, then by reason inside a segment, and who can act on it."""

from __future__ import annotations

import streamlit as st

from analysis.contribution import contribution
from pages.explain.contribution import choices, view
from pages.frame.context import Context
from pages.report import report


def draw(here: Context) -> None:
    """The Pareto with its table; a click on a bar or a row opens the reasons inside it."""
    report.question(here, "contribution")
    by, target = choices.choose_cut_and_target(here)
    result = here.run(contribution, by=(by,), target=target)
    selected = choices.take_segment(here, result)
    report.answer(here, result)
    clicked = report.chart(here, view.pareto_of(here, result, selected), f"pareto.{by}", clickable=True)
    if target is not None:
        view.gains(here, result)
    row = report.table(here, result, selectable=True)
    bar = st.container()  # the link and the files in it name the segment that is chosen below it
    st.space("small")
    inside = choices.has_reasons(here, by)
    segment = choices.choose_segment(here, result, clicked, row, inside=inside)
    with bar:
        report.actions(here, result)
    if inside:
        view.reasons_inside(here, by, segment)
    report.made_of(here, result)

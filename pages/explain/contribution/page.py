"""Where are points lost? By any dimension, then by reason inside a segment, and who can act on it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analysis.contribution import contribution
from pages.explain.contribution import choices, view
from pages.frame import top
from pages.frame.context import Context
from pages.report import panel, report, ways
from pages.report.marks import marks_of


def draw(here: Context) -> None:
    """The Pareto with its table; a click on a bar or a row opens the reasons inside it."""
    report.question(here, "contribution")
    by, target = choices.choose_cut_and_target(here)
    result = here.run(contribution, by=(by,), target=target)
    selected = choices.take_segment(here, result)
    report.answer(here, result)
    ways.on(here, view.ways_on(here, result))
    marks = marks_of(here, result, also=partial(choices.look_inside, here, result), usual=selected)
    report.chart(here, view.pareto_of(here, result), f"pareto.{by}", marks=marks)
    if target is not None:
        view.gains(here, result, marks)
    report.table(here, result, marks=marks)
    panel.show(here)
    bar = st.container()  # the link and the files in it name the segment that is chosen below it
    st.space("small")
    top.here(choices.REASONS)
    inside = choices.has_reasons(here, by)
    segment = choices.choose_segment(here, result, inside=inside)
    with bar:
        report.actions(here, result)
    if inside:
        view.reasons_inside(here, by, segment)
    report.made_of(here, result)

"""What goes with satisfaction? The columns most related to it or all pairs, then one pair looked at closely."""

from __future__ import annotations

import streamlit as st

from analysis.association import association
from pages.explain.correlation import choices, pair_view, view
from pages.frame import top
from pages.frame.context import Context
from pages.report import panel, report, ways


def draw(here: Context) -> None:
    """What goes with the metric, deeper down all pairs of some columns; a click on one looks at it closely."""
    report.question(here, "association")
    options = choices.choose_columns(here)
    result = here.run(association, **options)
    report.answer(here, result, leads=())
    ways.on(here, choices.ways_on(here, result))
    look = choices.Looking(here, result)
    report.chart(here, view.picture_of(here, result), "association", clicked=look.click)
    if here.at_least("intermediate"):
        report.table(here, result, chosen=look.row)
    bar = st.container()  # the link in it names the pair that is chosen below it
    st.space("small")
    top.here(choices.PAIR)
    if choices.is_pair_asked(here, result):
        pair_view.closely(here, choices.choose_closely(here, options, result))
    panel.show(here)
    with bar:
        report.actions(here, result)
    view.deeper(here, result)
    report.made_of(here, result)

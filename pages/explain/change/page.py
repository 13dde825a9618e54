"""What changed, and was it service or mix?"""

from __future__ import annotations

import streamlit as st

from analysis.change import change
from pages import charts
from pages.explain.change import likely_causes
from pages.frame.context import Context
from pages.report import report
from pages.words.tables import segment_names


def draw(here: Context) -> None:
    """The waterfall from the baseline to now, rate and mix in two colours, its table, and the likely causes."""
    report.question(here, "change")
    cuts = here.cuts()
    with st.container(horizontal=True, vertical_alignment="center"):
        by = here.choose("by", cuts, "business" if "business" in cuts else cuts[0], here.names.of_dimension)
        here.choose_depth()
    result = here.run(change, by=(by,))
    report.answer(here, result)
    rows = result.table.assign(label=segment_names(result, here.plain))
    s = result.statistics
    labels = here.plain.periods(here.selection.period, here.selection.baseline)
    figure = charts.waterfall(s["baseline_score"], s["score"], rows, look=here.look, labels=(labels[1], labels[0]))
    report.chart(here, figure, f"waterfall.{by}")
    report.table(here, result)
    report.actions(here, result)
    likely_causes.likely(here)
    report.made_of(here, result)

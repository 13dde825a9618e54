"""What changed, and was it service or mix?"""

from __future__ import annotations

from analysis.change import change
from pages.explain.change import choices, view
from pages.frame.context import Context
from pages.report import panel, report
from pages.report.marks import marks_of


def draw(here: Context) -> None:
    """The waterfall from the baseline to now, rate and mix in two colours, its table, and the likely causes."""
    report.question(here, "change")
    by = choices.choose_cut(here)
    result = here.run(change, by=(by,))
    report.answer(here, result)
    view.lead_on(here, result)
    marks = marks_of(here, result)
    report.chart(here, view.waterfall_of(here, result), f"waterfall.{by}", marks=marks)
    report.table(here, result, marks=marks)
    panel.show(here)
    report.actions(here, result)
    view.likely_causes(here)
    report.made_of(here, result)

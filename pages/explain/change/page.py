"""What changed, and was it service or mix?"""

from __future__ import annotations

from analysis.change import change
from pages.explain.change import choices, view
from pages.frame.context import Context
from pages.report import report


def draw(here: Context) -> None:
    """The waterfall from the baseline to now, rate and mix in two colours, its table, and the likely causes."""
    report.question(here, "change")
    by = choices.choose_cut(here)
    result = here.run(change, by=(by,))
    report.answer(here, result)
    report.chart(here, view.waterfall_of(here, result), f"waterfall.{by}")
    report.table(here, result)
    report.actions(here, result)
    view.likely_causes(here)
    report.made_of(here, result)

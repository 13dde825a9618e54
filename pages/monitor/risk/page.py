"""Which customers were likely dissatisfied but never answered, and did contacting them help?"""

from __future__ import annotations

from analysis.risk.risk import risk
from pages.frame.context import Context
from pages.monitor.risk import choices, how, pictures, protection, rounds, whom
from pages.report import report


def draw(here: Context) -> None:
    """The answer with what it costs, the list, rounds of contacting with their effect, how good the model is."""
    report.question(here, "risk")
    asked = choices.choose(here)
    result = here.run(risk, **asked, protect=protection.chosen(here))
    report.answer(here, result, leads=("risk.missed", "risk.tested"))
    whom.about(here, result)
    known = rounds.known(here)
    left = whom.free(here, result, known)
    whom.show(here, left)
    rounds.show(here, left, known)
    pictures.show(here, result)
    how.show(here, result)

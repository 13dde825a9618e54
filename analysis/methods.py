"""Which analyses are there? Each by its name, once: the command line, pages, pins and exports all read it here.

An analysis is a function (warehouse, selection, *, ...) -> Result in the module beside its name, called as it is.
What is said of it in words stands in a module of that name under `pages/words/methods`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.result import Result

METHODS: Mapping[str, str] = {  # in the order of the menu
    "overview": "analysis.overview",
    "contribution": "analysis.contribution",
    "change": "analysis.change",
    "contrast": "analysis.contrast",
    "association": "analysis.association",
    "pair": "analysis.pair",
    "drivers": "analysis.drivers.importance",
    "dose": "analysis.drivers.dose",
    "segments": "analysis.segments",
    "worth_knowing": "analysis.worth_knowing",
    "leading_cause": "analysis.leading_cause",
    "suspects": "analysis.suspects",
    "trace": "analysis.trace",
    "before_after": "analysis.trace",
    "effect": "analysis.effect.effect",
    "reachability": "analysis.effect.reachability",
    "recurrence": "analysis.effect.recurrence",
    "service": "analysis.service.board.board",
    "service_measure": "analysis.service.board.board",
    "peers": "analysis.service.ranking.peers",
    "definitions": "analysis.service.ranking.definitions",
    "access": "analysis.service.access.access",
    "fcr": "analysis.service.fcr.fcr",
    "complaints": "analysis.service.complaints",
    "quality": "analysis.service.quality.quality",
    "bot": "analysis.service.bot.bot",
    "people": "analysis.service.people.people",
    "control_chart": "analysis.monitor.control_chart",
    "monitor": "analysis.monitor.watch",
    "data_health": "analysis.monitor.data_health",
    "daily_report": "analysis.monitor.daily_report",
    "risk": "analysis.risk.risk",
    "recovery": "analysis.risk.recovery",
}
QUESTIONS = ("groups", "rest", "period", "target", "benchmark")  # what `contrast` can compare with what


def analysis_of(method: str) -> Callable[..., Result]:
    """The function of a method. Raises KeyError for an unknown one.

    >>> analysis_of("overview").__name__
    'overview'
    """
    found: Callable[..., Result] = getattr(import_module(METHODS[method]), method)
    return found

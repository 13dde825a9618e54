"""Which columns of a model tell of waiting, of transfers, of errors, and of what a contact was about?

The model has no such roles but `question` and `agent`; names in either language tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data_access.semantics import Dimension, Driver, SemanticModel

WAIT = re.compile(r"wait|queue|等候|等待|排队", re.I)
TRANSFERS = re.compile(r"transfers?$|转接|转派", re.I)
ERRORS = re.compile(r"(qa|quality).*(error|fault)|差错|质检", re.I)
RESOLVED = re.compile(r"resolved|solved|解决", re.I)
TOUCHPOINT = re.compile(r"touch|触点", re.I)
CHANNEL = re.compile(r"channel|渠道", re.I)
BUSINESS = re.compile(r"business|product|categor|业务|产品|类别", re.I)


@dataclass(frozen=True)
class Marks:
    """Names of measures, a metric and dimensions by what they tell of; empty where none does."""

    wait: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    resolved: str = ""
    touchpoint: str = ""
    business: str = ""
    question: str = ""


def marks_of(model: SemanticModel) -> Marks:
    """What the names of a model tell."""
    dimensions = model.dimensions
    return Marks(
        wait=_alike(_measures(model, WAIT), model),
        transfers=_alike(_measures(model, TRANSFERS), model),
        errors=_alike(_measures(model, ERRORS), model),
        resolved=next((n for n, m in model.metrics.items() if _tells(RESOLVED, n, m.column)), ""),
        touchpoint=_first(dimensions, TOUCHPOINT) or _first(dimensions, CHANNEL),
        business=_first(dimensions, BUSINESS),
        question=model.question or _finest(model),
    )


def _tells(pattern: re.Pattern[str], *names: str | None) -> bool:
    return any(pattern.search(name) for name in names if name)


def _measures(model: SemanticModel, pattern: re.Pattern[str]) -> list[Driver]:
    return [d for d in model.drivers.values() if _tells(pattern, d.name, d.column, d.labels.get("zh-CN"))]


def _alike(found: Iterable[Driver], model: SemanticModel) -> tuple[str, ...]:
    """Those in the unit of the first, so that one column can hold them."""
    listed = list(found)
    return tuple(d.name for d in listed if d.unit == listed[0].unit)


def _first(dimensions: Mapping[str, Dimension], pattern: re.Pattern[str]) -> str:
    return next((n for n, d in dimensions.items() if not d.overlaps and _tells(pattern, n, d.column)), "")


def _finest(model: SemanticModel) -> str:
    """The lowest level of the first hierarchy that is none of those who serve."""
    serving = {model.cluster, *(n for n, d in model.dimensions.items() if d.column == model.agent)}
    for name in model.dimensions:
        lowest, levels = name, {name}
        while below := next((n for n, d in model.dimensions.items() if d.under == lowest and n not in levels), None):
            lowest = below
            levels.add(below)
        if len(levels) > 1 and not levels & serving:
            return lowest
    return ""

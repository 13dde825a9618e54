"""Which columns of a model record waiting, transfers, errors, and what a contact was about?

The model only has the roles `question` and `agent`; the others are recognised by names in either language.
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
SCENARIO = re.compile(r"scenario|scene|场景", re.I)
CHANNEL = re.compile(r"channel|渠道", re.I)
BUSINESS = re.compile(r"business|product|categor|业务|产品|类别", re.I)


@dataclass(frozen=True, kw_only=True)
class ColumnRoles:
    """Names of measures, a metric and dimensions by role; empty where there is none."""

    wait: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    resolved: str = ""
    touchpoint: str = ""
    business: str = ""
    question: str = ""


def column_roles(model: SemanticModel) -> ColumnRoles:
    """The roles that the names of a model suggest."""
    dimensions = model.dimensions
    return ColumnRoles(
        wait=_in_one_unit(_measures(model, WAIT), model),
        transfers=_in_one_unit(_measures(model, TRANSFERS), model),
        errors=_in_one_unit(_measures(model, ERRORS), model),
        resolved=next((n for n, m in model.metrics.items() if _matches(RESOLVED, n, m.column)), ""),
        touchpoint=touchpoint_of(model) or _first(dimensions, CHANNEL),
        business=_first(dimensions, BUSINESS),
        question=model.question or _finest(model),
    )


def touchpoint_of(model: SemanticModel) -> str:
    """The dimension of the touchpoints; empty where there is none."""
    return _first(model.dimensions, TOUCHPOINT)


def scenario_of(model: SemanticModel) -> str:
    """The dimension of the scenarios; empty where there is none."""
    return _first(model.dimensions, SCENARIO)


def _matches(pattern: re.Pattern[str], *names: str | None) -> bool:
    return any(pattern.search(name) for name in names if name)


def _measures(model: SemanticModel, pattern: re.Pattern[str]) -> list[Driver]:
    return [d for d in model.drivers.values() if _matches(pattern, d.name, d.column, d.labels.get("zh-CN"))]


def _in_one_unit(drivers: Iterable[Driver], model: SemanticModel) -> tuple[str, ...]:
    """Those in the unit of the first, so that one column can hold them."""
    listed = list(drivers)
    return tuple(d.name for d in listed if d.unit == listed[0].unit)


def _first(dimensions: Mapping[str, Dimension], pattern: re.Pattern[str]) -> str:
    return next((n for n, d in dimensions.items() if not d.overlaps and _matches(pattern, n, d.column)), "")


def _finest(model: SemanticModel) -> str:
    """The lowest level of the first hierarchy that is not one of agents or units."""
    serving = {model.cluster, *(n for n, d in model.dimensions.items() if d.column == model.agent)}
    for name in model.dimensions:
        lowest, levels = name, {name}
        while below := next((n for n, d in model.dimensions.items() if d.under == lowest and n not in levels), None):
            lowest = below
            levels.add(below)
        if len(levels) > 1 and not levels & serving:
            return lowest
    return ""

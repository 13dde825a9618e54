"""How is a plan said? Its target, its promise, what was gained and what it still lacks, everywhere alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data_access.metric_kinds import Unit
from data_access.workshop import rules
from data_access.workshop.records import Plan
from pages.words import path_words
from pages.words.catalogue import Catalogue
from pages.words.format import is_missing

TO_SHOW = ("start", "check_on", "baseline", "treated")


def gain(words: Catalogue, statistics: Mapping[str, Any], unit: Unit) -> str:
    """What was gained, with its interval; hundredths, as the verdict hangs on them."""
    value, low, high = (statistics.get(name) for name in ("gain", "gain_low", "gain_high"))
    if is_missing(value):
        return words.text("format.none")
    counted = words.text(f"column.unit.{unit.of_change}")
    if is_missing(low) or is_missing(high):
        return words.text("verify.gain", gain=value, unit=counted)
    return words.text("verify.gain_between", gain=value, low=low, high=high, unit=counted)


def lift(words: Catalogue, value: float | None, unit: Unit) -> str:
    """A lift with its sign and unit; a plan brings hundredths of a point."""
    if is_missing(value):
        return words.text("format.none")
    number = words.show(value, "factor_change")
    return words.text("workshop.lift", number=number, unit=words.text(f"column.unit.{unit.of_change}"))


def target(words: Catalogue, plan: Plan, metric: str, unit: Unit) -> str:
    """Which metric is to reach what value, and where; `metric` is what it is called."""
    if not plan.target_metric:
        return words.text("workshop.field.not_set")
    name = metric
    if plan.segment:
        name = words.text("workshop.target_of", segment=path_words.path(words, plan.segment), metric=name)
    if plan.target_value is None:
        return name
    return f"{name} {words.show(plan.target_value, 'metric', unit=unit)}"


def lacks(words: Catalogue, plan: Plan) -> list[str]:
    """What is missing of the plan itself, as one phrase; none where nothing is."""
    return _phrase(words, "workshop.lacks", rules.smart_gaps(plan))


def lacks_to_show(words: Catalogue, plan: Plan) -> list[str]:
    """What is missing of its verification; without a control it is only judged over time."""
    lacking = tuple(name for name in TO_SHOW if not getattr(plan, name))
    if lacking:
        return _phrase(words, "plan_form.lacks", lacking)
    return [] if plan.control or plan.starts else [words.text("plan_form.no_control")]


def _phrase(words: Catalogue, key: str, names: tuple[str, ...]) -> list[str]:
    fields = ", ".join(words.text(f"workshop.field.{name}") for name in names)
    return [words.text(key, fields=fields)] if names else []

"""Which measures of the service are there, and what counts them? Tables beside the contacts; metrics of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from analysis.overview import default_cut
from analysis.service.access.access import MEASURES as ACCESS
from analysis.service.access.access import access_counts
from analysis.service.bot.bot import MEASURES as BOT
from analysis.service.bot.bot import bot_counts
from analysis.service.complaints import MEASURES as COMPLAINTS
from analysis.service.complaints import complaints_counts
from analysis.service.day_counts import DayCounts
from analysis.service.people.counts import MEASURES as PEOPLE
from analysis.service.people.counts import people_counts
from analysis.service.quality.quality import MEASURES as QUALITY
from analysis.service.quality.quality import quality_counts
from analysis.service.rules import MEASURES as RULES
from analysis.service.rules import rules_counts
from analysis.trail.column_roles import scenario_of
from data_access.metric_kinds import Nps, Unit
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.semantics import SemanticModel, near, rate_name
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

Count = Callable[..., DayCounts]
FAMILIES: Mapping[str, Count] = MappingProxyType({
    "access": access_counts, "complaints": complaints_counts, "quality": quality_counts,
    "bot": bot_counts,
    "people": people_counts,
    "rules": rules_counts,
})  # fmt: skip
MEASURES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "access": ACCESS, "complaints": COMPLAINTS, "quality": QUALITY, "bot": BOT,
    "people": PEOPLE,
    "rules": RULES,
})  # fmt: skip
SCENARIO, QUESTION = "scenario", "question"
FIRST_CUTS: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(BOT, SCENARIO),  # by touchpoint they are 100 or 0 % by what they mean
    **dict.fromkeys(COMPLAINTS, QUESTION),  # complaints are handled at one touchpoint
})  # fmt: skip
UNITS = (Unit.RATE, Unit.NPS)  # of the metrics that are measures


def metrics_of(warehouse: Warehouse) -> Mapping[str, Metric]:
    """The metrics of the model that are measures of the service, by name; recorded ones first."""
    metrics = [metric for metric in warehouse.model.metrics.values() if metric.unit in UNITS]
    promoters = {rate_name(metric.name, Nps.ends[0]) for metric in metrics if metric.unit is Unit.NPS}
    recorded = [metric for metric in metrics if not metric.survey and not metric.of]
    asked = [metric for metric in metrics if metric.survey and metric.name not in promoters]
    return {metric.name: metric for metric in [*recorded, *asked]}


def first_cut(warehouse: Warehouse, measure: str) -> str:
    """The dimension that tells most of a measure: the touchpoint, unless that says nothing; empty where none is."""
    model = warehouse.model
    cut = {SCENARIO: scenario_of(model), QUESTION: model.question or ""}.get(FIRST_CUTS.get(measure, ""), "")
    return cut or next(iter(default_cut(warehouse)), "")


def usual_measure(warehouse: Warehouse) -> str:
    """What is meant where no measure is named: answered calls, else what customers were asked, else any metric."""
    metrics = metrics_of(warehouse)
    if "calls" in warehouse.model.tables or not metrics:
        return ACCESS[0]
    return next((name for name, metric in metrics.items() if metric.survey), next(iter(metrics)))


def known_measures(model: SemanticModel) -> list[str]:
    """Every name that is a metric of the model or a measure of a family."""
    return [*model.metrics, *(name for names in MEASURES_OF.values() for name in names)]


def counted(
    warehouse: Warehouse, selection: Selection, family: str, by: Sequence[str], formula: str, clock: str
) -> DayCounts:
    """What a family counts. Raises as it does."""
    level = {"formula": formula, "clock": clock} if family == "access" else {}
    return FAMILIES[family](warehouse, selection, by=by, **level)


def counts_of(
    warehouse: Warehouse, selection: Selection, measure: str, by: Sequence[str], formula: str, clock: str
) -> DayCounts:
    """What the family of a measure counts. Raises BadInput for a measure that there is not."""
    family = next((family for family, names in MEASURES_OF.items() if measure in names), None)
    if family is None:
        known = [*metrics_of(warehouse), *(name for names in MEASURES_OF.values() for name in names)]
        raise BadInput("service.unknown_measure", name=measure, near=near(measure, known))
    return counted(warehouse, selection, family, by, formula, clock)

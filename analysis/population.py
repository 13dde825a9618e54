"""Who is behind a metric? Of a survey those invited, else the contacts that could have a value, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.result import Statement
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Coverage, Warehouse


def counts_behind(coverage: Coverage) -> dict[str, Any]:
    """The counts of a coverage; a rate of answers for surveys only, else the share that a value is recorded for."""
    return {
        "behind": coverage.behind,
        "contacts": coverage.contacts,
        "population": coverage.population,
        "invited": coverage.invited if coverage.survey else None,
        "responses": coverage.responses,
        "response_rate": 100 * coverage.response_rate,
        "recorded_rate": 100 * coverage.recorded_rate,
        "excluded": coverage.excluded,
        "out_of_scale": coverage.out_of_scale,
    }


def behind(metric: Metric, counts: Mapping[str, Any]) -> Statement:
    """The sentence of `counts_behind`, which names the contacts that could have a value."""
    through = [{part.dimension: value} for part in metric.where for value in part.values]
    return Statement(f"coverage.{counts['behind']}", {**counts, "where": through})


def nothing_in(warehouse: Warehouse, selection: Selection) -> NothingToShow:
    """Why a selection has no answers: nothing matches, or all that does has a weight of 0."""
    weighed = warehouse.model.weight is not None
    contacts = len(warehouse.rows(selection, limit=1, scored=False).rows) if weighed else 0
    if contacts and not warehouse.coverage(selection.metric, selection.period, selection.filters).population:
        return NothingToShow("selection.weightless")
    return NothingToShow("selection.empty")

"""Why so, as far as the data say: inside a segment that moved, the reason that grew most, and who can act on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from analysis.contribution import contribution
from analysis.leading_cause import leading_cause
from analysis.leading_cause.why import Why, why
from analysis.limits import within_limits
from analysis.powers import NOBODYS, by_power
from analysis.result import Result
from analysis.review.changes import Alert
from analysis.review.kept import slide_of
from analysis.review.power_shares import with_intervals
from data_access.selection import Filter, Selection
from data_access.semantics import SemanticModel
from data_access.statement import Problem, Statement
from data_access.warehouse import Warehouse
from data_access.workshop.meeting_records import AgendaStep, MeetingSlide

Ask = Callable[..., Result]
HERE_TOLD = ("caveat.not_cause",)  # that the reasons are to be looked at: here they are
Path = tuple[Filter, ...]


def cause(ask: Ask, selection: Selection, model: SemanticModel, alert: Alert, place: int) -> MeetingSlide:
    """The first likely cause of an alert, the `place`th. Raises Problem where nothing can be said at all."""
    path = tuple(Filter(name, (member,)) for name, member in alert.segment.items())
    facts: dict[str, Any] = {"segment": dict(alert.segment), "place": place, "change": alert.change}
    if model.reasons and model.metric(selection.metric).survey:
        result = ask(reasons_inside, selection, path=path, change=alert.change or 0.0)
    else:
        result = ask(leading_cause, selection.within(path))
    return slide_of(AgendaStep.CAUSES, "cause", result, model, **facts)


@within_limits
def reasons_inside(warehouse: Warehouse, selection: Selection, *, path: Path, change: float) -> Result:
    """The lost points inside a segment by reason, and the reason that moved most the way of `change`.

    As `contribution` by the first reason of the model. statistics: also reason_grown with grown_low and grown_high
    (lost points an answer beyond those of the baseline), reason_share, power_share. parts: `powers`, lost points by
    who can act. Raises: as `contribution` does.
    """
    inside, name = selection.within(path), next(iter(warehouse.model.reasons))
    result = contribution(warehouse, inside, by=(name,))
    found = why(warehouse, selection, path, change) if selection.baseline else Why()
    powers = by_power(result)
    numbers = {"reason_share": found.share, "reason_grown": found.grown, "grown_low": found.low,
               "grown_high": found.high, "power_share": found.power_share, "grade": found.grade}  # fmt: skip
    return replace(
        result,
        statistics={**result.statistics, **numbers},
        findings=(_said(path, found, result), *result.findings[:1]),
        caveats=(*(one for one in result.caveats if one.key not in HERE_TOLD), Statement("review.named", {})),
        parts={"powers": with_intervals(warehouse, inside, name, powers.table)},
        sql=tuple(dict.fromkeys((*result.sql, *found.sql))),
    )


def _said(path: Path, found: Why, result: Result) -> Statement:
    """The first likely cause and in whose power it lies."""
    values: dict[str, Any] = {"segment": {part.dimension: part.values[0] for part in path}, "unit": result.unit}
    if found.reason is None or found.grade == "unknown":
        return Statement("review.cause_unknown", values)
    values |= {"reason": {found.dimension: found.reason}, "share": found.share, "grown": found.grown}
    if found.owner:
        return Statement("review.cause_owner", values | {"owner": {"owner": found.owner}})
    if found.power and found.power not in NOBODYS:
        return Statement("review.cause_power", values | {"power": {"power": found.power}})
    return Statement("review.cause", values)


def causes(ask: Ask, selection: Selection, model: SemanticModel, alerts: Sequence[Alert]) -> list[MeetingSlide]:
    """A slide for each alert that something can be said of."""
    slides = []
    for place, alert in enumerate(alerts, 1):
        try:
            slides.append(cause(ask, selection, model, alert, place))
        except Problem:
            continue  # the alert itself stays
    return slides

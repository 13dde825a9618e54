"""Which effect does a plan promise to have? Its question for `effect`, and what was seen of it as a look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from analysis.result import Result
from data_access.selection import Filter, Period, Selection
from data_access.semantics import Level, SemanticModel
from data_access.statement import BadInput
from data_access.workshop.codec import headline_rows, plain
from data_access.workshop.records import Look, Plan, Verdict

TWO_ARMS = "ab"  # the comparison of a plan whose customers are split by chance
MOST_WEEKS, MOST_ROWS = 520, 200
WITHOUT_A_DAY = timedelta(weeks=12)  # from the last start to the verdict of a plan that names no day


def can_be_shown(plan: Plan) -> bool:
    """Whether the plan says enough for its effect to be computed: a metric, a start, and who or what it is for."""
    return not lacking(plan)


def lacking(plan: Plan) -> tuple[str, ...]:
    """The fields without which the effect of a plan cannot be computed.

    >>> lacking(Plan(issue_id="i", action="Roster", start=date(2026, 10, 1)))
    ('target_metric', 'treated')
    """
    names = ["treated"] if not (plan.segment or plan.treated) else []
    return tuple([name for name in ("start", "target_metric") if not getattr(plan, name)] + names)


def where_of(plan: Plan) -> tuple[Filter, ...]:
    """The segment of the plan besides its unit: of that dimension the treated members stand for the segment."""
    return tuple(part for part in plan.segment if not plan.treated or part.dimension != plan.unit)


def cut(noticed: Period | None, start: date | None) -> Period | None:
    """The span in which the problem was noticed as far as it lies before the start; None where none of it does.

    >>> cut(Period(date(2026, 1, 1), date(2026, 12, 1)), date(2026, 10, 1)).end
    datetime.date(2026, 10, 1)
    """
    if noticed is None or start is None or noticed.end <= start:
        return noticed
    return Period(noticed.start, start) if noticed.start < start else None


def planned_day(plan: Plan, looks: Iterable[Look] = ()) -> date | None:
    """The day of the verdict: as it was when the effect was first looked at, however it is moved later.

    Who has seen answers could move it to a day on which they happen to fit. Without a day of its own a plan is judged
    twelve weeks after its last start; None without a start.
    """
    if plan.start is None:
        return None
    last = max([plan.start, *(day for _, day in plan.starts)])
    said = (str(look.options.get("check_on") or "") for look in looks if look.plan_id == plan.id)
    fixed = [day for day in map(date.fromisoformat, filter(None, said)) if day > last]
    return min(fixed, default=plan.check_on or last + WITHOUT_A_DAY)


def measured(model: SemanticModel) -> tuple[str, ...]:
    """What may be watched beside the target: metrics, and columns that are measured, such as the wait."""
    return tuple(dict.fromkeys([*model.metrics, *(n for n, d in model.drivers.items() if d.level is Level.INTERVAL)]))


def asked_of(plan: Plan, model: SemanticModel, looks: Iterable[Look] = ()) -> tuple[Selection, dict[str, Any]]:
    """What `effect` is asked for a plan: the selection, and the options by name. looks: those recorded so far.

    The segment and the treated members are the selection, within the scope of the plan; what varies by chance is left
    to `effect`. Guardrails that the model does not know are left out.

    Raises: BadInput naming what the plan does not say yet.
    """
    for name in lacking(plan):
        raise BadInput("workshop.form.blank", field=name)
    treated = (Filter(plan.unit, plan.treated),) if plan.treated else ()
    selection = Selection(model.metric(plan.target_metric).name, filters=where_of(plan))
    known = measured(model)
    guardrails = tuple(name for name in plan.guardrails if name in known)
    options = _options(plan, guardrails) | {"check_on": planned_day(plan, looks)}
    return selection.within([*treated, *plan.scope]), options


def _options(plan: Plan, guardrails: tuple[str, ...]) -> dict[str, Any]:
    control = _control(plan)
    return {
        "control": control,
        "start": plan.start,
        "starts": plan.starts,
        "unit": plan.unit if plan.treated else "",
        "baseline": plan.baseline,
        "noticed": cut(plan.noticed, plan.start),
        "smallest": plan.smallest,
        "guardrails": guardrails,
        "design": "arms" if plan.check_method == TWO_ARMS and control else "",
    }


def _control(plan: Plan) -> tuple[Filter, ...]:
    return (Filter(plan.unit, plan.control),) if plan.control else ()


def look_of(plan: Plan, result: Result, dataset: str) -> Look:
    """A result of `effect` for the record of the plan; whom it was compared with stays known by its filters.

    Its table, the levels of the picture, is kept as a part.
    """
    weeks = result.parts.get("weeks")
    others = {"levels": result.table, **{name: part for name, part in result.parts.items() if name != "weeks"}}
    return Look(
        plan_id=plan.id,
        issue_id=plan.issue_id,
        dataset=dataset,
        data_version=result.data_version,
        selection=result.selection,
        options=plain({**result.options, "control": _control(plan)}),
        verdict=Verdict(result.statistics["verdict"]),
        planned=bool(result.statistics["planned"]),
        statistics=plain(result.statistics),
        rows=() if weeks is None else headline_rows(weeks, most=MOST_WEEKS),
        parts={name: headline_rows(part, most=MOST_ROWS) for name, part in others.items()},
        statements=result.findings,
    )

"""Did it work? Each plan whose effect was seen: the way from the finding to the check, and the verdict as kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from analysis.effect.of_plan import cut, planned_day
from analysis.review.kept import KEPT
from analysis.review.names import Data
from analysis.review.people import persons_of
from analysis.review.promises import is_lately
from data_access.metric_kinds import Unit
from data_access.workshop.meeting_records import AgendaStep, MeetingSlide
from data_access.workshop.records import CauseLevel, Look, Plan, PlanState, Why, WhyStatus
from data_access.workshop.standing import BEGUN, Standing, standing
from data_access.workshop.tracing import Trace

MOST = 5  # plans whose verdict is spoken of one by one
ENDED = (PlanState.CLOSED, PlanState.DROPPED)


def judged_of(traces: Sequence[Trace], today: date) -> list[tuple[Trace, Plan]]:
    """Plans whose effect was seen and that are not closed for long, those judged last first."""
    found = [
        (look.created_at, trace, plan)
        for trace in traces for plan in trace.plans
        if (look := _newest(trace, plan)) and look.created_at
        and (plan.state not in ENDED or (plan.state in BEGUN and is_lately(plan, today)))
    ]  # fmt: skip
    return [(trace, plan) for _, trace, plan in sorted(found, key=lambda one: one[0], reverse=True)]


def _newest(trace: Trace, plan: Plan) -> Look | None:
    stands = standing(plan, trace.looks, trace.rulings)
    return stands.look if stands else None


def slides_of_plan(trace: Trace, plan: Plan, data: Data | None) -> list[MeetingSlide]:
    """The chain and the verdict of a plan; trace: whole, with the pictures of its looks."""
    stands = standing(plan, trace.looks, trace.rulings)
    return [chain_of(trace, plan, stands), *([_verdict(trace, plan, stands, data)] if stands and stands.look else [])]


def chain_of(trace: Trace, plan: Plan, stands: Standing | None) -> MeetingSlide:
    """From the finding over the cause to the action and its check, a row each."""
    issue, origin = trace.issue, trace.origin
    finding = origin.statements[0] if origin and origin.statements else None
    return MeetingSlide(
        step=AgendaStep.VERDICTS,
        kind="chain",
        subject=plan.id,
        statements=(finding,) if finding else (),
        options={KEPT: {"action": plan.action, "issue": issue.title}},
        rows=(
            {"link": "finding", "title": issue.title, "path": issue.path, "basis": str(issue.basis)},
            {"link": "cause", "cause": issue.cause, "cause_type": issue.cause_type, "gap": issue.gap,
             "power": issue.power, "why": _root(trace.whys)},
            {"link": "action", "action": plan.action, "owner": plan.owner, "person": plan.person, "start": plan.start,
             "due": plan.due, "state": str(plan.state)},
            {"link": "check", "check_method": plan.check_method, "check_on": planned_day(plan, trace.looks),
             "verdict": str(stands.verdict) if stands else ""},
        ),
    )  # fmt: skip


def _root(whys: Sequence[Why]) -> str:
    """The deepest why that was not refuted."""
    order = [CauseLevel.SYMPTOM, CauseLevel.DIRECT, CauseLevel.ROOT]
    held = [why for why in whys if why.status is not WhyStatus.REFUTED]
    return max(held, key=lambda why: order.index(why.level)).statement if held else ""


def _verdict(trace: Trace, plan: Plan, stands: Standing, data: Data | None) -> MeetingSlide:
    """The look that stands, as it was recorded. Units that are single people are left out."""
    look = stands.look
    assert look is not None
    cluster = str(look.options.get("cluster") or look.options.get("unit") or plan.unit)
    parts = {"weeks": look.rows, **{name: part for name, part in look.parts.items() if name != "levels"}}
    if data is None or cluster in persons_of(data.model):
        parts.pop("units", None)
    return MeetingSlide(
        step=AgendaStep.VERDICTS,
        kind="verdict",
        method=look.method,
        selection=look.selection,
        options={**look.options, KEPT: {**_facts(trace, plan, stands, look, data), "cluster": cluster}},
        statements=look.statements,
        statistics=look.statistics,
        rows=look.parts.get("levels", ()),
        parts=parts,
        subject=plan.id,
    )


def _facts(trace: Trace, plan: Plan, stands: Standing, look: Look, data: Data | None) -> dict[str, Any]:
    metric = data.model.metrics.get(plan.target_metric) if data else None
    people = data is None or plan.unit in persons_of(data.model)
    return {
        "unit": str(metric.unit if metric else Unit.POINTS), "better": metric.better if metric else "high",
        "survey": metric.survey if metric else True, "version": look.data_version, "action": plan.action,
        "start": plan.start, "check_on": planned_day(plan, trace.looks), "noticed": cut(plan.noticed, plan.start),
        "before": plan.baseline, "dimension": plan.unit, "treated": () if people else plan.treated,
        "control": () if people else plan.control, "treated_count": len(plan.treated),
        "control_count": len(plan.control), "promised": plan.expected_lift, "verdict": str(stands.verdict),
        "computed": str(look.verdict), "is_ruled": stands.ruling is not None, "is_planned": look.planned,
    }  # fmt: skip

"""How is the verdict on a plan said? The same chip, numbers and line on the plan, in the table, brief and files."""

from __future__ import annotations

from data_access.workshop.records import Look, Plan, Ruling, Verdict
from data_access.workshop.standing import Standing, standing, stands
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import lift as lifts
from pages.words.plan_words import gain

PLACE = "plan.effect"  # where the page shows whether plans worked
LOOKS = {
    Verdict.EFFECTIVE: ("blue", "check"),
    Verdict.NOT_EFFECTIVE: ("orange", "close"),
    Verdict.NOT_ENOUGH_EVIDENCE: ("gray", "hourglass_empty"),
}


def chosen_in(issue_id: str) -> str:
    """Where the session keeps whose effect is shown."""
    return f"plan.effect.of.{issue_id}"


def of(row: Trace, plan: Plan) -> Standing | None:
    """The verdict that stands for a plan, with the look and the ruling behind it."""
    return standing(plan, row.looks, row.rulings)


def chip(here: Frame, verdict: Verdict) -> str:
    """The verdict with its sign and colour."""
    colour, icon = LOOKS[verdict]
    return f":{colour}-badge[:material/{icon}: {here.text(f'workshop.verdict.{verdict}')}]"


def line(here: Frame, plan: Plan, judged: Standing | None) -> str:
    """The verdict, verified with its interval, and what was promised; empty before there is a verdict."""
    words, unit = here.plain, lifts.unit_of(here, plan)
    if judged is None:
        return ""
    said = [verdict(here, judged)]
    if judged.look:
        said.append(words.text("verify.verified", gain=gain(words, judged.look.statistics, unit)))
    if plan.expected_lift is not None:
        said.append(words.text("verify.promised", gain=lifts.in_words(here, plan.expected_lift, unit)))
    return " · ".join(said)


def verdict(here: Frame, judged: Standing) -> str:
    """The verdict in words; where people overruled it, both and their names."""
    told = here.plain.text(f"workshop.verdict.{judged.verdict}")
    if judged.ruling is None:
        early = judged.look is not None and not judged.look.planned
        return here.plain.text("verify.early_verdict", verdict=told) if early else told
    computed = here.plain.text(f"workshop.verdict.{judged.look.verdict}") if judged.look else ""
    return here.plain.text("verify.ruled_over" if computed else "verify.ruled", verdict=told, computed=computed,
                           names=names(here, judged.ruling))  # fmt: skip


def names(here: Frame, ruling: Ruling) -> str:
    """Who ruled, and who agreed."""
    first = here.plain.text("workshop.by", who=say.who(ruling.created_by))
    return here.plain.text("verify.names", first=first, second=ruling.second) if stands(ruling) else first


def newest(row: Trace, plan: Plan) -> Look | None:
    """The look at a plan's effect that was recorded last."""
    return next((look for look in reversed(row.looks) if look.plan_id == plan.id), None)

"""What may a plan say of how its effect is shown: days, units, milestones, limits? Pure.

As in `rules`, every check returns nothing when it holds and raises when it does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from data_access.statement import BadInput
from data_access.workshop.field_rules import LONGEST_LINE, LONGEST_PATH, check_content
from data_access.workshop.records import Comment, Look, Milestone, Plan, Ruling
from data_access.workshop.signs import is_blank

MOST_MILESTONES, MOST_GUARDRAILS, MOST_MEMBERS = 50, 20, 1_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
LISTS = ("milestones", "treated", "control", "starts", "guardrails")
LARGEST_LOOK = 1_000_000


def check_effect(plan: Plan, *, whole: bool) -> None:
    """Days in their order, members on one side only, milestones with names, amounts that make sense.

    whole: the members may be named to the user.
    """
    for name in LISTS:
        check_content(name, getattr(plan, name), most=LONGEST_PATH, too_large="workshop.form.list_too_long")
    _check_amounts(plan)
    _check_days(plan)
    try:
        _check_members(plan)
        _check_starts(plan)
    except BadInput as problem:
        if whole or "member" not in problem.statement.values:
            raise
        raise BadInput("workshop.form.units_unseen") from None
    _check_milestones(plan.milestones)
    _check_guardrails(plan)


def check_look(look: Look) -> None:
    """A look can be written down and is not a whole data set."""
    if not look.statements:
        raise BadInput("workshop.form.no_finding")
    content = [look.options, look.statistics, look.rows, look.parts, [dict(s.values) for s in look.statements]]
    check_content("statistics", content, most=LARGEST_LOOK, too_large="workshop.form.look_too_large")


def check_words(record: Ruling | Comment) -> None:
    """What a person says is not blank."""
    name = "reason" if isinstance(record, Ruling) else "comment"
    if is_blank(record.reason if isinstance(record, Ruling) else record.text):
        raise BadInput("workshop.form.blank", field=name)


def _check_amounts(plan: Plan) -> None:
    if plan.cost is not None and plan.cost < 0:
        raise BadInput("workshop.form.negative", field="cost")
    if plan.smallest is not None and plan.smallest <= 0:
        raise BadInput("workshop.form.not_above_zero", field="smallest")


def _check_days(plan: Plan) -> None:
    spans = {"baseline": plan.baseline, "noticed": plan.noticed}
    days = {"due": plan.due, "start": plan.start, "check_on": plan.check_on}
    days |= {name: span.start for name, span in spans.items() if span}
    for name, day in days.items():
        _check_year(name, day)
    if plan.start and plan.baseline and plan.start < plan.baseline.end:
        raise BadInput("workshop.form.start_in_baseline")
    if plan.start and plan.check_on and plan.check_on <= plan.start:
        raise BadInput("workshop.form.check_before_start")


def _check_year(name: str, day: date | None) -> None:
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput("workshop.form.far_day", field=name, first=FIRST_YEAR, last=LAST_YEAR)


def _check_members(plan: Plan) -> None:
    if (plan.treated or plan.control) and is_blank(plan.unit):
        raise BadInput("workshop.form.members_without_unit")
    both = sorted({*plan.treated} & {*plan.control})
    if both:
        raise BadInput("workshop.form.treated_and_control", member=both[0])
    for name, members in (("treated", plan.treated), ("control", plan.control)):
        if len(members) > MOST_MEMBERS:
            raise BadInput("workshop.form.too_many", field=name, most=MOST_MEMBERS)
        _check_once(name, members)


def _check_starts(plan: Plan) -> None:
    _check_once("starts", [member for member, _ in plan.starts])
    for member, day in plan.starts:
        _check_year("starts", day)
        if member not in plan.treated:
            raise BadInput("workshop.form.start_of_untreated", member=member)
        if (plan.start and day < plan.start) or (plan.baseline and day < plan.baseline.end):
            raise BadInput("workshop.form.member_starts_early", member=member)


def _check_milestones(milestones: Sequence[Milestone]) -> None:
    if len(milestones) > MOST_MILESTONES:
        raise BadInput("workshop.form.too_many", field="milestones", most=MOST_MILESTONES)
    for step in milestones:
        if is_blank(step.name):
            raise BadInput("workshop.form.milestone_unnamed")
        if len(step.name) > LONGEST_LINE:
            raise BadInput("workshop.form.too_long", field="milestones", most=LONGEST_LINE)
        _check_year("milestones", step.due)
        _check_year("milestones", step.done)
    _check_once("milestones", [step.name for step in milestones])


def _check_guardrails(plan: Plan) -> None:
    if len(plan.guardrails) > MOST_GUARDRAILS:
        raise BadInput("workshop.form.too_many", field="guardrails", most=MOST_GUARDRAILS)
    if plan.target_metric and plan.target_metric in plan.guardrails:
        raise BadInput("workshop.form.guards_itself")
    _check_once("guardrails", plan.guardrails)


def _check_once(name: str, members: Sequence[str]) -> None:
    """Each is named once, and none is blank."""
    if any(map(is_blank, members)):
        raise BadInput("workshop.form.blank", field=name)
    twice = [member for member, count in Counter(members).items() if count > 1]
    if twice:
        raise BadInput("workshop.form.twice", field=name, member=twice[0])

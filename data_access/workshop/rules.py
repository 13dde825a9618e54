"""What must be there before an issue or a plan is changed, and before it takes a step of `moves`? Pure.

Every check is one rule: it returns nothing when the rule holds and raises when it does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from data_access.access import NotAllowed, User, may_edit_issue, may_remove, sees_every_group
from data_access.statement import BadInput
from data_access.taxonomy import Taxonomy
from data_access.workshop.changes import editable
from data_access.workshop.effect_rules import check_effect
from data_access.workshop.field_rules import LONGEST_PATH, check_codes, check_content, check_fields
from data_access.workshop.moves import (
    EXCUSED,
    ISSUE_MOVES,
    ISSUE_UNDONE,
    LACKING,
    PLAN_MOVES,
    PLAN_UNDONE,
    Move,
)
from data_access.workshop.records import Basis, Issue, IssueState, Plan, PlanState, Why, WhyStatus
from data_access.workshop.signs import is_blank
from data_access.workshop.standing import RUNNING, chain, is_judged
from data_access.workshop.tracing import Trace

ENOUGH_LEVELS = 3
NO_REAL_CHANGE = "artefact"
SMART = ("action", "owner", "due", "target_metric", "target_value", "expected_lift", "check_method")
NEEDED = ("owner", "due", "target_metric")


def issue_moves(user: User, issue: Issue) -> tuple[IssueState, ...]:
    """The states this user may try to move the issue to; what must be there first is checked on saving."""
    own = {to: move for (start, to), move in ISSUE_MOVES.items() if start is issue.state and move.may(user)}
    changed = issue.cause_type != NO_REAL_CHANGE
    return tuple(to for to, move in own.items() if not (changed and "no_change" in move.needs))


def plan_moves(user: User, plan: Plan) -> tuple[PlanState, ...]:
    """The same for a plan."""
    return tuple(to for (start, to), move in PLAN_MOVES.items() if start is plan.state and move.may(user))


def smart_gaps(plan: Plan) -> tuple[str, ...]:
    """Names of the fields without which a plan is not specific, measurable, owned and dated.

    >>> smart_gaps(Plan(issue_id="1", action="Roster", owner="workforce", target_metric="score", target_value=84.0))
    ('due', 'expected_lift', 'check_method')
    """
    return _missing(plan, SMART)


def lacks(trace: Trace) -> tuple[str, ...]:
    """What is missing before an issue may be called traced: "problem", "location", "levels", "evidence", "cause".

    A chain of whys leads down from the top and none of it is refuted. Three levels are enough ("levels"), and one
    chain of them must end in a supported why ("evidence").
    """
    lacking = _lacks(trace.issue, len(trace.pins), trace.whys)
    return tuple(code for code in lacking if not (trace.hidden and code == "location"))


def _lacks(issue: Issue, pins: int, whys: Sequence[Why]) -> tuple[str, ...]:
    deep = _deep_whys(whys)
    shown_by_data = issue.basis is Basis.DATA
    missing = {
        "problem": shown_by_data and not (pins or issue.origin),  # an origin may lie beyond a user's scope
        "location": shown_by_data and not (issue.path or not is_blank(issue.location_reason)),
        "levels": not deep,
        "evidence": not any(why.status is WhyStatus.SUPPORTED for why in deep),
        "cause": is_blank(issue.cause) or not issue.cause_type,
    }
    return tuple(code for code, is_missing in missing.items() if is_missing)


def _deep_whys(whys: Sequence[Why]) -> tuple[Why, ...]:
    """The whys at which a chain of enough levels ends, its length counted from the top."""
    standing = [why for why in whys if why.status is not WhyStatus.REFUTED]
    level = [why for why in standing if not why.parent_id]
    deep: list[Why] = []
    for depth in range(1, len(standing) + 1):
        deep += level if depth >= ENOUGH_LEVELS else []
        above = {why.id for why in level}
        level = [why for why in standing if why.parent_id in above]
    return tuple(deep)


def may_see_issue(user: User, issue: Issue) -> bool:
    """A participant sees the issues of the own groups and those opened by the same person; in a class those of no
    group it was moved out of."""
    is_own = issue.created_by_id == user.id and not (user.attends and issue.group)
    return sees_every_group(user) or issue.group in user.groups or is_own


def group_for(user: User, group: str | None) -> str:
    """The group a new issue belongs to: a participant's own, else the one asked for or none."""
    if group is None:
        return "" if sees_every_group(user) else min(user.groups, default="")
    return group


def check_may_edit(user: User) -> None:
    if not may_edit_issue(user):
        raise NotAllowed("access.may_not.edit")


def check_may_remove(user: User, record: Issue | Plan) -> None:
    if not may_remove(user, record.created_by_id):
        raise NotAllowed("access.may_not.remove")


def check_group(user: User, issue: Issue) -> None:
    """Nobody may put an issue where they could not see it themselves, or into another group's work."""
    if not sees_every_group(user) and issue.group and issue.group not in user.groups:
        raise NotAllowed("access.may_not.group", group=issue.group)


def check_not_closed(issue: Issue) -> None:
    if issue.state is IssueState.CLOSED:
        raise BadInput("workshop.gate.closed", subject=issue.title)


def check_issue(before: Issue, after: Issue, taxonomy: Taxonomy) -> None:
    """The issue's own fields: readable, not too long, known codes, a reason for what no data show, and a cause once
    there is a diagnosis."""
    check_fields(after)
    check_content("path", [after.path, after.branches], most=LONGEST_PATH, too_large="workshop.form.path_too_long")
    check_codes(editable(before), editable(after), taxonomy)
    if after.state is not IssueState.OPEN and (is_blank(after.cause) or not after.cause_type):
        raise BadInput("workshop.gate.needs_cause", subject=after.title)
    if after.basis is not Basis.DATA and is_blank(after.basis_reason):
        raise BadInput("workshop.form.blank", field="basis_reason")


def check_issue_move(
    user: User,
    before: Issue,
    after: Issue,
    *,
    pins: int,
    plans: Sequence[Plan],
    whys: Sequence[Why] = (),
    hidden: bool = False,
    undone: bool = False,
) -> None:
    """A step is on the map, open to this user, and stands on what it needs: pins, a traced cause, a plan.

    hidden: the path is not known here. undone: the step back over the last one, which is not on the map.
    """
    if before.state is after.state:
        return check_not_closed(before)
    step = before.state, after.state
    move = ISSUE_MOVES.get(step) or (ISSUE_UNDONE.get(step) if undone else None)
    if move is None:
        raise BadInput("workshop.gate.no_such_move", subject=before.title)
    if not move.may(user):
        raise NotAllowed("access.may_not.close")
    running = sum(plan.state in RUNNING for plan in plans)
    lacking = {code for code in _unexcused(after, pins, whys) if not (hidden and code == "location")}
    lacking |= set() if has_ready_plan(plans) else {"plan"}
    lacking |= {"no_change"} if after.cause_type != NO_REAL_CHANGE else set()
    lacking |= {"ended"} if running else set()
    return _check_needs(move, lacking, after.title, count=running)


def _check_needs(move: Move, lacking: Collection[str], subject: str, **values: int) -> None:
    missing = next((code for code in move.needs if code in lacking), None)
    if missing:
        raise BadInput(LACKING[missing], subject=subject, **values)


def _unexcused(issue: Issue, pins: int, whys: Sequence[Why]) -> tuple[str, ...]:
    excused = () if is_blank(issue.exception) else EXCUSED
    return tuple(code for code in _lacks(issue, pins, whys) if code not in excused)


def check_kept(before: Trace, after: Trace) -> None:
    """What made an issue count as diagnosed is not taken from under it; set back to open, all may change."""
    if IssueState.OPEN in (before.issue.state, after.issue.state):
        return
    then, now = (_unexcused(trace.issue, len(trace.pins), trace.whys) for trace in (before, after))
    if not set(now) <= set(then):
        raise BadInput("workshop.gate.hollow", subject=after.issue.title)


def has_ready_plan(plans: Iterable[Plan]) -> bool:
    """Whether one plan that was not dropped has an owner, a due date and a target metric."""
    return any(plan.state is not PlanState.DROPPED and not _missing(plan, NEEDED) for plan in plans)


def check_plan(before: Plan | None, after: Plan, taxonomy: Taxonomy, *, whole: bool = True) -> None:
    """The plan's own fields; work on it needs an owner, a due date and a target metric, and what is closed stays.

    whole: the user sees all that was found, so that units may be named to them.
    """
    check_fields(after)
    check_effect(after, whole=whole)
    check_codes(editable(before) if before else {}, editable(after), taxonomy)
    if before and before.state is after.state is PlanState.CLOSED:
        raise BadInput("workshop.gate.plan_closed", subject=after.action)
    if after.state in (PlanState.DOING, PlanState.DONE, PlanState.CLOSED) and _missing(after, NEEDED):
        raise BadInput(LACKING["complete"], subject=after.action)


def check_plan_move(user: User, start: PlanState, after: Plan, whole: Trace, *, undone: bool = False) -> None:
    """A step is on the map, open to this user, and stands on what it needs. `whole`: all of the issue, or nothing for
    a new plan. undone: as for an issue."""
    step = start, after.state
    move = PLAN_MOVES.get(step) or (PLAN_UNDONE.get(step) if undone else None)
    if move is None:
        raise BadInput("workshop.gate.no_such_move", subject=after.action)
    if not move.may(user):
        raise NotAllowed("access.may_not.close_plan")
    lacking = {"complete"} if _missing(after, NEEDED) else set()
    lacking |= set() if is_judged(after, whole.looks, whole.rulings) else {"verdict"}
    _check_needs(move, lacking, after.action)


def check_cycle(before: Plan | None, after: Plan, plans: Sequence[Plan]) -> None:
    """A plan follows another of the same issue, and none of those that follow it."""
    if not after.cycle_of or (before and before.cycle_of == after.cycle_of):
        return
    if after.cycle_of not in {plan.id for plan in plans}:
        raise BadInput("workshop.missing.plan")
    others = [plan for plan in plans if plan.id != after.id]
    if after.cycle_of in {plan.id for plan in chain(replace(after, cycle_of=""), others)}:
        raise BadInput("workshop.gate.cycle_circle", subject=after.action)


def check_may_change_plan(issue: Issue, before: Plan, after: Plan) -> None:
    """Nothing of a closed issue is changed, but the verdict on what was done may come after it was closed."""
    if {before.state, after.state} != {PlanState.DONE, PlanState.CLOSED}:
        check_not_closed(issue)


def check_still_planned(issue: Issue, changed: Plan, plans: Sequence[Plan]) -> None:
    """Editing must not hollow out a planned issue; dropping a plan is a decision and stays possible."""
    hollow = issue.state is IssueState.PLANNED and not has_ready_plan(plans)
    if hollow and changed.state is not PlanState.DROPPED:
        raise BadInput("workshop.gate.plan_incomplete", subject=changed.action)


def check_planned_without(issue: Issue, gone: Plan, plans: Sequence[Plan]) -> None:
    """A planned issue keeps a plan that is ready."""
    rest = [plan for plan in plans if plan.id != gone.id]
    if issue.state is IssueState.PLANNED and has_ready_plan(plans) and not has_ready_plan(rest):
        raise BadInput("workshop.gate.last_plan", subject=issue.title)


def _missing(plan: Plan, names: Iterable[str]) -> tuple[str, ...]:
    values = {name: getattr(plan, name) for name in names}
    return tuple(
        name for name, value in values.items() if value is None or (isinstance(value, str) and is_blank(value))
    )

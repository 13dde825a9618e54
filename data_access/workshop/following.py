"""What becomes of a plan: looks at its effect, who overrules them, what people say, and the cycle after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, insert, update

from data_access.access import NotAllowed, User, is_local, may_edit_issue
from data_access.statement import BadInput, Statement
from data_access.workshop import audit, class_gate, rows, rules, sight, tables
from data_access.workshop.changes import AuditEntry, DateChange
from data_access.workshop.class_records import Stage
from data_access.workshop.effect_rules import check_look, check_words
from data_access.workshop.engine import one_at_a_time, reading, transaction
from data_access.workshop.field_rules import LONGEST_LINE, check_fields
from data_access.workshop.records import (
    Comment,
    Issue,
    IssueState,
    Look,
    Milestone,
    Plan,
    PlanState,
    Priority,
    Ruling,
    new_id,
)
from data_access.workshop.signs import is_blank, is_same_name
from data_access.workshop.standing import chain
from data_access.workshop.writing import put, save, stamp

PROGRAM = User(id="satrace", name="Satrace", roles=frozenset())  # who signs what nobody did by hand
DATES = ("due", "start", "check_on")
SHORTEST = timedelta(days=14)  # of a cycle that begins by itself
OVER = (PlanState.DONE, PlanState.CLOSED, PlanState.DROPPED)


class Following:
    """The part of the store that follows a plan until its effect is known, and beyond."""

    engine: Engine

    def looks(self, user: User, issue_id: str | None = None) -> tuple[Look, ...]:
        """Looks at the plans of an issue, or without their pictures of all; oldest first, as far as the user may see
        their numbers."""
        with reading(self.engine) as connection:
            seen = _seen_issues(connection, user, issue_id)
            asked = issue_id or rows.asked_for(user, seen)
            found = [look for look in rows.looks(connection, asked) if look.issue_id in seen]
        return tuple(sight.seen_look(user, look) for look in found if sight.may_see_look(user, look))

    def add_look(self, user: User, look: Look) -> Look:
        """Record what was seen of a plan's effect, once for the same question and data. Whoever sees the plan whole
        may cause it."""
        check_fields(look)
        check_look(look)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, look.issue_id, lock=True)
            plan = _plan_of(connection, issue, look.plan_id)
            if not sight.sees(user, plan.scope) or not sight.may_see_look(user, look):
                raise NotAllowed("access.may_not.beyond_scope")
            if not may_edit_issue(user) and user != PROGRAM:
                look = replace(look, planned=_is_due(look, plan))
            known = rows.same_look(connection, look)
            if known and (known.planned or not look.planned):
                return sight.seen_look(user, known)
            class_gate.check(connection, user, issue, Stage.SOLUTION)
            signed = replace(look, **stamp("created", user), created_by_id=user.id, scope=user.scope.filters)
            connection.execute(insert(tables.looks), rows.values(signed))
            audit.looked(connection, user, signed, plan, issue)
        return signed

    def rulings(self, user: User, issue_id: str | None = None) -> tuple[Ruling, ...]:
        """Who overruled a verdict, oldest first: those withdrawn or never confirmed too."""
        with reading(self.engine) as connection:
            seen = _seen_issues(connection, user, issue_id)
            asked = issue_id or rows.asked_for(user, seen)
            return tuple(ruling for ruling in rows.rulings(connection, asked) if ruling.issue_id in seen)

    def overrule(self, user: User, ruling: Ruling) -> Ruling:
        """Say another verdict, with a reason; it stands once a second person confirms it.

        Without sign-in `created_by` may say who speaks.
        """
        rules.check_may_edit(user)
        check_fields(ruling)
        check_words(ruling)
        by = "" if not is_local(user) or is_blank(ruling.created_by) else ruling.created_by.strip()
        if len(by) > LONGEST_LINE:
            raise BadInput("workshop.form.too_long", field="created_by", most=LONGEST_LINE)
        signed = replace(
            Ruling(id=ruling.id, plan_id=ruling.plan_id, issue_id=ruling.issue_id, verdict=ruling.verdict,
                   reason=ruling.reason),
            **stamp("created", replace(user, name=by or user.name)), created_by_id=user.id,
        )  # fmt: skip
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, ruling.issue_id, lock=True)
            plan = _plan_of(connection, issue, ruling.plan_id)
            class_gate.check(connection, user, issue, Stage.SOLUTION)
            connection.execute(insert(tables.rulings), rows.values(signed))
            audit.ruled(connection, user, signed, plan, issue, action="added")
        return signed

    def confirm_ruling(self, user: User, ruling_id: str, *, name: str | None = None) -> Ruling:
        """The second person agrees: somebody else by their id, or without sign-in by another `name`."""
        second = (name or "").strip() if is_local(user) else user.name
        now = {"second": second, "second_id": user.id, "second_at": datetime.now(UTC)}
        return self._ruled(user, ruling_id, "confirmed", now)

    def withdraw_ruling(self, user: User, ruling_id: str) -> Ruling:
        """It stands no more, and is kept."""
        return self._ruled(user, ruling_id, "withdrawn", stamp("withdrawn", user))

    def _ruled(self, user: User, ruling_id: str, action: str, now: Mapping[str, Any]) -> Ruling:
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            issue_id = rows.ruling(connection, ruling_id).issue_id
            issue = rows.named_issue(connection, user, issue_id, lock=True)
            ruling = rows.ruling(connection, ruling_id)
            plan = _plan_of(connection, issue, ruling.plan_id)
            after = replace(ruling, **now)
            check_fields(after)
            _check_ruling(user, ruling, after)
            class_gate.check(connection, user, issue, Stage.SOLUTION)
            connection.execute(update(tables.rulings).where(tables.rulings.c.id == ruling_id).values(**now))
            audit.ruled(connection, user, after, plan, issue, action=action)
        return after

    def comments(self, user: User, issue_id: str | None = None) -> tuple[Comment, ...]:
        """What people said, oldest first."""
        with reading(self.engine) as connection:
            seen = _seen_issues(connection, user, issue_id)
            asked = issue_id or rows.asked_for(user, seen)
            return tuple(comment for comment in rows.comments(connection, asked) if comment.issue_id in seen)

    def comment(self, user: User, comment: Comment) -> Comment:
        """Say something about an issue or one of its plans; whoever sees the issue may."""
        check_fields(comment)
        check_words(comment)
        signed = replace(comment, **stamp("created", user), created_by_id=user.id)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, comment.issue_id, lock=True)
            about = _plan_of(connection, issue, comment.plan_id).action if comment.plan_id else issue.title
            class_gate.check_talk(connection, user, issue)
            connection.execute(insert(tables.comments), rows.values(signed))
            audit.commented(connection, user, signed, issue, about, action="added")
        return signed

    def date_changes(self, user: User, issue_id: str | None = None) -> tuple[DateChange, ...]:
        """The days of plans that were moved, oldest first: of one issue, or of all the user sees."""
        with reading(self.engine) as connection:
            seen = _seen_issues(connection, user, issue_id)
            entries = [
                entry
                for entry in audit.plan_changes(connection, issue_id or rows.asked_for(user, seen))
                if entry.issue_id in seen
            ]
        return tuple(change for entry in entries for change in _date_changes(entry))

    def cycles(self, user: User, plan_id: str) -> tuple[Plan, ...]:
        """The cycles a plan belongs to, the first one first."""
        with reading(self.engine) as connection:
            plan = rows.plan(connection, plan_id)
            issue = rows.visible_issue(connection, user, plan.issue_id)
            plans = chain(plan, rows.plans(connection, issue.id))
        return tuple(sight.seen(user, one) for one in plans)

    def next_cycle(self, user: User, plan_id: str) -> Plan:
        """The plan that follows one that is over, begun now where there is none yet: its aims without its days."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, rows.plan(connection, plan_id).issue_id, lock=True)
            rules.check_not_closed(issue)
            plan = rows.plan(connection, plan_id)
            for known in (one for one, there in rows.next_of(connection, plan_id) if there):
                return sight.seen(user, known)
            if plan.state not in OVER:
                raise BadInput("workshop.gate.cycle_running", subject=plan.action)
            class_gate.check(connection, user, issue, Stage.SOLUTION)
            after = put(connection, user, _again(plan))
            audit.created(connection, user, after)
        return sight.seen(user, after)

    def reopen(self, plan_id: str, reason: Statement, data_version: str) -> Plan:
        """The reason of a closed plan came back: the program itself begins its next cycle, once however many ask, and
        takes the issue back to planned."""
        with transaction(self.engine) as connection:
            one_at_a_time(connection, f"reopen {plan_id}")
            plan = rows.plan(connection, plan_id)
            issue = rows.any_issue(connection, plan.issue_id, lock=True)
            for known, _ in rows.next_of(connection, plan_id):  # one that somebody took away is not begun again
                return known
            if plan.state is not PlanState.CLOSED:
                raise BadInput("workshop.gate.not_closed_plan", subject=plan.action)
            class_gate.check(connection, PROGRAM, issue, Stage.SOLUTION)
            why = {"reason": reason, "data_version": data_version}
            after = put(connection, PROGRAM, replace(_again(plan), due=_due(plan), priority=Priority.HIGH))
            audit.reopened(connection, PROGRAM, after, why)
            if issue.state in (IssueState.CLOSED, IssueState.DIAGNOSED):
                save(connection, PROGRAM, issue, replace(issue, state=IssueState.PLANNED))
        return after


def _seen_issues(connection: Connection, user: User, issue_id: str | None) -> set[str]:
    """Raises: BadInput for an issue that the user does not see."""
    if issue_id is not None:
        return {rows.visible_issue(connection, user, issue_id).id}
    return {issue.id for issue in rows.issues(connection, user)}


def _plan_of(connection: Connection, issue: Issue, plan_id: str) -> Plan:
    plan = rows.plan(connection, plan_id)
    if plan.issue_id != issue.id:
        raise BadInput("workshop.missing.plan")
    return plan


def _is_due(look: Look, plan: Plan) -> bool:
    """Whether a look may count for closing whoever recorded it: it asked for the day of the plan, which has come."""
    asked, on = look.options.get("check_on"), plan.check_on
    has_come = on is None or on <= datetime.now(UTC).date()
    return look.planned and look.statistics.get("planned") is True and asked == on and has_come


def _check_ruling(user: User, before: Ruling, after: Ruling) -> None:
    """A second person, and only what was not decided yet."""
    if before.withdrawn_at:
        raise BadInput("workshop.gate.ruling_withdrawn")
    if after.withdrawn_at:
        return
    if before.second_at:
        raise BadInput("workshop.gate.ruling_confirmed")
    if is_blank(after.second):
        raise BadInput("workshop.form.blank", field="second")
    if is_same_name(after.second, before.created_by) if is_local(user) else user.id == before.created_by_id:
        raise NotAllowed("access.may_not.confirm_own")


def _again(plan: Plan) -> Plan:
    """The next cycle of a plan: the same aims and units, nothing of its days, its state and its verdict."""
    steps = tuple(Milestone(step.name) for step in plan.milestones)
    return replace(plan, id=new_id(), state=PlanState.PLANNED, cycle_of=plan.id, due=None, start=None, check_on=None,
                   baseline=None, noticed=None, starts=(), milestones=steps, blocker="", closing="")  # fmt: skip


def _due(plan: Plan) -> date:
    """As long from today as the first cycle was given, two weeks at least."""
    given = plan.due - plan.created_at.date() if plan.due and plan.created_at else SHORTEST
    return datetime.now(UTC).date() + max(given, SHORTEST)


def _date_changes(entry: AuditEntry) -> Iterator[DateChange]:
    before, after = entry.before or {}, entry.after or {}
    moved = partial(DateChange, plan_id=entry.subject_id, at=entry.at, who=entry.who)
    for name in DATES:
        if name in before:
            yield moved(field=name, before=before[name], after=after[name])
    then, now = ({step.name: step.due for step in side.get("milestones", ())} for side in (before, after))
    for name in {**then, **now}:
        if then.get(name) != now.get(name):
            yield moved(field="milestones", before=then.get(name), after=now.get(name), name=name)

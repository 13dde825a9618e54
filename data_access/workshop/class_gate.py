"""Is the work of a group taken now? Asked by every write of an issue and what hangs on it, in its own transaction.

The group's line stays locked until the work is written, so that nothing slips in beside handing in. It is locked
after that of the issue: always in this order, or two could wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from data_access.access import NotAllowed, User, may_teach, sees_every_group
from data_access.statement import BadInput
from data_access.workshop import audit, class_rows, class_rules, rows, rules
from data_access.workshop.changes import AuditEntry
from data_access.workshop.class_records import Group, Stage, TrainingClass
from data_access.workshop.engine import one_at_a_time
from data_access.workshop.records import Comment, Issue, Pin, Plan, Why
from data_access.workshop.tracing import Evidence

Part = Issue | Plan | Why | Pin | Evidence | Comment


def check(connection: Connection, user: User, issue: Issue, *stages: Stage) -> None:
    """One of the stages is open to the group that the issue belongs to; where it is of no class, all is."""
    for klass, group in _classes_of(connection, issue.group):
        _check_takes_part(connection, user, klass, group)
        class_rules.check_work(user, klass, group, stages)


def _check_takes_part(connection: Connection, user: User, klass: TrainingClass, group: Group) -> None:
    """A participant works for the group that they are in now, whatever a page still knew when it was drawn."""
    if sees_every_group(user):
        return
    member = class_rows.member(connection, klass.id, user.id)
    if member is None or member.group != group.key:
        raise NotAllowed("class.may_not.group")


def check_part(connection: Connection, user: User, issue: Issue, part: Part) -> None:
    """The same, by what is to come back to the issue."""
    if isinstance(part, Comment):
        check_talk(connection, user, issue)
    elif isinstance(part, Plan):
        check(connection, user, issue, Stage.SOLUTION)
    elif isinstance(part, Why | Evidence):
        check(connection, user, issue, Stage.WHY)
    elif isinstance(part, Pin):
        check(connection, user, issue, *class_rules.EVIDENCE_STAGES)
    else:
        check(connection, user, issue, Stage.DATA_PROBLEM)


def check_talk(connection: Connection, user: User, issue: Issue) -> None:
    """A group speaks of its issue until it hands in; who teaches always may."""
    if not may_teach(user):
        check(connection, user, issue)


def check_change(connection: Connection, user: User, before: Issue, after: Issue) -> None:
    """All stages that the changed fields belong to are open, and the work of a class stays in its group."""
    if before.version != after.version:  # a conflict, in which stages have no say
        return check(connection, user, before)
    if before.group != after.group:
        _check_moved(connection, user, before, after)
    for stage in class_rules.stages_of_change(before, after):
        check(connection, user, before, stage)
    return check(connection, user, before)


def _check_moved(connection: Connection, user: User, before: Issue, after: Issue) -> None:
    keys = [key for key in (before.group, after.group) if key]
    of_class = class_rows.groups_of_keys(connection, *keys, lock=True)
    for klass, group in of_class:
        class_rules.check_work(user, klass, group, (Stage.DATA_PROBLEM,))
    if of_class and not may_teach(user):
        raise NotAllowed("class.may_not.group")


def group_for(connection: Connection, user: User, asked: str | None) -> str:
    """The group of a new issue: in a class the own one, whatever is asked. Raises BadInput for who is in none."""
    if not user.attends or may_teach(user):
        return rules.group_for(user, asked)
    member = class_rows.member(connection, user.attends, user.id)
    own = member.group if member else ""
    if not own or own not in user.groups:  # moved or removed since the page asked
        raise BadInput("class.gate.no_group")
    if asked is not None and asked != own:
        raise NotAllowed("class.may_not.group")
    return own


def begun_by_group(connection: Connection, group_key: str) -> list[Issue]:
    """The issues that a group of a class has begun: its answer first, then what it changed last. Nobody else in the
    group begins one meanwhile."""
    groups = class_rows.groups_of_keys(connection, group_key) if group_key else []
    if groups:
        one_at_a_time(connection, f"begin in {group_key}")
    own = [(issue, group) for _, group in groups for issue in rows.issues_of_group(connection, group_key)]
    return [issue for issue, group in sorted(own, key=lambda pair: pair[0].id != pair[1].answer)]


def note_begun(connection: Connection, user: User, issue: Issue) -> None:
    """The first issue of a group is its answer until it chooses another."""
    for _, group in _classes_of(connection, issue.group):
        if not group.answer:
            class_rows.change(connection, user, group, answer=issue.id)


def entries_about(connection: Connection, user: User, issue: Issue) -> list[AuditEntry]:
    """What happened to the class that an issue belongs to; on which case it was opened is for who teaches."""
    found = class_rows.groups_of_keys(connection, issue.group) if issue.group else []
    entries = [entry for klass, _ in found for entry in audit.class_entries(connection, klass.id)]
    return entries if may_teach(user) else [replace(e, after=None) if e.action == "opened" else e for e in entries]


def _classes_of(connection: Connection, group_key: str) -> Iterator[tuple[TrainingClass, Group]]:
    if group_key:
        yield from class_rows.groups_of_keys(connection, group_key, lock=True)

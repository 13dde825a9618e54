"""Taking away and bringing back: what is removed stays in its own table, unseen, until somebody restores it.

An issue and a plan are removed by their author or who answers for all; whys, pins and evidence by whoever may edit;
comments by their author alone.
What somebody may remove, and what somebody removed, they may bring back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, delete, insert, or_

from data_access.access import NotAllowed, User, may_edit_issue, may_remove
from data_access.statement import BadInput
from data_access.workshop import audit, class_gate, evidence_rules, rows, rules, sight, tables
from data_access.workshop.bundle import Bundle
from data_access.workshop.changes import Removed, name_of
from data_access.workshop.engine import reading, transaction
from data_access.workshop.records import Comment, Issue, Pin, Plan, Why
from data_access.workshop.tracing import Evidence

Gone = Issue | Plan | Why | Pin | Evidence | Comment


class Removing:
    """The part of the store that takes away and brings back."""

    engine: Engine

    def remove_issue(self, user: User, issue_id: str) -> None:
        """Take an issue away with all that hangs on it."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            rows.visible_issue(connection, user, issue_id, lock=True)
            issue = rows.visible_issue(connection, user, issue_id)  # while this one waited it may have gone
            rules.check_may_remove(user, issue)
            class_gate.check_part(connection, user, issue, issue)
            _take_away(connection, user, "issue", issue.id, issue.id)
            audit.removed(connection, user, issue)

    def remove_plan(self, user: User, plan_id: str) -> None:
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, rows.plan(connection, plan_id).issue_id, lock=True)
            plan = rows.plan(connection, plan_id)
            rules.check_may_remove(user, plan)
            class_gate.check_part(connection, user, issue, plan)
            rules.check_not_closed(issue)
            rules.check_planned_without(issue, plan, rows.plans(connection, issue.id))
            _take_away(connection, user, "plan", plan.id, issue.id)
            audit.removed(connection, user, plan)

    def remove_why(self, user: User, why_id: str) -> None:
        """Take a why without others below it out of the tree, and its evidence with it."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            issue_id = rows.why(connection, why_id).issue_id
            bundle = Bundle.of(connection, rows.named_issue(connection, user, issue_id, lock=True))
            why = bundle.why(why_id)
            class_gate.check_part(connection, user, bundle.issue, why)
            bundle.check_without_why(why)
            for piece in bundle.evidence_of(why_id):
                _take_away(connection, user, "evidence", piece.id, issue_id, along=why_id)
                audit.evidence_removed(connection, user, piece, bundle)
            _take_away(connection, user, "why", why_id, issue_id)
            audit.removed(connection, user, why)

    def unpin(self, user: User, pin_id: str) -> None:
        """Take a pin off an issue."""
        evidence_rules.check_may_pin(user)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, rows.pin(connection, pin_id).issue_id, lock=True)
            pin = rows.pin(connection, pin_id)
            if not evidence_rules.may_see_pin(user, pin):
                raise BadInput("workshop.missing.pin")
            class_gate.check_part(connection, user, issue, pin)
            count, evidence = rows.pin_count(connection, issue.id), rows.evidence(connection, issue.id)
            evidence_rules.check_unpin(issue, pin, pins=count, evidence=evidence)
            _take_away(connection, user, "pin", pin.id, issue.id)
            audit.unpinned(connection, user, pin, issue)

    def remove_evidence(self, user: User, evidence_id: str) -> None:
        """Take evidence off again."""
        evidence_rules.check_may_pin(user)
        with transaction(self.engine) as connection:
            issue_id = rows.piece(connection, evidence_id).issue_id
            bundle = Bundle.of(connection, rows.named_issue(connection, user, issue_id, lock=True))
            piece = bundle.piece(user, evidence_id)
            class_gate.check_part(connection, user, bundle.issue, piece)
            bundle.check_without(piece)
            _take_away(connection, user, "evidence", piece.id, issue_id)
            audit.evidence_removed(connection, user, piece, bundle)

    def remove_comment(self, user: User, comment_id: str) -> None:
        with transaction(self.engine) as connection:
            issue_id = rows.comment(connection, comment_id).issue_id
            bundle = Bundle.of(connection, rows.named_issue(connection, user, issue_id, lock=True))
            comment = rows.comment(connection, comment_id)
            if comment.created_by_id != user.id:
                raise NotAllowed("access.may_not.remove_comment")
            class_gate.check_part(connection, user, bundle.issue, comment)
            _take_away(connection, user, "comment", comment.id, issue_id)
            subject = bundle.subject_of_plan(comment.plan_id)
            audit.commented(connection, user, comment, bundle.issue, subject, action="removed")

    def removed(self, user: User, issue_id: str | None = None) -> tuple[Removed, ...]:
        """What the user may bring back, the last removed first: issues, or parts of one issue."""
        with reading(self.engine) as connection:
            if issue_id is None:
                gone = rows.removed_issues(connection, user)
            else:
                rows.visible_issue(connection, user, issue_id)
                gone = rows.removed(connection, issue_id)
            seen = [(one, rows.as_it_was(connection, one)) for one in gone]
            issues = {one.issue_id: rows.any_issue(connection, one.issue_id) for one in gone}
        return tuple(
            replace(one, name=_name(user, record, issues[one.issue_id]))
            for one, record in seen
            if _may_restore(user, one, record, issues[one.issue_id])
        )

    def restore(self, user: User, removed_id: str) -> None:
        """Bring back what was removed, with what went along with it."""
        with transaction(self.engine) as connection:
            gone = rows.removed_record(connection, removed_id)
            if gone.kind != "comment":
                rules.check_may_edit(user)
            issue = rows.any_issue(connection, gone.issue_id, lock=True)
            gone, record = rows.removed_record(connection, removed_id), rows.as_it_was(connection, gone)
            if not rules.may_see_issue(user, issue):
                raise BadInput("workshop.missing.removed")
            if not _may_restore(user, gone, record, issue):
                raise NotAllowed("access.may_not.restore")
            class_gate.check_part(connection, user, issue, record)
            row = tables.removed.c
            connection.execute(delete(tables.removed).where(or_(row.id == gone.id, row.along == gone.id)))
            if not isinstance(record, Issue):
                issue = rows.named_issue(connection, user, issue.id)
                _check_back(user, record, Bundle.of(connection, issue))
            audit.restored(connection, user, record, Bundle.of(connection, issue))


def _take_away(connection: Connection, user: User, kind: str, id: str, issue_id: str, *, along: str = "") -> None:
    signed = {"removed_by": user.name, "removed_by_id": user.id, "removed_at": datetime.now(UTC)}
    connection.execute(
        insert(tables.removed), {"id": id, "kind": kind, "issue_id": issue_id, "along": along} | signed
    )


def _may_restore(user: User, gone: Removed, record: Gone, issue: Issue) -> bool:
    if not rules.may_see_issue(user, issue):
        return False
    if isinstance(record, Comment):
        return record.created_by_id == user.id
    if not may_edit_issue(user):
        return False
    if isinstance(record, Issue | Plan):
        return gone.removed_by_id == user.id or may_remove(user, record.created_by_id)
    return evidence_rules.may_see_pin(user, record) if isinstance(record, Pin) else True


def _check_back(user: User, record: Plan | Why | Pin | Evidence | Comment, bundle: Bundle) -> None:
    """What comes back stands on what it stood on."""
    if isinstance(record, Comment):
        return
    rules.check_not_closed(bundle.issue)
    if isinstance(record, Why):
        bundle.check_why(record)
    if isinstance(record, Evidence):
        bundle.check_evidence(user, record)


def _name(user: User, record: Gone, issue: Issue) -> str:
    """What a person calls it by; what has no name of its own is called by its method or what it says."""
    if isinstance(record, Issue):
        return sight.named(user, record).title
    if isinstance(record, Pin):
        return record.method
    return record.text if isinstance(record, Evidence | Comment) else name_of(record)

"""Where do issues and all that hangs on them live? Every call names its user; rights and rules hold here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, delete, insert, select, update

from data_access.access import User
from data_access.statement import BadInput
from data_access.taxonomy import Taxonomy, load_taxonomy
from data_access.workshop import audit, evidence_rules, rows, rules, sight, tables
from data_access.workshop.bundle import Bundle, bundles
from data_access.workshop.codec import selection_from_json
from data_access.workshop.engine import connect, reading, transaction
from data_access.workshop.records import AuditEntry, Basis, Conflict, Issue, Made, Pin, Plan, Why, editable
from data_access.workshop.tracing import Evidence, Trace

Record = TypeVar("Record", Issue, Plan, Why)
TABLES = {Issue: tables.issues, Plan: tables.plans, Why: tables.whys}


def open_store(url: str, *, taxonomy: Taxonomy | None = None) -> Store:
    """The store behind a SQLite or PostgreSQL URL, migrated to the newest form.

    Raises: BadInput for a URL of another kind; Unreachable.
    """
    return Store(connect(url), taxonomy or load_taxonomy())


@dataclass(frozen=True)
class Store:
    """Issues with their whys, evidence, pins, plans and history. Safe to share between threads.

    Every call may raise Unreachable; one that changes something may raise NotAllowed and BadInput, and a save
    raises Conflict when somebody saved in between.
    """

    engine: Engine
    taxonomy: Taxonomy

    def issues(self, user: User) -> tuple[Issue, ...]:
        """The issues this user may see, last changed first."""
        with reading(self.engine) as connection:
            return tuple(sight.seen(user, issue) for issue in rows.issues(connection, user))

    def issue(self, user: User, issue_id: str) -> Issue:
        with reading(self.engine) as connection:
            return sight.seen(user, rows.visible_issue(connection, user, issue_id))

    def traces(self, user: User, issue_id: str | None = None) -> tuple[Trace, ...]:
        """Issues with all that hangs on them, as far as the user may see it: one issue, or all, last changed first.

        As many queries for a thousand issues as for one.
        """
        with reading(self.engine) as connection:
            one = issue_id and rows.visible_issue(connection, user, issue_id)
            wanted = [one] if one else rows.issues(connection, user)
            return tuple(bundle.seen_by(user) for bundle in bundles(connection, wanted))

    def create_issue(
        self,
        user: User,
        title: str,
        *,
        notes: str = "",
        data_version: str = "",
        group: str | None = None,
        basis: Basis = Basis.DATA,
        basis_reason: str = "",
    ) -> Issue:
        """A new open issue. `group` None: the group of a participant, nobody's for others."""
        rules.check_may_edit(user)
        issue = Issue(
            title=title,
            notes=notes,
            data_version=data_version,
            group=rules.group_for(user, group),
            basis=basis,
            basis_reason=basis_reason,
        )
        rules.check_group(user, issue)
        rules.check_issue(issue, issue, self.taxonomy)
        with transaction(self.engine) as connection:
            return _add(connection, user, issue)

    def save_issue(self, user: User, issue: Issue) -> Issue:
        """Save the fields and the state of an issue; answers with what is now stored."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            stored = rows.visible_issue(connection, user, issue.id, lock=True)
            bundle = Bundle.of(connection, stored)
            mine = sight.marked(user, stored, sight.kept(user, stored, issue), bundle.pins)
            if stored.version == issue.version and editable(stored) != editable(mine):
                self._check_issue_change(user, bundle, mine)
            outcome = _save(connection, user, stored, mine)
        return _settled(user, outcome)

    def pins(self, user: User, issue_id: str) -> tuple[Pin, ...]:
        """The evidence of an issue, oldest first, without pins that reach beyond the user's scope."""
        with reading(self.engine) as connection:
            rows.named_issue(connection, user, issue_id)
            pinned = rows.pins(connection, issue_id)
        return tuple(sight.seen_pin(user, pin) for pin in pinned if evidence_rules.may_see_pin(user, pin))

    def pin_counts(self, user: User, issue_ids: Sequence[str]) -> Mapping[str, int]:
        """How many pins `pins` would answer with for each of some issues, asked at once; none for an unseen one."""
        query = select(tables.pins.c.issue_id, tables.pins.c.selection).where(tables.pins.c.issue_id.in_(issue_ids))
        with reading(self.engine) as connection:
            seen = {issue.id for issue in rows.issues(connection, user)}
            pinned = connection.execute(query).all()
        covered = (id for id, asked in pinned if id in seen and user.scope.covers(selection_from_json(asked)))
        return Counter(covered)

    def pin(self, user: User, issue_id: str, pin: Pin) -> Pin:
        """Add evidence to an issue; the store signs and dates it."""
        evidence_rules.check_may_pin(user)
        evidence_rules.check_pin(user, pin)
        stamps = {**_stamp("created", user), "created_by_id": user.id, "scope": user.scope.filters}
        signed = replace(pin, issue_id=issue_id, **stamps)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, issue_id, lock=True)
            rules.check_not_closed(issue)
            connection.execute(insert(tables.pins), rows.values(signed))
            audit.pinned(connection, user, signed, issue)
        return signed

    def unpin(self, user: User, pin_id: str) -> None:
        """Take a pin off an issue; the history keeps all of it."""
        evidence_rules.check_may_pin(user)
        with transaction(self.engine) as connection:
            pin = rows.pin(connection, pin_id, lock=True)
            issue = rows.named_issue(connection, user, pin.issue_id, lock=True)
            if not evidence_rules.may_see_pin(user, pin):
                raise BadInput("workshop.missing.pin")
            count, evidence = rows.pin_count(connection, issue.id), rows.evidence(connection, issue.id)
            evidence_rules.check_unpin(issue, pin, pins=count, evidence=evidence)
            connection.execute(delete(tables.pins).where(tables.pins.c.id == pin.id))
            audit.unpinned(connection, user, pin, issue)

    def whys(self, user: User, issue_id: str) -> tuple[Why, ...]:
        """The cause tree of an issue, oldest first."""
        with reading(self.engine) as connection:
            rows.named_issue(connection, user, issue_id)
            return tuple(rows.whys(connection, issue_id))

    def save_why(self, user: User, why: Why) -> Why:
        """Save a why, a new one (version 0) too; answers with what is now stored."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            issue_id = why.issue_id if why.version == 0 else rows.why(connection, why.id).issue_id
            bundle = Bundle.of(connection, rows.named_issue(connection, user, issue_id, lock=True))
            if why.version == 0:
                bundle.check_why(why)
                return _add(connection, user, why)
            stored, mine = bundle.why(why.id), replace(why, issue_id=issue_id)
            if stored.version == mine.version and editable(stored) != editable(mine):
                bundle.check_why(mine)
            outcome = _save(connection, user, stored, mine)
        return _settled(user, outcome)

    def remove_why(self, user: User, why_id: str) -> None:
        """Take a why without others below it out of the tree, and its evidence with it; the history keeps both."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            issue_id = rows.why(connection, why_id).issue_id
            bundle = Bundle.of(connection, rows.named_issue(connection, user, issue_id, lock=True))
            why = bundle.why(why_id)
            bundle.check_without_why(why)
            for piece in bundle.evidence_of(why_id):
                _take_off(connection, user, piece, bundle)
            connection.execute(delete(tables.whys).where(tables.whys.c.id == why_id))
            audit.removed(connection, user, why)

    def evidence(self, user: User, issue_id: str) -> tuple[Evidence, ...]:
        """What speaks for and against the whys of an issue, oldest first, as far as the user may see it."""
        (trace,) = self.traces(user, issue_id)
        return trace.evidence

    def add_evidence(self, user: User, evidence: Evidence) -> Evidence:
        """Add evidence to a why or to the whole issue; the store signs and dates it."""
        evidence_rules.check_may_pin(user)
        signed = replace(evidence, **_stamp("created", user), created_by_id=user.id)
        with transaction(self.engine) as connection:
            bundle = Bundle.of(connection, rows.named_issue(connection, user, signed.issue_id, lock=True))
            bundle.check_evidence(user, signed)
            connection.execute(insert(tables.evidence), rows.values(signed))
            audit.evidence_added(connection, user, signed, bundle)
        return signed

    def remove_evidence(self, user: User, evidence_id: str) -> None:
        """Take evidence off again; the history keeps all of it."""
        evidence_rules.check_may_pin(user)
        with transaction(self.engine) as connection:
            issue_id = rows.piece(connection, evidence_id).issue_id
            bundle = Bundle.of(connection, rows.named_issue(connection, user, issue_id, lock=True))
            piece = bundle.piece(user, evidence_id)
            bundle.check_without(piece)
            _take_off(connection, user, piece, bundle)

    def plans(self, user: User, issue_id: str | None = None) -> tuple[Plan, ...]:
        """The plans of one issue, or of all the user may see; due first comes first, undated last."""
        with reading(self.engine) as connection:
            seen = {issue.id for issue in rows.issues(connection, user)}
            plans = [plan for plan in rows.plans(connection, issue_id) if plan.issue_id in seen]
        return tuple(sight.seen(user, plan) for plan in plans)

    def save_plan(self, user: User, plan: Plan) -> Plan:
        """Save a plan, a new one (version 0) too; answers with what is now stored."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            if plan.version == 0:
                rules.check_plan(None, plan, self.taxonomy)
                rules.check_not_closed(rows.named_issue(connection, user, plan.issue_id, lock=True))
                return _add(connection, user, plan)
            stored = rows.plan(connection, plan.id, lock=True)
            issue = rows.named_issue(connection, user, stored.issue_id, lock=True)
            mine = sight.marked(user, stored, sight.kept(user, stored, replace(plan, issue_id=stored.issue_id)))
            if stored.version == plan.version and editable(stored) != editable(mine):
                self._check_plan_change(connection, issue, stored, mine)
            outcome = _save(connection, user, stored, mine)
        return _settled(user, outcome)

    def history(self, user: User, subject_id: str) -> tuple[AuditEntry, ...]:
        """What happened to an issue with all that hangs on it, or to one part of it; newest first."""
        with reading(self.engine) as connection:
            titles = {issue.id: sight.named(user, issue).title for issue in rows.issues(connection, user)}
            entries = [entry for entry in audit.entries(connection, subject_id) if entry.issue_id in titles]
        return tuple(
            sight.seen_entry(user, entry, titles[entry.issue_id]) for entry in entries if audit.may_see(user, entry)
        )

    def _check_issue_change(self, user: User, bundle: Bundle, after: Issue) -> None:
        after = sight.named(user, after)
        rules.check_group(user, after)
        rules.check_issue(bundle.issue, after, self.taxonomy)
        bundle.check_issue(user, after)

    def _check_plan_change(self, connection: Connection, issue: Issue, before: Plan, after: Plan) -> None:
        rules.check_not_closed(issue)
        rules.check_plan(before, after, self.taxonomy)
        others = [plan for plan in rows.plans(connection, issue.id) if plan.id != after.id]
        rules.check_still_planned(issue, after, [*others, after])


def _add(connection: Connection, user: User, record: Record) -> Record:
    stamps = _stamp("created", user) | _stamp("updated", user)
    signed = sight.marked(user, None, replace(record, version=1, created_by_id=user.id, **stamps))
    connection.execute(insert(TABLES[type(record)]), rows.values(signed))
    audit.created(connection, user, signed)
    return signed


def _save(connection: Connection, user: User, stored: Record, mine: Record) -> Record | Conflict:
    """Write over exactly the version that was read. A conflict is answered, not raised: its audit entry must stay."""
    if editable(stored) == editable(mine):
        return stored
    table = TABLES[type(mine)]
    made = {f.name: getattr(stored, f.name) for f in fields(Made)}
    after = replace(mine, **made, version=mine.version + 1, **_stamp("updated", user))
    at_my_version = update(table).where(table.c.id == mine.id, table.c.version == mine.version)
    if connection.execute(at_my_version.values(rows.values(after))).rowcount == 1:
        audit.saved(connection, user, stored, after)
        return after
    conflict = Conflict(stored, mine)
    audit.refused(connection, user, conflict)
    return conflict


def _settled(user: User, outcome: Record | Conflict) -> Record:
    if isinstance(outcome, Conflict):
        raise sight.seen_conflict(user, outcome)
    return sight.seen(user, outcome)


def _take_off(connection: Connection, user: User, piece: Evidence, bundle: Bundle) -> None:
    connection.execute(delete(tables.evidence).where(tables.evidence.c.id == piece.id))
    audit.evidence_removed(connection, user, piece, bundle)


def _stamp(word: str, user: User) -> dict[str, Any]:
    return {f"{word}_by": user.name, f"{word}_at": datetime.now(UTC)}

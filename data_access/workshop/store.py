"""Where do issues and all that hangs on them live? Every call names its user; rights and rules hold here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, insert, select

from data_access.access import User, may_edit_issue
from data_access.selection import Filter
from data_access.settings import name_of
from data_access.statement import BadInput, Unreachable
from data_access.taxonomy import Taxonomy, load_taxonomy
from data_access.workshop import audit, class_gate, evidence_rules, rows, rules, sight, tables
from data_access.workshop.beginning import add_issue
from data_access.workshop.bundle import Bundle, bundles
from data_access.workshop.changes import AuditEntry, Conflict, editable, with_content
from data_access.workshop.class_records import Stage
from data_access.workshop.class_rules import EVIDENCE_STAGES
from data_access.workshop.classes import Classes
from data_access.workshop.codec import selection_from_json, selection_to_json
from data_access.workshop.drafts import Drafts
from data_access.workshop.engine import connect, holds_store, one_at_a_time, reading, transaction
from data_access.workshop.following import Following
from data_access.workshop.meetings import Meetings
from data_access.workshop.monitoring import Monitoring
from data_access.workshop.planning import Planning
from data_access.workshop.records import Basis, Issue, Pin, Plan, Why
from data_access.workshop.recoveries import Recoveries
from data_access.workshop.removing import Removing
from data_access.workshop.seeing import Seeing
from data_access.workshop.tracing import Evidence, Trace
from data_access.workshop.writing import add, save, settled, stamp


def open_store(url: str, *, taxonomy: Taxonomy | None = None) -> Store:
    """The store behind a SQLite or PostgreSQL URL, migrated to the newest form.

    Raises: BadInput for a URL of another kind; Unreachable.
    """
    return Store(connect(url), taxonomy or load_taxonomy())


def open_existing(url: str) -> Store:
    """The store behind a URL where there is one already. Raises: as `open_store`; Unreachable for none."""
    if not holds_store(url):
        raise Unreachable("store.none_yet", place=name_of(url))
    return open_store(url)


@dataclass(frozen=True)
class Store(Planning, Following, Removing, Classes, Monitoring, Recoveries, Meetings, Seeing):
    """Issues with all that hangs on them, classes, monitoring and meetings. Safe to share between threads.

    Every call may raise Unreachable; one that changes something may raise NotAllowed and BadInput, and a save
    raises Conflict when somebody saved in between.
    """

    engine: Engine
    taxonomy: Taxonomy

    @property
    def drafts(self) -> Drafts:
        """What people are typing."""
        return Drafts(self.engine)

    def issues(self, user: User) -> tuple[Issue, ...]:
        """The issues this user may see, last changed first."""
        with reading(self.engine) as connection:
            return tuple(sight.seen(user, issue) for issue in rows.issues(connection, user))

    def issue(self, user: User, issue_id: str) -> Issue:
        with reading(self.engine) as connection:
            return sight.seen(user, rows.visible_issue(connection, user, issue_id))

    def traces(
        self, user: User, issue_id: str | None = None, *, groups: Collection[str] | None = None
    ) -> tuple[Trace, ...]:
        """Issues with all that hangs on them, as far as the user may see it: one issue, those of some groups, or all,
        last changed first.

        As many queries for a thousand issues as for one.
        """
        with reading(self.engine) as connection:
            one = issue_id and rows.visible_issue(connection, user, issue_id)
            wanted = [one] if one else rows.issues(connection, user, groups)
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
        with transaction(self.engine) as connection:
            issue = Issue(
                title=title,
                notes=notes,
                data_version=data_version,
                group=class_gate.group_for(connection, user, group),
                basis=basis,
                basis_reason=basis_reason,
            )
            return add_issue(connection, user, issue, self.taxonomy)

    def begin(
        self, user: User, title: str, pin: Pin, path: tuple[Filter, ...], *, asked: str = "", once: bool = False
    ) -> Issue:
        """A new open issue whose data problem is the pin and whose path begins there: all of it, or nothing.

        asked: what it is called for those who may not see all of the data, where the title names a part of them.
        once: an open issue that begins with the same evidence and that the user sees is answered instead, also when
        both are begun at the same moment. A group of a class has one issue: it gets the pin where it has begun.
        """
        rules.check_may_edit(user)
        evidence_rules.check_pin(user, pin)
        with transaction(self.engine) as connection:
            group = class_gate.group_for(connection, user, None)
            issue = Issue(title=title, asked=asked, data_version=pin.data_version, group=group)
            if once:
                one_at_a_time(connection, f"begin {pin.method} {selection_to_json(pin.selection)}")
                for begun in rows.begun_with(connection, user, pin):
                    return sight.seen(user, begun)
                for begun in class_gate.begun_by_group(connection, group):
                    return sight.seen(user, self._pinned_to(connection, user, begun, pin, path))
            issue = add_issue(connection, user, issue, self.taxonomy)
            origin = self._add_pin(connection, user, issue, pin)
            outcome = self._save_issue(connection, user, replace(issue, origin=origin.id, path=path))
        return settled(user, outcome)

    def save_issue(self, user: User, issue: Issue, *, undone: bool = False) -> Issue:
        """Save the fields and the state of an issue; answers with what is now stored.

        undone: the issue is what it was before its last change.
        """
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            outcome = self._save_issue(connection, user, issue, undone=undone)
        return settled(user, outcome)

    def pins(self, user: User, issue_id: str) -> tuple[Pin, ...]:
        """The evidence of an issue, oldest first, without pins that reach beyond the user's scope."""
        with reading(self.engine) as connection:
            rows.named_issue(connection, user, issue_id)
            pinned = rows.pins(connection, issue_id)
        return tuple(sight.seen_pin(user, pin) for pin in pinned if evidence_rules.may_see_pin(user, pin))

    def pin_counts(self, user: User, issue_ids: Sequence[str]) -> Mapping[str, int]:
        """How many pins `pins` would answer with for each of some issues, asked at once; none for an unseen one."""
        pins = tables.pins
        query = select(pins.c.issue_id, pins.c.selection).where(pins.c.issue_id.in_(issue_ids), rows.is_there(pins))
        with reading(self.engine) as connection:
            seen = {issue.id for issue in rows.issues(connection, user)}
            pinned = connection.execute(query).all()
        covered = (id for id, asked in pinned if id in seen and user.scope.covers(selection_from_json(asked)))
        return Counter(covered)

    def pin(self, user: User, issue_id: str, pin: Pin) -> Pin:
        """Add evidence to an issue; the store signs and dates it."""
        evidence_rules.check_may_pin(user)
        evidence_rules.check_pin(user, pin)
        with transaction(self.engine) as connection:
            issue = rows.named_issue(connection, user, issue_id, lock=True)
            rules.check_not_closed(issue)
            class_gate.check(connection, user, issue, *EVIDENCE_STAGES)
            return self._add_pin(connection, user, issue, pin)

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
                class_gate.check(connection, user, bundle.issue, Stage.WHY)
                bundle.check_why(why)
                return add(connection, user, why)
            stored, mine = bundle.why(why.id), replace(why, issue_id=issue_id)
            if editable(stored) != editable(mine):
                class_gate.check(connection, user, bundle.issue, Stage.WHY)
            if stored.version == mine.version and editable(stored) != editable(mine):
                bundle.check_why(mine)
            outcome = save(connection, user, stored, mine)
        return settled(user, outcome)

    def evidence(self, user: User, issue_id: str) -> tuple[Evidence, ...]:
        """What speaks for and against the whys of an issue, oldest first, as far as the user may see it."""
        (trace,) = self.traces(user, issue_id)
        return trace.evidence

    def add_evidence(self, user: User, evidence: Evidence) -> Evidence:
        """Add evidence to a why or to the whole issue; the store signs and dates it."""
        evidence_rules.check_may_pin(user)
        signed = replace(evidence, **stamp("created", user), created_by_id=user.id)
        with transaction(self.engine) as connection:
            bundle = Bundle.of(connection, rows.named_issue(connection, user, signed.issue_id, lock=True))
            class_gate.check(connection, user, bundle.issue, Stage.WHY)
            bundle.check_evidence(user, signed)
            connection.execute(insert(tables.evidence), rows.values(signed))
            audit.evidence_added(connection, user, signed, bundle)
        return signed

    def last_change(self, user: User, record: Issue | Plan | Why) -> AuditEntry | None:
        """What `undo` would take back of a record as the user has it; None where there is nothing, or not all of it
        is for the user to see."""
        with reading(self.engine) as connection:
            entry = audit.last_change(connection, record.id)
            is_seen = entry and rules.may_see_issue(user, rows.any_issue(connection, entry.issue_id))
        if not entry or not is_seen or not may_edit_issue(user) or not sight.may_undo(user, entry):
            return None
        now = editable(record)  # an old entry may speak of fields that are no more
        is_newest = all(name in now and now[name] == content for name, content in (entry.after or {}).items())
        return sight.seen_entry(user, entry, entry.subject) if is_newest else None

    def undo(self, user: User, record: Issue | Plan | Why) -> Issue | Plan | Why:
        """Take the last change of a record back; answers with what is now stored.

        Raises: Conflict when somebody saved since the user read it.
        """
        entry = self.last_change(user, record)
        if entry is None or not entry.before:
            raise BadInput("workshop.missing.change")
        if isinstance(record, Issue):
            return self.save_issue(user, with_content(record, entry.before), undone=True)
        if isinstance(record, Plan):
            return self.save_plan(user, with_content(record, entry.before), undone=True)
        return self.save_why(user, with_content(record, entry.before))

    def history(self, user: User, subject_id: str) -> tuple[AuditEntry, ...]:
        """What happened to an issue with all that hangs on it and its class, or to one part of it; newest first."""
        with reading(self.engine) as connection:
            seen = {issue.id: sight.named(user, issue) for issue in rows.issues(connection, user)}
            entries = [entry for entry in audit.entries(connection, subject_id) if entry.issue_id in seen]
            of_class = class_gate.entries_about(connection, user, seen[subject_id]) if subject_id in seen else []
        told = (sight.seen_entry(user, entry, seen[entry.issue_id].title) for entry in entries
                if audit.may_see(user, entry))  # fmt: skip
        return tuple(sorted([*told, *of_class], key=lambda entry: -entry.number))

    def _pinned_to(
        self, connection: Connection, user: User, issue: Issue, pin: Pin, path: tuple[Filter, ...]
    ) -> Issue:
        """The issue of a group with one more pin, which is its data problem where it has none."""
        issue = rows.visible_issue(connection, user, issue.id, lock=True)
        rules.check_not_closed(issue)
        class_gate.check(connection, user, issue, *EVIDENCE_STAGES)
        added = self._add_pin(connection, user, issue, pin)
        if issue.origin or issue.path:
            return issue
        return settled(user, self._save_issue(connection, user, replace(issue, origin=added.id, path=path)))

    def _add_pin(self, connection: Connection, user: User, issue: Issue, pin: Pin) -> Pin:
        stamps = {**stamp("created", user), "created_by_id": user.id, "scope": user.scope.filters}
        signed = replace(pin, issue_id=issue.id, **stamps)
        connection.execute(insert(tables.pins), rows.values(signed))
        audit.pinned(connection, user, signed, issue)
        return signed

    def _save_issue(
        self, connection: Connection, user: User, issue: Issue, *, undone: bool = False
    ) -> Issue | Conflict:
        stored = rows.visible_issue(connection, user, issue.id, lock=True)
        bundle = Bundle.of(connection, stored)
        mine = sight.marked(user, stored, sight.kept(user, stored, issue), bundle.pins)
        if editable(stored) != editable(mine):
            class_gate.check_change(connection, user, stored, mine)
        if stored.version == issue.version and editable(stored) != editable(mine):
            self._check_issue_change(user, bundle, mine, undone=undone)
        return save(connection, user, stored, mine)

    def _check_issue_change(self, user: User, bundle: Bundle, after: Issue, *, undone: bool) -> None:
        after = sight.named(user, after)
        rules.check_group(user, after)
        rules.check_issue(bundle.issue, after, self.taxonomy)
        bundle.check_issue(user, after, undone=undone)

"""Where do issues, pins and plans live? Every call names its user; rights and rules hold here, not on the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, Table, delete, func, insert, select, update

from data_access.access import User
from data_access.statement import BadInput, Statement
from data_access.taxonomy import Taxonomy, load_taxonomy
from data_access.workshop import audit, rules, tables
from data_access.workshop.codec import selection_from_json
from data_access.workshop.engine import connect, reading, transaction
from data_access.workshop.records import (
    AuditEntry,
    Conflict,
    Issue,
    IssueState,
    Pin,
    Plan,
    PlanState,
    editable,
)

Record = TypeVar("Record", Issue, Plan)


def open_store(url: str, *, taxonomy: Taxonomy | None = None) -> Store:
    """The store behind a SQLite or PostgreSQL URL, migrated to the newest form.

    Raises: BadInput for a URL of another kind; Unreachable.
    """
    return Store(connect(url), taxonomy or load_taxonomy())


@dataclass(frozen=True)
class Store:
    """Issues with their pins, plans and history. Safe to share between threads.

    Every call may raise Unreachable; one that changes something may raise NotAllowed and BadInput, and a save
    raises Conflict when somebody saved in between.
    """

    engine: Engine
    taxonomy: Taxonomy

    def issues(self, user: User) -> tuple[Issue, ...]:
        """The issues this user may see, last changed first."""
        with reading(self.engine) as connection:
            return _issues(connection, user)

    def issue(self, user: User, issue_id: str) -> Issue:
        with reading(self.engine) as connection:
            return _visible_issue(connection, user, issue_id)

    def create_issue(
        self,
        user: User,
        title: str,
        *,
        description: str = "",
        data_version: str = "",
        group: str | None = None,
    ) -> Issue:
        """A new open issue. `group` None: the group of a participant, nobody's for others."""
        rules.check_may_edit(user)
        group = rules.group_for(user, group)
        issue = _signed(Issue(title=title, description=description, data_version=data_version, group=group), user)
        rules.check_group(user, issue)
        rules.check_issue(issue, issue, self.taxonomy)
        with transaction(self.engine) as connection:
            connection.execute(insert(tables.issues), asdict(issue))
            audit.created(connection, user, issue)
        return issue

    def save_issue(self, user: User, issue: Issue) -> Issue:
        """Save the fields and the state of an issue; answers with what is now stored."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            stored = _visible_issue(connection, user, issue.id, lock=True)
            if stored.version == issue.version and editable(stored) != editable(issue):
                self._check_issue_change(connection, user, stored, issue)
            outcome = _save(connection, user, stored, issue)
        return _settled(outcome)

    def pins(self, user: User, issue_id: str) -> tuple[Pin, ...]:
        """The evidence of an issue, oldest first, without pins that reach beyond the user's scope."""
        with reading(self.engine) as connection:
            _visible_issue(connection, user, issue_id)
            found = _pins(connection, issue_id)
        return tuple(pin for pin in found if rules.may_see_pin(user, pin))

    def pin_counts(self, user: User, issue_ids: Sequence[str]) -> Mapping[str, int]:
        """How many pins `pins` would answer with for each of some issues, asked at once; none for an unseen one."""
        query = select(tables.pins.c.issue_id, tables.pins.c.selection).where(tables.pins.c.issue_id.in_(issue_ids))
        with reading(self.engine) as connection:
            seen = {issue.id for issue in _issues(connection, user)}
            found = connection.execute(query).all()
        covered = (id for id, asked in found if id in seen and user.scope.covers(selection_from_json(asked)))
        return Counter(covered)

    def pin(self, user: User, issue_id: str, pin: Pin) -> Pin:
        """Add evidence to an issue; the store signs and dates it."""
        rules.check_may_pin(user)
        rules.check_pin(user, pin)
        signed = replace(pin, issue_id=issue_id, **_stamp("created", user), created_by_id=user.id)
        with transaction(self.engine) as connection:
            issue = _visible_issue(connection, user, issue_id, lock=True)
            rules.check_not_closed(issue)
            connection.execute(insert(tables.pins), _pin_row(signed))
            audit.pinned(connection, user, signed, issue)
        return signed

    def unpin(self, user: User, pin_id: str) -> None:
        """Take evidence off an issue; the history keeps all of it."""
        rules.check_may_pin(user)
        with transaction(self.engine) as connection:
            pin = _pin(_row(connection, tables.pins, pin_id, "workshop.missing.pin", lock=True))
            issue = _visible_issue(connection, user, pin.issue_id, lock=True)
            if not rules.may_see_pin(user, pin):
                raise BadInput("workshop.missing.pin")
            rules.check_unpin(issue, _pin_count(connection, issue.id))
            connection.execute(delete(tables.pins).where(tables.pins.c.id == pin.id))
            audit.unpinned(connection, user, pin, issue)

    def plans(self, user: User, issue_id: str | None = None) -> tuple[Plan, ...]:
        """The plans of one issue, or of all the user may see; due first comes first, undated last."""
        with reading(self.engine) as connection:
            seen = {issue.id for issue in _issues(connection, user)}
            return tuple(plan for plan in _plans(connection, issue_id) if plan.issue_id in seen)

    def save_plan(self, user: User, plan: Plan) -> Plan:
        """Save a plan, a new one (version 0) too; answers with what is now stored."""
        rules.check_may_edit(user)
        with transaction(self.engine) as connection:
            if plan.version == 0:
                return self._add_plan(connection, user, plan)
            stored = _plan(_row(connection, tables.plans, plan.id, "workshop.missing.plan", lock=True))
            issue = _visible_issue(connection, user, stored.issue_id, lock=True)
            if stored.version == plan.version and editable(stored) != editable(plan):
                self._check_plan_change(connection, issue, stored, plan)
            outcome = _save(connection, user, stored, replace(plan, issue_id=stored.issue_id))
        return _settled(outcome)

    def history(self, user: User, subject_id: str) -> tuple[AuditEntry, ...]:
        """What happened to an issue with its pins and plans, or to one pin or plan; newest first."""
        with reading(self.engine) as connection:
            seen = {issue.id for issue in _issues(connection, user)}
            found = audit.entries(connection, subject_id)
        return tuple(entry for entry in found if entry.issue_id in seen and _within_scope(user, entry))

    def _check_issue_change(self, connection: Connection, user: User, before: Issue, after: Issue) -> None:
        rules.check_group(user, after)
        rules.check_issue(before, after, self.taxonomy)
        pins, plans = _pin_count(connection, before.id), _plans(connection, before.id)
        rules.check_issue_move(user, before, after, pins=pins, plans=plans)

    def _check_plan_change(self, connection: Connection, issue: Issue, before: Plan, after: Plan) -> None:
        rules.check_not_closed(issue)
        rules.check_plan(before, after, self.taxonomy)
        others = [plan for plan in _plans(connection, issue.id) if plan.id != after.id]
        rules.check_still_planned(issue, after, [*others, after])

    def _add_plan(self, connection: Connection, user: User, plan: Plan) -> Plan:
        rules.check_plan(None, plan, self.taxonomy)
        rules.check_not_closed(_visible_issue(connection, user, plan.issue_id, lock=True))
        signed = _signed(plan, user)
        connection.execute(insert(tables.plans), asdict(signed))
        audit.created(connection, user, signed)
        return signed


def _save(connection: Connection, user: User, stored: Record, mine: Record) -> Record | Conflict:
    """Write over exactly the version that was read. A conflict is answered, not raised: its audit entry must stay."""
    if editable(stored) == editable(mine):
        return stored
    table = tables.issues if isinstance(mine, Issue) else tables.plans
    after = replace(stored, **editable(mine), version=mine.version + 1, **_stamp("updated", user))
    at_my_version = update(table).where(table.c.id == mine.id, table.c.version == mine.version)
    if connection.execute(at_my_version.values(asdict(after))).rowcount == 1:
        audit.saved(connection, user, stored, after)
        return after
    conflict = Conflict(stored, mine)
    audit.refused(connection, user, conflict)
    return conflict


def _settled(outcome: Record | Conflict) -> Record:
    if isinstance(outcome, Conflict):
        raise outcome
    return outcome


def _signed(record: Record, user: User) -> Record:
    return replace(record, version=1, created_by_id=user.id, **_stamp("created", user), **_stamp("updated", user))


def _stamp(word: str, user: User) -> dict[str, Any]:
    return {f"{word}_by": user.name, f"{word}_at": datetime.now(UTC)}


def _row(connection: Connection, table: Table, id: str, missing: str, *, lock: bool = False) -> RowMapping:
    query = select(table).where(table.c.id == id)
    # PostgreSQL: one writer an issue at a time, so that a rule cannot be broken between check and write.
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise BadInput(missing)
    return row


def _visible_issue(connection: Connection, user: User, id: str, *, lock: bool = False) -> Issue:
    """An issue of another group is answered like one that does not exist."""
    issue = _issue(_row(connection, tables.issues, id, "workshop.missing.issue", lock=lock))
    if not rules.may_see_issue(user, issue):
        raise BadInput("workshop.missing.issue")
    return issue


def _issues(connection: Connection, user: User) -> tuple[Issue, ...]:
    query = select(tables.issues).order_by(tables.issues.c.updated_at.desc(), tables.issues.c.id)
    found = (_issue(row) for row in connection.execute(query).mappings())
    return tuple(issue for issue in found if rules.may_see_issue(user, issue))


def _within_scope(user: User, entry: AuditEntry) -> bool:
    content = entry.after or entry.before or {}
    return entry.kind != "pin" or user.scope.covers(selection_from_json(content["selection"]))


def _pins(connection: Connection, issue_id: str) -> list[Pin]:
    query = select(tables.pins).where(tables.pins.c.issue_id == issue_id)
    ordered = query.order_by(tables.pins.c.created_at, tables.pins.c.id)
    return [_pin(row) for row in connection.execute(ordered).mappings()]


def _pin_count(connection: Connection, issue_id: str) -> int:
    query = select(func.count()).select_from(tables.pins).where(tables.pins.c.issue_id == issue_id)
    return connection.execute(query).scalar_one()


def _plans(connection: Connection, issue_id: str | None) -> list[Plan]:
    query = select(tables.plans).order_by(tables.plans.c.due.nulls_last(), tables.plans.c.created_at)
    asked = query if issue_id is None else query.where(tables.plans.c.issue_id == issue_id)
    return [_plan(row) for row in connection.execute(asked).mappings()]


def _issue(row: Mapping[Any, Any]) -> Issue:
    return Issue(**{**row, "state": IssueState(row["state"])})


def _plan(row: Mapping[Any, Any]) -> Plan:
    return Plan(**{**row, "state": PlanState(row["state"])})


def _pin(row: Mapping[Any, Any]) -> Pin:
    statements = tuple(Statement(key, values) for key, values in row["statements"])
    return Pin(**{**row, "selection": selection_from_json(row["selection"]), "statements": statements})


def _pin_row(pin: Pin) -> dict[str, Any]:
    signature = {name: getattr(pin, name) for name in ("id", "issue_id", "created_by", "created_by_id", "created_at")}
    return audit.pin_content(pin) | signature

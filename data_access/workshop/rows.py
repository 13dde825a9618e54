"""How do records come out of the tables and go into them? Reading names its user wherever issues are chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, func, or_, select, true

from data_access.access import User, sees_every_group
from data_access.statement import BadInput, Statement
from data_access.workshop import rules, sight, tables
from data_access.workshop.changes import Removed, typed
from data_access.workshop.codec import selection_from_json, selection_to_json
from data_access.workshop.records import (
    Comment,
    Issue,
    IssueState,
    Look,
    Pin,
    Plan,
    Ruling,
    Why,
)
from data_access.workshop.tracing import Evidence

Stored = Issue | Plan | Why | Pin | Evidence | Look | Ruling | Comment
Asked = str | Collection[str] | None  # the id of an issue, some ids, or all
PICTURE = ("rows", "parts")  # the large part of a look


def visible_issue(connection: Connection, user: User, id: str, *, lock: bool = False) -> Issue:
    """An issue of another group is answered like one that does not exist.

    Raises: BadInput.
    """
    issue = _issue(_row(connection, tables.issues, id, "workshop.missing.issue", lock=lock))
    if not rules.may_see_issue(user, issue):
        raise BadInput("workshop.missing.issue")
    return issue


def named_issue(connection: Connection, user: User, id: str, *, lock: bool = False) -> Issue:
    """The same, called by what the user knows it by."""
    return sight.named(user, visible_issue(connection, user, id, lock=lock))


def issues(connection: Connection, user: User, groups: Collection[str] | None = None) -> tuple[Issue, ...]:
    """The issues a user may see, last changed first; with `groups` those of these alone are read."""
    query = _there(tables.issues).where(_of_groups(user))
    query = query if groups is None else query.where(tables.issues.c.group.in_(groups))
    query = query.order_by(tables.issues.c.updated_at.desc(), tables.issues.c.id)
    stored = (_issue(row) for row in connection.execute(query).mappings())
    return tuple(issue for issue in stored if rules.may_see_issue(user, issue))


def issues_of_group(connection: Connection, group: str) -> tuple[Issue, ...]:
    """The issues of a group, whoever asks; last changed first."""
    row = tables.issues.c
    query = _there(tables.issues).where(row.group == group).order_by(row.updated_at.desc(), row.id)
    return tuple(_issue(line) for line in connection.execute(query).mappings())


def begun_with(connection: Connection, user: User, pin: Pin) -> Iterator[Issue]:
    """The open issues a user may see whose data problem is the same evidence, last changed first."""
    asked, row = values(pin), tables.pins.c
    alike = [row[name] == asked[name] for name in ("method", "selection", "data_version", "options")]
    query = _there(tables.issues).join(tables.pins, row.id == tables.issues.c.origin)
    query = query.where(*alike, tables.issues.c.state != IssueState.CLOSED, _of_groups(user)).order_by(
        tables.issues.c.updated_at.desc()
    )
    stored = (_issue(line) for line in connection.execute(query).mappings())
    return (issue for issue in stored if rules.may_see_issue(user, issue))


def pin(connection: Connection, id: str, *, lock: bool = False) -> Pin:
    return _pin(_row(connection, tables.pins, id, "workshop.missing.pin", lock=lock))


def plan(connection: Connection, id: str, *, lock: bool = False) -> Plan:
    return _plan(_row(connection, tables.plans, id, "workshop.missing.plan", lock=lock))


def why(connection: Connection, id: str) -> Why:
    return _why(_row(connection, tables.whys, id, "workshop.missing.why"))


def piece(connection: Connection, id: str) -> Evidence:
    return _evidence(_row(connection, tables.evidence, id, "workshop.missing.evidence"))


def pins(connection: Connection, issue_id: Asked) -> list[Pin]:
    """The pins of one issue, some, or all; oldest first, as are `whys` and `evidence`."""
    return [_pin(row) for row in connection.execute(_oldest_first(tables.pins, issue_id)).mappings()]


def whys(connection: Connection, issue_id: Asked) -> list[Why]:
    return [_why(row) for row in connection.execute(_oldest_first(tables.whys, issue_id)).mappings()]


def evidence(connection: Connection, issue_id: Asked) -> list[Evidence]:
    return [_evidence(row) for row in connection.execute(_oldest_first(tables.evidence, issue_id)).mappings()]


def looks(connection: Connection, issue_id: Asked) -> list[Look]:
    """Oldest first, as are `rulings` and `comments`; those of several issues come without their pictures."""
    query = _oldest_first(tables.looks, issue_id)
    if not isinstance(issue_id, str):
        query = query.with_only_columns(*(column for column in tables.looks.c if column.name not in PICTURE))
    return [_look(row) for row in connection.execute(query).mappings()]


def rulings(connection: Connection, issue_id: Asked) -> list[Ruling]:
    return [_ruling(row) for row in connection.execute(_oldest_first(tables.rulings, issue_id)).mappings()]


def comments(connection: Connection, issue_id: Asked) -> list[Comment]:
    return [_comment(row) for row in connection.execute(_oldest_first(tables.comments, issue_id)).mappings()]


def ruling(connection: Connection, id: str) -> Ruling:
    return _ruling(_row(connection, tables.rulings, id, "workshop.missing.ruling"))


def comment(connection: Connection, id: str) -> Comment:
    return _comment(_row(connection, tables.comments, id, "workshop.missing.comment"))


def same_look(connection: Connection, look: Look) -> Look | None:
    """The look at a plan that asked the same of the same data, where there is one."""
    asked, row = values(look), tables.looks.c
    names = ("issue_id", "plan_id", "dataset", "data_version", "method", "selection", "options")
    query = select(tables.looks).where(*(row[name] == asked[name] for name in names)).order_by(row.planned.desc())
    line = connection.execute(query.limit(1)).mappings().one_or_none()
    return _look(line) if line else None


def next_of(connection: Connection, plan_id: str) -> list[tuple[Plan, bool]]:
    """The plans of the cycle after a plan, oldest first, each with whether it is still there."""
    query = select(tables.plans, is_there(tables.plans).label("there")).where(tables.plans.c.cycle_of == plan_id)
    lines = connection.execute(query.order_by(tables.plans.c.created_at)).mappings()
    return [(_plan({k: v for k, v in line.items() if k != "there"}), bool(line["there"])) for line in lines]


def plans(connection: Connection, issue_id: Asked) -> list[Plan]:
    """The plans of one issue, some, or all; due first comes first, undated last."""
    query = _there(tables.plans).order_by(tables.plans.c.due.nulls_last(), tables.plans.c.created_at)
    return [_plan(row) for row in connection.execute(_asked_of(query, tables.plans, issue_id)).mappings()]


def pin_count(connection: Connection, issue_id: str) -> int:
    query = select(func.count()).select_from(tables.pins).where(tables.pins.c.issue_id == issue_id)
    query = query.where(is_there(tables.pins))
    return connection.execute(query).scalar_one()


def values(record: Stored) -> dict[str, Any]:
    """The record as a row; `asdict` would take the filters of a path apart."""
    row = {f.name: getattr(record, f.name) for f in fields(record)}
    if isinstance(record, Pin | Look):
        row["selection"] = selection_to_json(record.selection)
        row["statements"] = [[s.key, dict(s.values)] for s in record.statements]
    return row


def is_there(table: Table) -> ColumnElement[bool]:
    """Whether a record was not taken away."""
    return table.c.id.not_in(select(tables.removed.c.id))


def removed(connection: Connection, issue_id: str) -> list[Removed]:
    """What was taken away of an issue by itself, the last first."""
    return _removed(connection, tables.removed.c.issue_id == issue_id, tables.removed.c.kind != "issue")


def removed_issues(connection: Connection, user: User) -> list[Removed]:
    """The issues that were taken away, as far as they may be for the user to see; the last first."""
    own = select(tables.issues.c.id).where(_of_groups(user))
    return _removed(connection, tables.removed.c.kind == "issue", tables.removed.c.issue_id.in_(own))


def _removed(connection: Connection, *asked: ColumnElement[bool]) -> list[Removed]:
    row = tables.removed.c
    query = select(tables.removed).where(row.along == "", *asked).order_by(row.removed_at.desc(), row.id)
    return [Removed(**line) for line in connection.execute(query).mappings()]


def removed_record(connection: Connection, id: str) -> Removed:
    """Raises BadInput for one that was not taken away, or is back already."""
    line = connection.execute(select(tables.removed).where(tables.removed.c.id == id)).mappings().one_or_none()
    if line is None:
        raise BadInput("workshop.missing.removed")
    return Removed(**line)


def as_it_was(connection: Connection, gone: Removed) -> Issue | Plan | Why | Pin | Evidence | Comment:
    """The record that was taken away."""
    table, made = _KINDS[gone.kind]
    record: Issue | Plan | Why | Pin | Evidence | Comment = made(
        connection.execute(select(table).where(table.c.id == gone.id)).mappings().one()
    )
    return record


def any_issue(connection: Connection, id: str, *, lock: bool = False) -> Issue:
    """An issue whoever asks, one that was taken away too."""
    query = select(tables.issues).where(tables.issues.c.id == id)
    return _issue(connection.execute(query.with_for_update() if lock else query).mappings().one())


def _there(table: Table) -> Select[Any]:
    return select(table).where(is_there(table))


def _row(connection: Connection, table: Table, id: str, missing: str, *, lock: bool = False) -> RowMapping:
    query = _there(table).where(table.c.id == id)
    # PostgreSQL: one writer an issue at a time, so that a rule cannot be broken between check and write.
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise BadInput(missing)
    return row


def asked_for(user: User, seen: Collection[str]) -> Asked:
    """The issues whose parts are read for a user who sees these: all, where the user may see every group's."""
    return None if sees_every_group(user) else seen


def _of_groups(user: User) -> ColumnElement[bool]:
    """Only the issues of the user's groups are read at all, however many others there are."""
    row = tables.issues.c
    return true() if sees_every_group(user) else or_(row.group.in_(user.groups), row.created_by_id == user.id)


def _oldest_first(table: Table, issue_id: Asked) -> Select[Any]:
    return _asked_of(_there(table).order_by(table.c.created_at, table.c.id), table, issue_id)


def _asked_of(query: Select[Any], table: Table, issue_id: Asked) -> Select[Any]:
    if issue_id is None:
        return query
    return query.where(table.c.issue_id.in_([issue_id] if isinstance(issue_id, str) else issue_id))


def _issue(row: Mapping[Any, Any]) -> Issue:
    return Issue(**typed(Issue, row))


def _plan(row: Mapping[Any, Any]) -> Plan:
    return Plan(**typed(Plan, row))


def _why(row: Mapping[Any, Any]) -> Why:
    return Why(**typed(Why, row))


def _evidence(row: Mapping[Any, Any]) -> Evidence:
    return Evidence(**typed(Evidence, row))


def _pin(row: Mapping[Any, Any]) -> Pin:
    return Pin(**{**row, **_asked(row)})


def _look(row: Mapping[Any, Any]) -> Look:
    return Look(**typed(Look, {**row, **_asked(row)}))


def _asked(row: Mapping[Any, Any]) -> dict[str, Any]:
    statements = tuple(Statement(key, values) for key, values in row["statements"])
    return {"selection": selection_from_json(row["selection"]), "statements": statements}


def _ruling(row: Mapping[Any, Any]) -> Ruling:
    return Ruling(**typed(Ruling, row))


def _comment(row: Mapping[Any, Any]) -> Comment:
    return Comment(**typed(Comment, row))


_KINDS: Mapping[str, tuple[Table, Callable[[Mapping[Any, Any]], Any]]] = {
    "issue": (tables.issues, _issue),
    "plan": (tables.plans, _plan),
    "why": (tables.whys, _why),
    "pin": (tables.pins, _pin),
    "evidence": (tables.evidence, _evidence),
    "comment": (tables.comments, _comment),
}

"""Who did what, when? Written in the transaction of the deed itself; there is no way here to change or delete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from data_access.access import User, may_see_rows
from data_access.selection import Selection
from data_access.workshop import tables
from data_access.workshop.codec import selection_from_json, selection_to_json
from data_access.workshop.records import (
    KEPT_BY_THE_STORE,
    AuditEntry,
    Conflict,
    Issue,
    Pin,
    Plan,
    Record,
    Why,
    editable,
    name_of,
)
from data_access.workshop.tracing import Evidence

KINDS = {Issue: "issue", Plan: "plan", Why: "why"}


def created(connection: Connection, user: User, record: Record) -> None:
    _append(connection, user, "created", record, None, editable(record))


def saved(connection: Connection, user: User, before: Record, after: Record) -> None:
    """A change of fields; a step from state to state gets an action of its own."""
    then, now = editable(before), editable(after)
    changed = [name for name in then if then[name] != now[name]]
    action = "moved" if "state" in changed else "saved"
    _append(connection, user, action, after, {n: then[n] for n in changed}, {n: now[n] for n in changed})


def removed(connection: Connection, user: User, record: Record) -> None:
    _append(connection, user, "removed", record, editable(record), None)


def refused(connection: Connection, user: User, conflict: Conflict) -> None:
    """What somebody wanted to save and could not is kept too: a closed browser must not lose it."""
    theirs = {d.field: d.theirs for d in conflict.differences}
    mine = {d.field: d.mine for d in conflict.differences}
    _append(connection, user, "conflict", conflict.theirs, theirs, mine)


def pinned(connection: Connection, user: User, pin: Pin, issue: Issue) -> None:
    _append_pin(connection, user, "pinned", pin, issue, None, pin_content(pin))


def unpinned(connection: Connection, user: User, pin: Pin, issue: Issue) -> None:
    _append_pin(connection, user, "unpinned", pin, issue, pin_content(pin), None)


def evidence_added(connection: Connection, user: User, evidence: Evidence, subject: str, reach: Selection) -> None:
    """`subject` is what it speaks for or against, `reach` the data one must be allowed to see to read of it."""
    content = evidence_content(evidence, reach)
    _write(connection, user, "added", "evidence", (evidence.id, subject, evidence.issue_id), None, content)


def evidence_removed(connection: Connection, user: User, evidence: Evidence, subject: str, reach: Selection) -> None:
    content = evidence_content(evidence, reach)
    _write(connection, user, "removed", "evidence", (evidence.id, subject, evidence.issue_id), content, None)


def entries(connection: Connection, subject_id: str) -> list[AuditEntry]:
    """Everything about a record; for an issue also about all that hangs on it. Newest first."""
    row = tables.audit.c
    query = select(tables.audit).where(or_(row.subject_id == subject_id, row.issue_id == subject_id))
    found = connection.execute(query.order_by(row.number.desc())).mappings()
    return [AuditEntry(**entry) for entry in found]


def may_see(user: User, entry: AuditEntry) -> bool:
    """Numbers and contacts in the history are for those who might have seen them then."""
    content = entry.after or entry.before or {}
    of_data = entry.kind == "evidence" and any(content[name] for name in ("pin_id", "contacts", "statistics"))
    if entry.kind != "pin" and not of_data:
        return True
    within = user.scope.covers(selection_from_json(content["selection"]))
    return within and (may_see_rows(user) or not content.get("contacts"))


def pin_content(pin: Pin) -> dict[str, Any]:
    return {
        "method": pin.method,
        "selection": selection_to_json(pin.selection),
        "data_version": pin.data_version,
        "options": pin.options,
        "statements": [[s.key, dict(s.values)] for s in pin.statements],
        "statistics": pin.statistics,
        "rows": pin.rows,
        "link": pin.link,
        "sql": pin.sql,
    }


def evidence_content(evidence: Evidence, reach: Selection) -> dict[str, Any]:
    names = (f.name for f in fields(evidence))
    content = {name: getattr(evidence, name) for name in names if name not in KEPT_BY_THE_STORE}
    return content | {"selection": selection_to_json(reach)}


def _append(
    connection: Connection,
    user: User,
    action: str,
    record: Record,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    issue_id = record.id if isinstance(record, Issue) else record.issue_id
    _write(connection, user, action, KINDS[type(record)], (record.id, name_of(record), issue_id), before, after)


def _append_pin(
    connection: Connection,
    user: User,
    action: str,
    pin: Pin,
    issue: Issue,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    _write(connection, user, action, "pin", (pin.id, issue.title, issue.id), before, after)


def _write(
    connection: Connection,
    user: User,
    action: str,
    kind: str,
    subject: tuple[str, str, str],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    values = {
        "at": datetime.now(UTC),
        "who": user.name,
        "who_id": user.id,
        "action": action,
        "kind": kind,
        **dict(zip(("subject_id", "subject", "issue_id"), subject, strict=True)),
        "before": before,
        "after": after,
    }
    connection.execute(insert(tables.audit), values)

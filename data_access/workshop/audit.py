"""Who did what, when? Written in the transaction of the deed itself; there is no way here to change or delete it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
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
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """What an entry is about: a kind of record, its id and name, and the issue it belongs to."""

    kind: str
    subject_id: str
    subject: str
    issue_id: str


def created(connection: Connection, user: User, record: Record) -> None:
    _append(connection, user, record, action="created", after=editable(record))


def saved(connection: Connection, user: User, stored: Record, record: Record) -> None:
    """A change of fields; a step from state to state gets an action of its own."""
    then, now = editable(stored), editable(record)
    changed = [name for name in then if then[name] != now[name]]
    action = "moved" if "state" in changed else "saved"
    before, after = ({name: content[name] for name in changed} for content in (then, now))
    _append(connection, user, record, action=action, before=before, after=after)


def removed(connection: Connection, user: User, record: Record) -> None:
    _append(connection, user, record, action="removed", before=editable(record))


def refused(connection: Connection, user: User, conflict: Conflict) -> None:
    """What somebody wanted to save and could not is kept too: a closed browser must not lose it."""
    theirs = {d.field: d.theirs for d in conflict.differences}
    mine = {d.field: d.mine for d in conflict.differences}
    _append(connection, user, conflict.theirs, action="conflict", before=theirs, after=mine)


def pinned(connection: Connection, user: User, pin: Pin, issue: Issue) -> None:
    about = Subject("pin", pin.id, issue.title, issue.id)
    _write(connection, user, about, action="pinned", after=pin_content(pin))


def unpinned(connection: Connection, user: User, pin: Pin, issue: Issue) -> None:
    about = Subject("pin", pin.id, issue.title, issue.id)
    _write(connection, user, about, action="unpinned", before=pin_content(pin))


def evidence_added(connection: Connection, user: User, evidence: Evidence, subject: str, reach: Selection) -> None:
    """`subject` is what it speaks for or against, `reach` the data one must be allowed to see to read of it."""
    about = Subject("evidence", evidence.id, subject, evidence.issue_id)
    _write(connection, user, about, action="added", after=evidence_content(evidence, reach))


def evidence_removed(connection: Connection, user: User, evidence: Evidence, subject: str, reach: Selection) -> None:
    about = Subject("evidence", evidence.id, subject, evidence.issue_id)
    _write(connection, user, about, action="removed", before=evidence_content(evidence, reach))


def entries(connection: Connection, subject_id: str) -> list[AuditEntry]:
    """Everything about a record; for an issue also about all that hangs on it. Newest first."""
    row = tables.audit.c
    query = select(tables.audit).where(or_(row.subject_id == subject_id, row.issue_id == subject_id))
    return [AuditEntry(**entry) for entry in connection.execute(query.order_by(row.number.desc())).mappings()]


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
    record: Record,
    *,
    action: str,
    before: Content | None = None,
    after: Content | None = None,
) -> None:
    issue_id = record.id if isinstance(record, Issue) else record.issue_id
    about = Subject(KINDS[type(record)], record.id, name_of(record), issue_id)
    _write(connection, user, about, action=action, before=before, after=after)


def _write(
    connection: Connection,
    user: User,
    about: Subject,
    *,
    action: str,
    before: Content | None = None,
    after: Content | None = None,
) -> None:
    signed = {"at": datetime.now(UTC), "who": user.name, "who_id": user.id}
    content = {"action": action, "before": before, "after": after}
    connection.execute(insert(tables.audit), signed | asdict(about) | content)

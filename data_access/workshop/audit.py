"""Who did what, when? Written in the transaction of the deed itself; there is no way here to change or delete it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from data_access.access import User, may_see_rows
from data_access.selection import Filter
from data_access.workshop import sight, tables
from data_access.workshop.bundle import Bundle
from data_access.workshop.changes import KEPT_BY_THE_STORE, AuditEntry, Conflict, Record, editable, name_of
from data_access.workshop.clock import moment
from data_access.workshop.codec import selection_from_json, selection_to_json
from data_access.workshop.records import Comment, Issue, Look, Pin, Plan, Ruling, Why
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
    _append(connection, user, record, action="created", after=editable(record), versions=[record])


def saved(connection: Connection, user: User, stored: Record, record: Record) -> None:
    """A change of fields; a step from state to state gets an action of its own."""
    then, now = editable(stored), editable(record)
    changed = [name for name in then if then[name] != now[name]]
    action = "moved" if "state" in changed else "saved"
    before, after = ({name: content[name] for name in changed} for content in (then, now))
    _append(connection, user, record, action=action, before=before, after=after, versions=[stored, record])


def removed(connection: Connection, user: User, record: Record) -> None:
    _append(connection, user, record, action="removed", before=editable(record), versions=[record])


def restored(connection: Connection, user: User, record: Record | Pin | Evidence | Comment, bundle: Bundle) -> None:
    if isinstance(record, Pin):
        about = Subject("pin", record.id, bundle.issue.title, bundle.issue.id)
        reach = sight.reach_of_part(bundle.issue, record.scope)
        _write(connection, user, about, action="restored", after=pin_content(record), reach=reach)
    elif isinstance(record, Comment):
        subject = bundle.subject_of_plan(record.plan_id)
        commented(connection, user, record, bundle.issue, subject, action="restored")
    elif isinstance(record, Evidence):
        _write_evidence(connection, user, record, bundle, action="restored", after=_evidence_content(record, bundle))
    else:
        _append(connection, user, record, action="restored", after=editable(record), versions=[record])


def refused(connection: Connection, user: User, conflict: Conflict) -> None:
    """What somebody wanted to save and could not is kept too: a closed browser must not lose it."""
    theirs = {d.field: d.theirs for d in conflict.differences}
    mine = {d.field: d.mine for d in conflict.differences}
    versions = [conflict.theirs, conflict.mine]
    _append(connection, user, conflict.theirs, action="conflict", before=theirs, after=mine, versions=versions)


def pinned(connection: Connection, user: User, pin: Pin, issue: Issue) -> None:
    about = Subject("pin", pin.id, issue.title, issue.id)
    reach = sight.reach_of_part(issue, pin.scope)
    _write(connection, user, about, action="pinned", after=pin_content(pin), reach=reach)


def unpinned(connection: Connection, user: User, pin: Pin, issue: Issue) -> None:
    about = Subject("pin", pin.id, issue.title, issue.id)
    reach = sight.reach_of_part(issue, pin.scope)
    _write(connection, user, about, action="unpinned", before=pin_content(pin), reach=reach)


def evidence_added(connection: Connection, user: User, evidence: Evidence, bundle: Bundle) -> None:
    _write_evidence(connection, user, evidence, bundle, action="added", after=_evidence_content(evidence, bundle))


def evidence_removed(connection: Connection, user: User, evidence: Evidence, bundle: Bundle) -> None:
    _write_evidence(connection, user, evidence, bundle, action="removed", before=_evidence_content(evidence, bundle))


def commented(
    connection: Connection, user: User, comment: Comment, issue: Issue, subject: str, *, action: str
) -> None:
    """`subject` is what a person calls the plan or the issue that the comment is about."""
    about = Subject("comment", comment.id, subject, comment.issue_id)
    content = {"plan_id": comment.plan_id, "kind": comment.kind, "text": comment.text}
    _write(connection, user, about, action=action, **_side(action, content), reach=sight.reach_of_part(issue))


def looked(connection: Connection, user: User, look: Look, plan: Plan, issue: Issue) -> None:
    about = Subject("look", look.id, plan.action, look.issue_id)
    reach = sight.reach_of_part(issue, look.scope)
    _write(connection, user, about, action="added", after=_look_content(look), reach=reach)


def ruled(connection: Connection, user: User, ruling: Ruling, plan: Plan, issue: Issue, *, action: str) -> None:
    about = Subject("ruling", ruling.id, plan.action, ruling.issue_id)
    content = {"plan_id": ruling.plan_id, "verdict": ruling.verdict, "reason": ruling.reason, "second": ruling.second}
    _write(connection, user, about, action=action, **_side(action, content), reach=sight.reach_of_part(issue))


def reopened(connection: Connection, user: User, plan: Plan, why: Content) -> None:
    """The program began the next cycle of a plan; `why` says for what."""
    reach = sight.reach_of(plan)
    reach["fields"] += ["why"]
    about = Subject("plan", plan.id, plan.action, plan.issue_id)
    _write(connection, user, about, action="reopened", after=editable(plan) | {"why": why}, reach=reach)


def happened(
    connection: Connection,
    user: User,
    about: Subject,
    *,
    action: str,
    scope: tuple[Filter, ...] | None = None,
    **content: Content | None,
) -> None:
    """Something in a class, of which nothing was found in data, or with a scope of monitoring: all that it says is
    then for those who may see as much. `content` is `before`, `after` or both."""
    found = sorted({name for side in content.values() for name in side or ()})
    reach = {"fields": [], "scopes": []} if scope is None else {"fields": found, "scopes": [scope]}
    _write(connection, user, about, action=action, **content, reach=reach)


def plan_changes(connection: Connection, issue_id: str | Collection[str] | None) -> list[AuditEntry]:
    """What was changed of plans, oldest first: of one issue, some, or all."""
    row = tables.audit.c
    query = select(tables.audit).where(row.kind == "plan", row.action.in_(("saved", "moved"))).order_by(row.number)
    ids = [issue_id] if isinstance(issue_id, str) else issue_id
    asked = query if ids is None else query.where(row.issue_id.in_(ids))
    return [AuditEntry(**entry) for entry in connection.execute(asked).mappings()]


def entries(connection: Connection, subject_id: str) -> list[AuditEntry]:
    """Everything about a record; for an issue also about all that hangs on it. Newest first."""
    row = tables.audit.c
    query = select(tables.audit).where(or_(row.subject_id == subject_id, row.issue_id == subject_id))
    return [AuditEntry(**entry) for entry in connection.execute(query.order_by(row.number.desc())).mappings()]


def class_entries(connection: Connection, class_id: str) -> list[AuditEntry]:
    """What happened to a class as a whole, newest first."""
    row = tables.audit.c
    query = select(tables.audit).where(row.subject_id == class_id, row.kind == "class").order_by(row.number.desc())
    return [AuditEntry(**entry) for entry in connection.execute(query).mappings()]


def last_change(connection: Connection, id: str) -> AuditEntry | None:
    """The newest entry that says how a record became what it is, where that was a change."""
    row = tables.audit.c
    query = select(tables.audit).where(row.subject_id == id, row.action != "conflict").order_by(row.number.desc())
    newest = connection.execute(query.limit(1)).mappings().one_or_none()
    return AuditEntry(**newest) if newest and newest["action"] in ("saved", "moved") else None


def may_see(user: User, entry: AuditEntry) -> bool:
    """Numbers and contacts in the history are for those who might have seen them then."""
    content = entry.after or entry.before or {}
    if entry.kind == "look":
        return all(user.scope.covers(selection_from_json(asked)) for asked in content["asked"])
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


def _look_content(look: Look) -> dict[str, Any]:
    """What was answered and asked; `asked` is the data one must be allowed to see to read of it."""
    names = ("plan_id", "dataset", "data_version", "method", "options", "verdict", "planned", "statistics")
    asked = [selection_to_json(selection) for selection in sight.asked_of(look)]
    return {name: getattr(look, name) for name in names} | {"asked": asked}


def _side(action: str, content: Content) -> dict[str, Content]:
    """What went away is what was there before."""
    return {"before" if action in ("removed", "withdrawn") else "after": content}


def _evidence_content(evidence: Evidence, bundle: Bundle) -> dict[str, Any]:
    """All of it, and as `selection` the data one must be allowed to see to read of it."""
    names = (f.name for f in fields(evidence))
    content = {name: getattr(evidence, name) for name in names if name not in KEPT_BY_THE_STORE}
    return content | {"selection": selection_to_json(bundle.reach(evidence))}


def _write_evidence(
    connection: Connection, user: User, evidence: Evidence, bundle: Bundle, *, action: str, **content: Content
) -> None:
    about = Subject("evidence", evidence.id, bundle.subject(evidence), evidence.issue_id)
    _write(connection, user, about, action=action, **content, reach=sight.reach_of_part(bundle.issue))


def _append(
    connection: Connection,
    user: User,
    record: Record,
    *,
    action: str,
    before: Content | None = None,
    after: Content | None = None,
    versions: Sequence[Record],
) -> None:
    issue_id = record.id if isinstance(record, Issue) else record.issue_id
    about = Subject(KINDS[type(record)], record.id, name_of(record), issue_id)
    reach = sight.reach_of(*versions)
    _write(connection, user, about, action=action, before=before, after=after, reach=reach)


def _write(
    connection: Connection,
    user: User,
    about: Subject,
    *,
    action: str,
    before: Content | None = None,
    after: Content | None = None,
    reach: Content,
) -> None:
    signed = {"at": moment(), "who": user.name, "who_id": user.id}
    content = {"action": action, "before": before, "after": after, "reach": reach}
    connection.execute(insert(tables.audit), signed | asdict(about) | content)

"""What of a record does a reader see? What was found carries the scope of its data; what a person typed is for all.

Whoever may not see what an issue found sees its records with what was asked, and keeps the rest as it is when saving.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from data_access.access import NotAllowed, User
from data_access.selection import Filter, Selection
from data_access.workshop.changes import AuditEntry, Conflict, Record, editable
from data_access.workshop.records import Issue, Look, Pin, Plan, Why
from data_access.workshop.tracing import Evidence

Changed = TypeVar("Changed", Issue, Plan, Why)
FOUND: Mapping[type[Record], Mapping[str, Any]] = {
    Issue: {"path": (), "branches": (), "data_version": ""},
    Plan: {"expected_lift": None, "segment": (), "unit": "", "treated": (), "control": (), "starts": ()},
    Why: {},
}
PIN_FOUND: Mapping[str, Any] = {"data_version": "", "sql": ()}
UNITS = ("unit", "treated", "control", "starts")
TRACED = ("origin", "path", "branches")
# of entries written before they said of which data they speak
OF_OLD: Mapping[str, Any] = {
    "fields": (
        "title",
        "subject",
        "path",
        "branches",
        "data_version",
        "expected_lift",
        "selection",
        "sql",
        "link",
        "options",
    ),
    "scopes": ((),),
}
VERSION_OF_LINK = re.compile(r"(?<=[?&])v=[^&#]*&?")


def sees(user: User, scope: tuple[Filter, ...]) -> bool:
    """Whether the user may see all of the data that somebody of this scope sees."""
    return user.scope.covers(Selection(filters=scope))


def seen(user: User, record: Changed) -> Changed:
    """The record without what was found in data that the user may not see."""
    if isinstance(record, Why) or sees(user, record.scope):
        return record
    bare = named(user, record) if isinstance(record, Issue) else record
    return replace(bare, scope=_within(user, record.scope), **FOUND[type(record)])


def named(user: User, issue: Issue) -> Issue:
    """The issue; a title that may be made of what was found beyond the user's scope says only what was asked."""
    return replace(issue, title=issue.asked) if issue.asked and not sees(user, issue.scope) else issue


def seen_pin(user: User, pin: Pin) -> Pin:
    """A pin whose numbers the user may see, without what tells of its author's other data."""
    if sees(user, pin.scope):
        return pin
    return replace(pin, scope=_within(user, pin.scope), link=VERSION_OF_LINK.sub("", pin.link), **PIN_FOUND)


def may_see_look(user: User, look: Look) -> bool:
    """A look holds numbers of the treated and of those they are compared with."""
    return all(user.scope.covers(asked) for asked in asked_of(look))


def asked_of(look: Look) -> list[Selection]:
    """The parts of the data that a look speaks of: what was treated and, where there is one, the control."""
    control: tuple[Filter, ...] = tuple(look.options.get("control", ()))
    replaced = {part.dimension for part in control}
    rest = tuple(part for part in look.selection.filters if part.dimension not in replaced)
    return [look.selection, *([replace(look.selection, filters=(*rest, *control))] if control else [])]


def seen_look(user: User, look: Look) -> Look:
    if sees(user, look.scope):
        return look
    return replace(look, scope=_within(user, look.scope), data_version="")


def seen_evidence(user: User, piece: Evidence, issue: Issue) -> Evidence:
    return piece if sees(user, issue.scope) else replace(piece, data_version="")


def seen_entry(user: User, entry: AuditEntry, title: str) -> AuditEntry:
    """An entry of the history; `title` is what the user knows its issue by."""
    reach = OF_OLD if entry.reach is None else entry.reach
    if all(sees(user, tuple(scope)) for scope in reach["scopes"]):
        return replace(entry, reach=None)
    before, after = (_without(content, reach["fields"]) for content in (entry.before, entry.after))
    content = entry.after or entry.before or {}
    part_of = {"evidence": "why_id", "comment": "plan_id"}.get(entry.kind)
    of_issue = entry.kind in ("issue", "pin") or bool(part_of and not content.get(part_of))
    subject = title if "subject" in reach["fields"] and of_issue else entry.subject
    return replace(entry, before=before, after=after, subject=subject, reach=None)


def may_undo(user: User, entry: AuditEntry) -> bool:
    """Whether a change can be taken back: only seeing all that was found, and never to a title that tells of it."""
    reach = OF_OLD if entry.reach is None else entry.reach
    found = set(reach["fields"]) & set(entry.before or {})
    return "title" not in found and (not found or all(sees(user, tuple(scope)) for scope in reach["scopes"]))


def seen_conflict(user: User, conflict: Conflict) -> Conflict:
    theirs, mine = conflict.theirs, conflict.mine
    shown = [seen(user, record) for record in (theirs, replace(mine, **_marks(theirs)))]  # type: ignore[type-var]
    return Conflict(*shown)


def kept(user: User, stored: Changed, mine: Changed) -> Changed:
    """What the user saves, with what is hidden from them as it stands. Raises NotAllowed for a new path."""
    shown = seen(user, stored)
    if isinstance(stored, Issue) and isinstance(shown, Issue) and (stored.origin or stored.path):
        hidden = not sees(user, stored.scope)
        if hidden and any(getattr(mine, name) != getattr(shown, name) for name in TRACED):
            raise NotAllowed("access.may_not.beyond_scope")
    then, now, given = editable(stored), editable(shown), editable(mine)
    kept_names = [name for name in then if then[name] != now[name] == given[name]]
    if any(now.get(name) != given.get(name) for name in UNITS):  # who names units names them all
        kept_names = [name for name in kept_names if name not in UNITS]
    return replace(mine, **{name: then[name] for name in kept_names})


def marked(user: User, stored: Changed | None, mine: Changed, pins: Mapping[str, Pin] | None = None) -> Changed:
    """The record with the scope of what it found: of the pin it starts from, else of who wrote it."""
    if isinstance(mine, Why):
        return mine
    if stored is None:
        return replace(mine, scope=user.scope.filters)
    marks = _marks(stored)
    if isinstance(mine, Plan) and any(getattr(mine, name) != getattr(stored, name) for name in FOUND[Plan]):
        marks["scope"] = user.scope.filters
    if isinstance(mine, Issue) and isinstance(stored, Issue):
        if mine.origin != stored.origin and mine.origin in (pins or {}):
            marks["scope"] = (pins or {})[mine.origin].scope
        if mine.title != stored.title:
            marks["asked"] = ""
    return replace(mine, **marks)


def reach_of(*records: Record) -> dict[str, Any]:
    """What of an entry about these versions of a record was found in data, and in which."""
    fields = list(FOUND[type(records[0])])
    if any(isinstance(record, Issue) and record.asked for record in records):
        fields += ["title", "subject"]
    scopes = [record.scope for record in records if not isinstance(record, Why)]
    return {"fields": fields, "scopes": scopes}


def reach_of_part(issue: Issue, *scopes: tuple[Filter, ...]) -> dict[str, Any]:
    """The same of a pin or a piece of evidence of an issue."""
    fields = ["selection", "data_version", "sql", "link", *(["subject"] if issue.asked else [])]
    return {"fields": fields, "scopes": [*scopes, issue.scope]}


def _marks(record: Record) -> dict[str, Any]:
    marks = ("scope", "asked") if isinstance(record, Issue) else ("scope",) if isinstance(record, Plan) else ()
    return {name: getattr(record, name) for name in marks}


def _within(user: User, scope: tuple[Filter, ...]) -> tuple[Filter, ...]:
    return Selection(filters=scope).within(user.scope.filters).filters


def _without(content: Mapping[str, Any] | None, names: tuple[str, ...]) -> Mapping[str, Any] | None:
    return content and {name: value for name, value in content.items() if name not in names}

"""How is a record written? A new one is signed and dated; a change goes over exactly the version that was read."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, update

from data_access.access import User
from data_access.workshop import audit, rows, sight, tables
from data_access.workshop.changes import Conflict, editable
from data_access.workshop.clock import moment
from data_access.workshop.records import Issue, Made, Plan, Why

Record = TypeVar("Record", Issue, Plan, Why)
TABLES = {Issue: tables.issues, Plan: tables.plans, Why: tables.whys}


def add(connection: Connection, user: User, record: Record) -> Record:
    signed = put(connection, user, sight.marked(user, None, record))
    audit.created(connection, user, signed)
    return signed


def put(connection: Connection, user: User, record: Record) -> Record:
    """A new record signed and dated, its scope as it is; who calls says in the history how it came to be."""
    stamps = stamp("created", user) | stamp("updated", user)
    if isinstance(record, Plan):
        stamps["state_since"] = stamps["created_at"]
    signed = replace(record, version=1, created_by_id=user.id, **stamps)
    connection.execute(insert(TABLES[type(record)]), rows.values(signed))
    return signed


def save(connection: Connection, user: User, stored: Record, mine: Record) -> Record | Conflict:
    """Write over exactly the version that was read. A conflict is answered, not raised: its audit entry must stay."""
    if editable(stored) == editable(mine):
        return stored
    table = TABLES[type(mine)]
    made = {f.name: getattr(stored, f.name) for f in fields(Made)}
    made |= _since(stored, mine)
    after = replace(mine, **made, version=mine.version + 1, **stamp("updated", user))
    at_my_version = update(table).where(table.c.id == mine.id, table.c.version == mine.version)
    if connection.execute(at_my_version.values(rows.values(after))).rowcount == 1:
        audit.saved(connection, user, stored, after)
        return after
    conflict = Conflict(stored, mine)
    audit.refused(connection, user, conflict)
    return conflict


def _since(stored: Record, after: Record) -> dict[str, Any]:
    """The moment since which a plan is in its state."""
    if not (isinstance(stored, Plan) and isinstance(after, Plan)):
        return {}
    return {"state_since": stored.state_since if stored.state is after.state else moment()}


def settled(user: User, outcome: Record | Conflict) -> Record:
    if isinstance(outcome, Conflict):
        raise sight.seen_conflict(user, outcome)
    return sight.seen(user, outcome)


def stamp(word: str, user: User) -> dict[str, Any]:
    return {f"{word}_by": user.name, f"{word}_at": moment()}

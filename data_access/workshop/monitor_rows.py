"""How do records of monitoring and of meetings come out of the tables and go into them? Whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, insert, select

from data_access.access import User
from data_access.workshop import audit
from data_access.workshop import monitor_tables as tables
from data_access.workshop.changes import typed
from data_access.workshop.codec import canonical, selection_from_json, selection_to_json
from data_access.workshop.meeting_records import Meeting, MeetingAction, MeetingNote, MeetingSlide
from data_access.workshop.monitor_records import (
    LevelCorrection,
    Rebase,
    RecoveryCase,
    RecoveryRound,
    SignalFeedback,
    WatchBaseline,
)
from data_access.workshop.records import Made, Versioned
from data_access.workshop.writing import stamp

Kept = TypeVar("Kept", bound=Made)
TABLES: Mapping[type[Made], Table] = {
    SignalFeedback: tables.feedback,
    WatchBaseline: tables.baselines,
    Rebase: tables.rebases,
    RecoveryRound: tables.recovery_rounds,
    RecoveryCase: tables.recovery_cases,
    LevelCorrection: tables.level_corrections,
    Meeting: tables.meetings,
    MeetingSlide: tables.slides,
    MeetingNote: tables.notes,
    MeetingAction: tables.actions,
}
WRITTEN_AS: Mapping[str, tuple[Any, Any]] = {  # into the column, and out of it
    "selection": (selection_to_json, selection_from_json),
    "seed": (str, int),
}


def found(connection: Connection, kind: type[Kept], *asked: ColumnElement[bool]) -> list[Kept]:
    """The records of a kind, oldest first."""
    table = TABLES[kind]
    query = select(table).where(*asked).order_by(table.c.created_at, table.c.id)
    return [_read(kind, row) for row in connection.execute(query).mappings()]


def one(connection: Connection, kind: type[Kept], *asked: ColumnElement[bool], lock: bool = False) -> Kept | None:
    """The one record of which that is true; with `lock` nobody else writes to it until the transaction ends."""
    query = select(TABLES[kind]).where(*asked)
    query = query.with_for_update(key_share=True) if lock else query
    row = connection.execute(query).mappings().one_or_none()
    return _read(kind, row) if row else None


def signed(user: User, record: Kept) -> Kept:
    """The record with who makes it and when, and what that person may see of the data."""
    stamps: dict[str, Any] = {**stamp("created", user), "created_by_id": user.id}
    if isinstance(record, Versioned):
        stamps |= {**stamp("updated", user), "version": 1}
    if hasattr(record, "scope"):
        stamps["scope"] = user.scope.filters
    if isinstance(record, Meeting | MeetingSlide):
        stamps["selection"] = canonical(record.selection)
    return replace(record, **stamps)


def put(connection: Connection, *records: Made) -> None:
    """Write new records of one kind, as they are."""
    if records:
        connection.execute(insert(TABLES[type(records[0])]), [_values(record) for record in records])


def tell(connection: Connection, user: User, about: audit.Subject, action: str, **content: Any) -> None:
    """Write into the history what happened; what it says of data is for those who may see as much as the user."""
    audit.happened(connection, user, about, action=action, scope=user.scope.filters, **content)


def _read(kind: type[Kept], row: Mapping[Any, Any]) -> Kept:
    read = {name: WRITTEN_AS[name][1](value) if name in WRITTEN_AS else value for name, value in row.items()}
    return kind(**typed(kind, read))


def _values(record: Made) -> dict[str, Any]:
    row = {field.name: getattr(record, field.name) for field in fields(record)}
    return {name: WRITTEN_AS[name][0](value) if name in WRITTEN_AS else value for name, value in row.items()}

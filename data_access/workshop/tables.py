"""How do the workshop's records lie in a database? The same tables on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from data_access.workshop.codec import from_json, to_json

VERSION_TABLE = "workshop_schema"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so both databases get UTC without one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Json(TypeDecorator[Any]):
    """Canonical JSON kept as text: the same bytes on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else from_json(value)


metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _json(name: str) -> Column[Any]:
    return Column(name, Json, nullable=False)


def _signed(word: str) -> list[Column[Any]]:
    return [_text(f"{word}_by"), Column(f"{word}_at", Moment, nullable=False)]


def _made() -> list[Column[Any]]:
    """What the store writes on every part of an issue."""
    return [Column("id", String(36), primary_key=True), _text("created_by_id"), *_signed("created")]


def _versioned() -> list[Column[Any]]:
    """And on those that can be changed."""
    return [*_made(), Column("version", Integer, nullable=False), *_signed("updated")]


def _class_id() -> Column[Any]:
    return Column("class_id", ForeignKey(classes.c.id), nullable=False, index=True)


def _issue_id() -> Column[Any]:
    return Column("issue_id", ForeignKey(issues.c.id), nullable=False, index=True)


store = Table("workshop_store", metadata, Column("id", String(32), primary_key=True))

issues = Table(
    "workshop_issue",
    metadata,
    *_versioned(),
    *map(_text, ("title", "notes", "state")),
    Column("group", Text, nullable=False, index=True),
    _text("data_version"),
    *map(_text, ("cause", "cause_type", "gap", "system", "power", "owner", "person")),
    *map(_text, ("basis", "basis_reason", "origin", "location_reason", "exception")),
    *map(_json, ("path", "branches", "scope")),
    _text("asked"),
)

plans = Table(
    "workshop_plan",
    metadata,
    *_versioned(),
    _issue_id(),
    *map(_text, ("action", "remedy", "action_type", "owner", "person")),
    Column("due", Date),
    _text("target_metric"),
    Column("target_value", Float),
    Column("expected_lift", Float),
    *map(_text, ("check_method", "state")),
    *map(_json, ("segment", "scope")),
    *map(_text, ("block", "template", "priority", "escalation", "blocker", "closing", "unit", "cycle_of")),
    *(Column(name, Float) for name in ("cost", "smallest")),
    *map(_json, ("milestones", "treated", "control", "starts", "guardrails")),
    *(Column(name, Json) for name in ("baseline", "noticed")),
    *(Column(name, Date) for name in ("start", "check_on")),
    Column("state_since", Moment),
)

pins = Table(
    "workshop_pin",
    metadata,
    *_made(),
    _issue_id(),
    *map(_text, ("method", "selection", "data_version")),
    *map(_json, ("options", "statements", "statistics", "rows", "sql", "scope")),
    _text("link"),
)

whys = Table(
    "workshop_why",
    metadata,
    *_versioned(),
    _issue_id(),
    *map(_text, ("statement", "parent_id", "level", "status", "confidence")),
)

evidence = Table(
    "workshop_evidence",
    metadata,
    *_made(),
    _issue_id(),
    *map(_text, ("why_id", "kind", "stance", "text", "pin_id", "dataset", "data_version", "metric", "rule_id")),
    Column("effective", Date),
    *map(_json, ("contacts", "statistics", "answers")),
)

looks = Table(
    "workshop_look",
    metadata,
    *_made(),
    _issue_id(),
    *map(_text, ("plan_id", "dataset", "data_version", "method", "selection", "verdict")),
    Column("planned", Boolean, nullable=False),
    *map(_json, ("options", "statistics", "rows", "parts", "statements", "scope")),
)

rulings = Table(
    "workshop_ruling",
    metadata,
    *_made(),
    _issue_id(),
    *map(_text, ("plan_id", "verdict", "reason", "second", "second_id", "withdrawn_by")),
    *(Column(name, Moment) for name in ("second_at", "withdrawn_at")),
)

comments = Table(
    "workshop_comment",
    metadata,
    *_made(),
    _issue_id(),
    *map(_text, ("plan_id", "kind", "text")),
)

audit = Table(
    "workshop_audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    *map(_text, ("who", "who_id", "action", "kind")),
    Column("subject_id", String(36), nullable=False, index=True),
    _text("subject"),
    Column("issue_id", String(36), nullable=False, index=True),  # no foreign key: it outlives what it names
    Column("before", Json),
    Column("after", Json),
    Column("reach", Json),
)

# what was taken away: it stays in its own table and is seen again once its line here is gone
removed = Table(
    "workshop_removed",
    metadata,
    Column("id", String(36), primary_key=True),
    _text("kind"),
    _issue_id(),
    Column("along", String(36), nullable=False),  # the record it went with, none where somebody took it alone
    *_signed("removed"),
    _text("removed_by_id"),
)

# what people are typing: nobody else reads it, and it needs no record yet
drafts = Table(
    "workshop_draft",
    metadata,
    Column("who_id", Text, primary_key=True),
    Column("subject_id", String(36), primary_key=True),
    Column("field", String(40), primary_key=True),
    _text("kind"),
    Column("issue_id", String(36), nullable=False),
    *map(_json, ("content", "before")),
    Column("at", Moment, nullable=False),
)

classes = Table(
    "workshop_class",
    metadata,
    *_versioned(),
    _text("title"),
    Column("code", String(6), nullable=False, unique=True),
    *map(_text, ("case", "key", "dataset", "data_version")),  # case and key as `training_file` writes them
    Column("stage", String(20)),
    _json("open"),
    Column("locks_at_end", Boolean, nullable=False),
    *(Column(name, Moment) for name in ("ends_at", "revealed_at", "ended_at")),
)

groups = Table(
    "workshop_group",
    metadata,
    *_versioned(),
    _class_id(),
    _text("name"),
    Column("key", Text, nullable=False, unique=True),
    _text("answer"),
    Column("bet", Float),
    *(Column(name, Moment) for name in ("bet_at", "submitted_at")),
    _text("submitted_by"),
)

members = Table(
    "workshop_member",
    metadata,
    *_made(),
    _class_id(),
    Column("user_id", Text, nullable=False, index=True),
    *map(_text, ("name", "group")),
    Column("last_seen", Moment),
    UniqueConstraint("class_id", "user_id"),
)

quiz_answers = Table(
    "workshop_quiz_answer",
    metadata,
    *_made(),
    _class_id(),
    *map(_text, ("user_id", "question", "level")),
)

hints = Table(
    "workshop_hint",
    metadata,
    *_made(),
    _class_id(),
    _text("group"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("class_id", "group", "number"),
)

marks = Table(
    "workshop_mark",
    metadata,
    *_versioned(),
    _class_id(),
    *map(_text, ("group", "criterion")),
    Column("points", Float, nullable=False),
    _text("comment"),
    UniqueConstraint("class_id", "group", "criterion"),
)

remarks = Table("workshop_remark", metadata, *_made(), _class_id(), *map(_text, ("group", "text")))

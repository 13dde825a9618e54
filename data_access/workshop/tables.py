"""How do the workshop's records lie in a database? The same tables on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from data_access.workshop.columns import Json, Moment, json, made, metadata, signed, text, versioned


def _class_id() -> Column[Any]:
    return Column("class_id", ForeignKey(classes.c.id), nullable=False, index=True)


def _issue_id() -> Column[Any]:
    return Column("issue_id", ForeignKey(issues.c.id), nullable=False, index=True)


store = Table("workshop_store", metadata, Column("id", String(32), primary_key=True))

issues = Table(
    "workshop_issue",
    metadata,
    *versioned(),
    *map(text, ("title", "notes", "state")),
    Column("group", Text, nullable=False, index=True),
    text("data_version"),
    *map(text, ("cause", "cause_type", "gap", "system", "power", "owner", "person")),
    *map(text, ("basis", "basis_reason", "origin", "location_reason", "exception")),
    *map(json, ("path", "branches", "scope")),
    text("asked"),
)

plans = Table(
    "workshop_plan",
    metadata,
    *versioned(),
    _issue_id(),
    *map(text, ("action", "remedy", "action_type", "owner", "person")),
    Column("due", Date),
    text("target_metric"),
    Column("target_value", Float),
    Column("expected_lift", Float),
    *map(text, ("check_method", "state")),
    *map(json, ("segment", "scope")),
    *map(text, ("block", "template", "priority", "escalation", "blocker", "closing", "unit", "cycle_of")),
    *(Column(name, Float) for name in ("cost", "smallest")),
    *map(json, ("milestones", "treated", "control", "starts", "guardrails")),
    *(Column(name, Json) for name in ("baseline", "noticed")),
    *(Column(name, Date) for name in ("start", "check_on")),
    Column("state_since", Moment),
)

pins = Table(
    "workshop_pin",
    metadata,
    *made(),
    _issue_id(),
    *map(text, ("method", "selection", "data_version")),
    *map(json, ("options", "statements", "statistics", "rows", "sql", "scope")),
    text("link"),
)

whys = Table(
    "workshop_why",
    metadata,
    *versioned(),
    _issue_id(),
    *map(text, ("statement", "parent_id", "level", "status", "confidence")),
)

evidence = Table(
    "workshop_evidence",
    metadata,
    *made(),
    _issue_id(),
    *map(text, ("why_id", "kind", "stance", "text", "pin_id", "dataset", "data_version", "metric", "rule_id")),
    Column("effective", Date),
    *map(json, ("contacts", "statistics", "answers")),
)

looks = Table(
    "workshop_look",
    metadata,
    *made(),
    _issue_id(),
    *map(text, ("plan_id", "dataset", "data_version", "method", "selection", "verdict")),
    Column("planned", Boolean, nullable=False),
    *map(json, ("options", "statistics", "rows", "parts", "statements", "scope")),
)

rulings = Table(
    "workshop_ruling",
    metadata,
    *made(),
    _issue_id(),
    *map(text, ("plan_id", "verdict", "reason", "second", "second_id", "withdrawn_by")),
    *(Column(name, Moment) for name in ("second_at", "withdrawn_at")),
)

comments = Table(
    "workshop_comment",
    metadata,
    *made(),
    _issue_id(),
    *map(text, ("plan_id", "kind", "text")),
)

audit = Table(
    "workshop_audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    *map(text, ("who", "who_id", "action", "kind")),
    Column("subject_id", String(36), nullable=False, index=True),
    text("subject"),
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
    text("kind"),
    _issue_id(),
    Column("along", String(36), nullable=False),  # the record it went with, none where somebody took it alone
    *signed("removed"),
    text("removed_by_id"),
)

# what people are typing: nobody else reads it, and it needs no record yet
drafts = Table(
    "workshop_draft",
    metadata,
    Column("who_id", Text, primary_key=True),
    Column("subject_id", String(36), primary_key=True),
    Column("field", String(40), primary_key=True),
    text("kind"),
    Column("issue_id", String(36), nullable=False),
    *map(json, ("content", "before")),
    Column("at", Moment, nullable=False),
)

classes = Table(
    "workshop_class",
    metadata,
    *versioned(),
    text("title"),
    Column("code", String(6), nullable=False, unique=True),
    *map(text, ("case", "key", "dataset", "data_version")),  # case and key as `training_file` writes them
    Column("stage", String(20)),
    json("open"),
    Column("locks_at_end", Boolean, nullable=False),
    *(Column(name, Moment) for name in ("ends_at", "revealed_at", "ended_at")),
)

groups = Table(
    "workshop_group",
    metadata,
    *versioned(),
    _class_id(),
    text("name"),
    Column("key", Text, nullable=False, unique=True),
    text("answer"),
    Column("bet", Float),
    *(Column(name, Moment) for name in ("bet_at", "submitted_at")),
    text("submitted_by"),
)

members = Table(
    "workshop_member",
    metadata,
    *made(),
    _class_id(),
    Column("user_id", Text, nullable=False, index=True),
    *map(text, ("name", "group")),
    Column("last_seen", Moment),
    UniqueConstraint("class_id", "user_id"),
)

quiz_answers = Table(
    "workshop_quiz_answer",
    metadata,
    *made(),
    _class_id(),
    *map(text, ("user_id", "question", "level")),
)

hints = Table(
    "workshop_hint",
    metadata,
    *made(),
    _class_id(),
    text("group"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("class_id", "group", "number"),
)

marks = Table(
    "workshop_mark",
    metadata,
    *versioned(),
    _class_id(),
    *map(text, ("group", "criterion")),
    Column("points", Float, nullable=False),
    text("comment"),
    UniqueConstraint("class_id", "group", "criterion"),
)

remarks = Table("workshop_remark", metadata, *made(), _class_id(), *map(text, ("group", "text")))

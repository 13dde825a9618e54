"""How do signals, recoveries and meetings lie in a database? Kept of a data set or of a meeting, not of an issue."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, Float, ForeignKey, Integer, String, Table, UniqueConstraint

from data_access.workshop.columns import Moment, Ordered, json, made, metadata, text, versioned

KEPT_BIG = ("options", "statements", "caveats", "statistics", "rows", "parts", "sql")


def _dataset() -> Column[Any]:
    return Column("dataset", String(200), nullable=False, index=True)


def _meeting_id() -> Column[Any]:
    return Column("meeting_id", ForeignKey(meetings.c.id), nullable=False, index=True)


feedback = Table(
    "workshop_signal_feedback",
    metadata,
    *made(),
    _dataset(),
    *map(text, ("metric", "direction", "judgement", "reason", "issue_id")),
    Column("since", Date, nullable=False),
    *map(json, ("segment", "scope")),
)

baselines = Table("workshop_watch_baseline", metadata, *made(), _dataset(), *map(json, ("period", "scope")))

rebases = Table(
    "workshop_rebase",
    metadata,
    *made(),
    _dataset(),
    *map(text, ("metric", "reason")),
    Column("at", Date, nullable=False),
    *map(json, ("segment", "scope")),
)

recovery_rounds = Table(
    "workshop_recovery_round",
    metadata,
    *made(),
    _dataset(),
    text("data_version"),
    *map(json, ("period", "statistics", "scope")),
    *(Column(name, Float, nullable=False) for name in ("threshold", "hold_out")),
    Column("capacity", Integer, nullable=False),
    text("seed"),  # a number of any size
)

recovery_cases = Table(
    "workshop_recovery_case",
    metadata,
    *made(),
    Column("round_id", ForeignKey(recovery_rounds.c.id), nullable=False, index=True),
    *map(text, ("contact", "arm", "outcome")),
    Column("probability", Float, nullable=False),
    json("reasons"),
    UniqueConstraint("round_id", "contact"),
)

level_corrections = Table(
    "workshop_level_correction", metadata, *made(), _dataset(), *map(text, ("column", "level", "reason"))
)

meetings = Table(
    "workshop_meeting",
    metadata,
    *versioned(),
    *map(text, ("title", "dataset", "data_version", "selection")),
    Column("held_on", Date, nullable=False),
    Column("code", String(6), nullable=False, unique=True),
    Column("ended_at", Moment),
    json("scope"),
)

slides = Table(
    "workshop_meeting_slide",
    metadata,
    *made(),
    _meeting_id(),
    Column("number", Integer, nullable=False),
    *map(text, ("step", "kind", "method", "selection", "subject")),
    *(Column(name, Ordered, nullable=False) for name in KEPT_BIG),
    UniqueConstraint("meeting_id", "number"),
)

notes = Table(
    "workshop_meeting_note",
    metadata,
    *made(),
    _meeting_id(),
    Column("number", Integer, nullable=False),
    text("text"),
)

actions = Table(
    "workshop_meeting_action",
    metadata,
    *made(),
    _meeting_id(),
    Column("number", Integer, nullable=False),
    Column("plan_id", String(36), nullable=False),
    Column("issue_id", ForeignKey("workshop_issue.id"), nullable=False, index=True),
    UniqueConstraint("meeting_id", "plan_id"),
)

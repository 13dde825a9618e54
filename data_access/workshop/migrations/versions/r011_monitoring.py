"""Feedback on signals, frozen baselines, recovery rounds, corrected levels, and meetings with their slides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r011"
down_revision = "r010"


def upgrade() -> None:
    _of_dataset(
        "signal_feedback",
        *_text("metric", "direction", "judgement", "reason", "issue_id", "segment", "scope"),
        sa.Column("since", sa.Date, nullable=False),
    )
    _of_dataset("watch_baseline", *_text("period", "scope"))
    _of_dataset(
        "rebase",
        *_text("metric", "reason", "segment", "scope"),
        sa.Column("at", sa.Date, nullable=False),
    )
    _recoveries()
    _of_dataset("level_correction", *_text("column", "level", "reason"))
    _meetings()


def _recoveries() -> None:
    _of_dataset(
        "recovery_round",
        *_text("data_version", "period", "statistics", "scope", "seed"),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("threshold", "hold_out")),
        sa.Column("capacity", sa.Integer, nullable=False),
    )
    op.create_table(
        "workshop_recovery_case",
        *_made(),
        _part_of("round_id", "workshop_recovery_round"),
        *_text("contact", "arm", "outcome", "reasons"),
        sa.Column("probability", sa.Float, nullable=False),
        sa.UniqueConstraint("round_id", "contact"),
    )


def _meetings() -> None:
    op.create_table(
        "workshop_meeting",
        *_made(),
        sa.Column("version", sa.Integer, nullable=False),
        *_text("updated_by"),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        *_text("title", "dataset", "data_version", "selection", "scope"),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("code", sa.String(6), nullable=False, unique=True),
        sa.Column("ended_at", sa.DateTime),
    )
    _of_meeting(
        "slide",
        *_text("step", "kind", "method", "selection", "subject"),
        *_text("options", "statements", "caveats", "statistics", "rows", "parts", "sql"),
        sa.UniqueConstraint("meeting_id", "number"),
    )
    _of_meeting("note", *_text("text"))
    _of_meeting(
        "action",
        sa.Column("plan_id", sa.String(36), nullable=False),
        _part_of("issue_id", "workshop_issue"),
        sa.UniqueConstraint("meeting_id", "plan_id"),
    )


def _of_dataset(name: str, *columns: sa.schema.SchemaItem) -> None:
    dataset: sa.Column[object] = sa.Column("dataset", sa.String(200), nullable=False, index=True)
    op.create_table(f"workshop_{name}", *_made(), dataset, *columns)


def _of_meeting(name: str, *columns: sa.schema.SchemaItem) -> None:
    number: sa.Column[object] = sa.Column("number", sa.Integer, nullable=False)
    whole = _part_of("meeting_id", "workshop_meeting")
    op.create_table(f"workshop_meeting_{name}", *_made(), whole, number, *columns)


def _part_of(name: str, table: str) -> sa.Column[object]:
    return sa.Column(name, sa.String(36), sa.ForeignKey(f"{table}.id"), nullable=False, index=True)


def _made() -> list[sa.Column[object]]:
    made_at: sa.Column[object] = sa.Column("created_at", sa.DateTime, nullable=False)
    named: sa.Column[object] = sa.Column("id", sa.String(36), primary_key=True)
    return [named, *_text("created_by_id", "created_by"), made_at]


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]

"""A class works on a case: its groups, members, quiz, hints, marks and remarks; issues are found by their group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r010"
down_revision = "r009"


def upgrade() -> None:
    op.create_index("ix_workshop_issue_group", "workshop_issue", ["group"])
    _classes()
    _groups()
    _members()
    _in_class("quiz_answer", *_text("user_id", "question", "level"))
    _in_class(
        "hint",
        *_text("group"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.UniqueConstraint("class_id", "group", "number"),
    )
    _in_class(
        "mark",
        *_changed(),
        *_text("group", "criterion", "comment"),
        sa.Column("points", sa.Float, nullable=False),
        sa.UniqueConstraint("class_id", "group", "criterion"),
    )
    _in_class("remark", *_text("group", "text"))


def _classes() -> None:
    op.create_table(
        "workshop_class",
        *_made(),
        *_changed(),
        *_text("title", "case", "key", "dataset", "data_version", "open"),
        sa.Column("code", sa.String(6), nullable=False, unique=True),
        sa.Column("stage", sa.String(20)),
        sa.Column("locks_at_end", sa.Boolean, nullable=False),
        *_moments("ends_at", "revealed_at", "ended_at"),
    )


def _groups() -> None:
    _in_class(
        "group",
        *_changed(),
        *_text("name", "answer", "submitted_by"),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("bet", sa.Float),
        *_moments("bet_at", "submitted_at"),
    )


def _members() -> None:
    _in_class(
        "member",
        sa.Column("user_id", sa.Text, nullable=False, index=True),
        *_text("name", "group"),
        *_moments("last_seen"),
        sa.UniqueConstraint("class_id", "user_id"),
    )


def _in_class(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of what belongs to a class and was made by somebody."""
    in_class = sa.Column("class_id", sa.String(36), sa.ForeignKey("workshop_class.id"), nullable=False, index=True)
    op.create_table(f"workshop_{name}", *_made(), in_class, *columns)


def _made() -> list[sa.Column[object]]:
    made_at: sa.Column[object] = sa.Column("created_at", sa.DateTime, nullable=False)
    named: sa.Column[object] = sa.Column("id", sa.String(36), primary_key=True)
    return [named, *_text("created_by_id", "created_by"), made_at]


def _changed() -> list[sa.Column[object]]:
    changed_at: sa.Column[object] = sa.Column("updated_at", sa.DateTime, nullable=False)
    version: sa.Column[object] = sa.Column("version", sa.Integer, nullable=False)
    return [version, *_text("updated_by"), changed_at]


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _moments(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime) for name in names]

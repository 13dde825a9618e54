"""The cause tree with its evidence; an issue's basis, data problem and path; the query behind a pin."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r002"
down_revision = "r001"

# What issues and pins of before say of themselves: shown by data, no path, no query kept.
ISSUE = {"basis": "data", "basis_reason": "", "origin": "", "exception": "", "path": "[]", "branches": "[]"}
PIN = {"sql": "[]"}


def upgrade() -> None:
    for table, columns in (("workshop_issue", ISSUE), ("workshop_pin", PIN)):
        for name, default in columns.items():
            op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=default))
    _whys()
    _evidence()


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _signed(word: str) -> list[sa.Column[object]]:
    return [
        sa.Column(f"{word}_by", sa.Text, nullable=False),
        sa.Column(f"{word}_at", sa.DateTime, nullable=False),
    ]


def _issue_id() -> sa.Column[str]:
    return sa.Column("issue_id", sa.String(36), sa.ForeignKey("workshop_issue.id"), nullable=False, index=True)


def _whys() -> None:
    op.create_table(
        "workshop_why",
        sa.Column("id", sa.String(36), primary_key=True),
        _issue_id(),
        sa.Column("version", sa.Integer, nullable=False),
        *_text("statement", "parent_id", "level", "status", "confidence", "created_by_id"),
        *_signed("created"),
        *_signed("updated"),
    )


def _evidence() -> None:
    op.create_table(
        "workshop_evidence",
        sa.Column("id", sa.String(36), primary_key=True),
        _issue_id(),
        *_text("why_id", "kind", "stance", "text", "pin_id", "dataset", "data_version", "metric", "rule_id"),
        sa.Column("effective", sa.Date),
        *_text("contacts", "statistics", "answers", "created_by_id"),
        *_signed("created"),
    )

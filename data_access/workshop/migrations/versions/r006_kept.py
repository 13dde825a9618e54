"""Nothing typed or taken away is lost: what people are typing is kept for them, what is removed can be restored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r006"
down_revision = "r005"


def upgrade() -> None:
    op.create_table(
        "workshop_removed",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("issue_id", sa.String(36), sa.ForeignKey("workshop_issue.id"), nullable=False, index=True),
        sa.Column("along", sa.String(36), nullable=False),
        sa.Column("removed_by", sa.Text, nullable=False),
        sa.Column("removed_at", sa.DateTime, nullable=False),
        sa.Column("removed_by_id", sa.Text, nullable=False),
    )
    op.create_table(
        "workshop_draft",
        sa.Column("who_id", sa.Text, primary_key=True),
        sa.Column("subject_id", sa.String(36), primary_key=True),
        sa.Column("field", sa.String(40), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("issue_id", sa.String(36), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )

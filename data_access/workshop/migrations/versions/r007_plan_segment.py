"""A plan remembers the segment that it was made for; older ones never said which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r007"
down_revision = "r006"


def upgrade() -> None:
    op.add_column("workshop_plan", sa.Column("segment", sa.Text, nullable=False, server_default="[]"))

"""A person may answer for a cause or a plan beside the department."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r008"
down_revision = "r007"


def upgrade() -> None:
    for table in ("workshop_issue", "workshop_plan"):
        op.add_column(table, sa.Column("person", sa.Text, nullable=False, server_default=""))

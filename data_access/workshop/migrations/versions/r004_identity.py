"""Every store has an id of its own, by which a program knows that it still writes to the one it opened."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "r004"
down_revision = "r003"


def upgrade() -> None:
    store = op.create_table("workshop_store", sa.Column("id", sa.String(32), primary_key=True))
    op.bulk_insert(store, [{"id": uuid4().hex}])

"""Every store has an id of its own, by which a program knows that it still writes to the one it opened."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from data_access.workshop.sqlite_file import mark_of

revision = "r004"
down_revision = "r003"


def upgrade() -> None:
    store = op.create_table("workshop_store", sa.Column("id", sa.String(32), primary_key=True))
    id = uuid4().hex
    op.bulk_insert(store, [{"id": id}])
    if op.get_bind().dialect.name == "sqlite":  # stands in the first bytes of the file
        op.execute(f"PRAGMA application_id = {mark_of(id)}")

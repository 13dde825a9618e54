"""The audit of what was seen; the database refuses to change it, and to delete what is younger than thirty days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r012"
down_revision = "r011"

SQLITE = (
    """CREATE TRIGGER workshop_seen_stays BEFORE UPDATE ON workshop_seen
    BEGIN SELECT RAISE(ABORT, 'workshop_seen is append-only'); END""",
    """CREATE TRIGGER workshop_seen_is_kept BEFORE DELETE ON workshop_seen WHEN OLD.at > datetime('now', '-30 days')
    BEGIN SELECT RAISE(ABORT, 'workshop_seen is kept for thirty days'); END""",
    # INSERT OR REPLACE deletes without firing delete triggers
    """CREATE TRIGGER workshop_seen_is_new BEFORE INSERT ON workshop_seen
    WHEN EXISTS (SELECT 1 FROM workshop_seen WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'workshop_seen is append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION workshop_seen_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' OR OLD.at > timezone('utc', now()) - interval '30 days' THEN
        RAISE EXCEPTION 'workshop_seen is append-only and kept for thirty days';
    END IF;
    RETURN OLD; END $$""",
    """CREATE TRIGGER workshop_seen_is_kept BEFORE UPDATE OR DELETE ON workshop_seen
    FOR EACH ROW EXECUTE FUNCTION workshop_seen_is_kept()""",
    """CREATE FUNCTION workshop_seen_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'workshop_seen is append-only'; END $$""",
    """CREATE TRIGGER workshop_seen_stays BEFORE TRUNCATE ON workshop_seen
    FOR EACH STATEMENT EXECUTE FUNCTION workshop_seen_stays()""",
)


def upgrade() -> None:
    texts = ("who", "what", "subject", "dataset", "data_version", "roles", "scope", "asked")
    op.create_table(
        "workshop_seen",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("who_id", sa.String(200), nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("count", sa.Integer, nullable=False),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)

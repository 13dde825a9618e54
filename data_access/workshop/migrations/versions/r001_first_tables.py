"""Issues, plans, pins, and an audit trail the database itself keeps append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r001"
down_revision = None

REFUSAL = "the audit trail is append-only"
SQLITE = (
    f"""CREATE TRIGGER workshop_audit_no_update BEFORE UPDATE ON workshop_audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"""CREATE TRIGGER workshop_audit_no_delete BEFORE DELETE ON workshop_audit
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    # INSERT OR REPLACE deletes without firing delete triggers.
    f"""CREATE TRIGGER workshop_audit_no_replace BEFORE INSERT ON workshop_audit
        WHEN EXISTS (SELECT 1 FROM workshop_audit WHERE number = NEW.number)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION workshop_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER workshop_audit_no_change BEFORE UPDATE OR DELETE ON workshop_audit
        FOR EACH ROW EXECUTE FUNCTION workshop_audit_refuse()""",
    """CREATE TRIGGER workshop_audit_no_truncate BEFORE TRUNCATE ON workshop_audit
        FOR EACH STATEMENT EXECUTE FUNCTION workshop_audit_refuse()""",
)


def upgrade() -> None:
    _issues()
    _plans()
    _pins()
    _audit()
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime, nullable=False)


def _issues() -> None:
    op.create_table(
        "workshop_issue",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        *_text("title", "description", "state", "data_problem", "where", "why", "solution"),
        *_text("cause", "cause_type", "gap", "system", "power", "owner", "group", "data_version"),
        *_text("created_by_id", "created_by"),
        _moment("created_at"),
        *_text("updated_by"),
        _moment("updated_at"),
    )


def _issue_id() -> sa.Column[str]:
    return sa.Column("issue_id", sa.String(36), sa.ForeignKey("workshop_issue.id"), nullable=False, index=True)


def _plans() -> None:
    op.create_table(
        "workshop_plan",
        sa.Column("id", sa.String(36), primary_key=True),
        _issue_id(),
        sa.Column("version", sa.Integer, nullable=False),
        *_text("action", "remedy", "action_type", "owner"),
        sa.Column("due", sa.Date),
        *_text("target_metric"),
        sa.Column("target_value", sa.Float),
        sa.Column("expected_lift", sa.Float),
        *_text("check_method", "state", "created_by_id", "created_by"),
        _moment("created_at"),
        *_text("updated_by"),
        _moment("updated_at"),
    )


def _pins() -> None:
    op.create_table(
        "workshop_pin",
        sa.Column("id", sa.String(36), primary_key=True),
        _issue_id(),
        *_text("method", "selection", "data_version"),
        *_text("options", "statements", "statistics", "rows", "link", "created_by_id", "created_by"),
        _moment("created_at"),
    )


def _audit() -> None:
    op.create_table(
        "workshop_audit",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        _moment("at"),
        *_text("who", "who_id", "action", "kind"),
        sa.Column("subject_id", sa.String(36), nullable=False, index=True),
        *_text("subject"),
        sa.Column("issue_id", sa.String(36), nullable=False, index=True),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
    )

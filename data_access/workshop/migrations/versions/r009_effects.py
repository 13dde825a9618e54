"""A plan says how its effect will be shown; what was seen of it, who overruled that and who said what is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r009"
down_revision = "r008"

PLAN = "workshop_plan"
TEXTS = {"block": "", "template": "", "priority": "normal", "escalation": "none", "blocker": "", "closing": "",
         "unit": "", "cycle_of": ""}  # fmt: skip
LISTS = ("milestones", "treated", "control", "starts", "guardrails")
# since when an older plan has been in its state: its last step, else since it was made
SINCE = """
    UPDATE workshop_plan SET state_since = COALESCE(
        (SELECT MAX(a.at) FROM workshop_audit a
         WHERE a.subject_id = workshop_plan.id AND a.kind = 'plan' AND a.action = 'moved'),
        created_at)
"""


def upgrade() -> None:
    for name, given in TEXTS.items():
        op.add_column(PLAN, sa.Column(name, sa.Text, nullable=False, server_default=given))
    for name in LISTS:
        op.add_column(PLAN, sa.Column(name, sa.Text, nullable=False, server_default="[]"))
    empty = {"cost": sa.Float, "smallest": sa.Float, "baseline": sa.Text, "noticed": sa.Text, "start": sa.Date,
             "check_on": sa.Date, "state_since": sa.DateTime}  # fmt: skip
    for name, kind in empty.items():
        op.add_column(PLAN, sa.Column(name, kind))
    op.execute(SINCE)
    _looks()
    _rulings()
    _hanging("workshop_comment", *_text("plan_id", "kind", "text"))


def _looks() -> None:
    _hanging(
        "workshop_look",
        *_text("plan_id", "dataset", "data_version", "method", "selection", "verdict"),
        sa.Column("planned", sa.Boolean, nullable=False),
        *_text("options", "statistics", "rows", "parts", "statements", "scope"),
    )


def _rulings() -> None:
    _hanging(
        "workshop_ruling",
        *_text("plan_id", "verdict", "reason", "second", "second_id", "withdrawn_by"),
        sa.Column("second_at", sa.DateTime),
        sa.Column("withdrawn_at", sa.DateTime),
    )


def _hanging(table: str, *columns: sa.Column[object]) -> None:
    """A table of what hangs on an issue and was made by somebody."""
    op.create_table(
        table,
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("issue_id", sa.String(36), sa.ForeignKey("workshop_issue.id"), nullable=False, index=True),
        *_text("created_by_id", "created_by"),
        sa.Column("created_at", sa.DateTime, nullable=False),
        *columns,
    )


def _text(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]

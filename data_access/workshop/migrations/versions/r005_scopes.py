"""What was found carries the scope of its data: pins, issues, plans and entries of the history say which it was."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r005"
down_revision = "r004"

SCOPED = ("workshop_issue", "workshop_plan", "workshop_pin")
LIMITS = "limits"  # the option of a pin that held what its author may see


def upgrade() -> None:
    for table in SCOPED:
        op.add_column(table, sa.Column("scope", sa.Text, nullable=False, server_default="[]"))
    op.add_column("workshop_issue", sa.Column("asked", sa.Text, nullable=False, server_default=""))
    op.add_column("workshop_audit", sa.Column("reach", sa.Text))
    connection = op.get_bind()
    names = ("id", "issue_id", "created_at", "method", "selection", "options", "scope")
    pins = sa.table("workshop_pin", *map(sa.column, names))
    issues = sa.table("workshop_issue", *map(sa.column, ("id", "origin", "scope", "asked")))
    begun: dict[str, dict[str, str]] = {}  # by the pin that is the data problem, else by the issue of the oldest one
    for pin in connection.execute(sa.select(pins).order_by(pins.c.created_at)).mappings().all():
        options = json.loads(pin["options"])
        scope = _dump([{"$filter": part} for part in options.pop(LIMITS, [])])
        begun[pin["id"]] = {"scope": scope, "asked": _asked(pin["method"], json.loads(pin["selection"]))}
        begun.setdefault(pin["issue_id"], {"scope": "[]", "asked": begun[pin["id"]]["asked"]})
        here = pins.update().where(pins.c.id == pin["id"])
        connection.execute(here.values(scope=scope, options=_dump(options)))
    for issue in connection.execute(sa.select(issues.c.id, issues.c.origin)).mappings().all():
        known = begun.get(issue["origin"] or issue["id"])
        if known:
            connection.execute(issues.update().where(issues.c.id == issue["id"]).values(**known))


def _asked(method: str, selection: dict[str, Any]) -> str:
    """Stands for a title that may have been taken from what was found."""
    period = selection["period"] or []
    return " · ".join([method, selection["metric"], *([" – ".join(period)] if period else [])])


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

"""Texts that repeat the data problem, the path, the whys and the plans of an issue move into its notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "r003"
down_revision = "r002"

ADDED = ("notes", "location_reason")
# Each under the name it had on the screen, in English and Chinese; the description was a note already.
MOVED = {
    "description": None,
    "data_problem": ("Data problem: ", "数据问题："),
    "where": ("Where: ", "问题定位："),
    "why": ("Why: ", "深度溯源："),
    "solution": ("Solution: ", "解决方案："),
}
CHINESE = re.compile("[一-鿿]")


def upgrade() -> None:
    for name in ADDED:
        op.add_column("workshop_issue", sa.Column(name, sa.Text, nullable=False, server_default=""))
    _move()
    with op.batch_alter_table("workshop_issue") as issues:  # SQLite copies the table
        for name in MOVED:
            issues.drop_column(name)


def _move() -> None:
    names = ("id", "notes", *MOVED)
    issues, connection = sa.table("workshop_issue", *map(sa.column, names)), op.get_bind()
    for row in connection.execute(sa.select(issues)).mappings().all():
        notes = "\n\n".join(_parts({name: row[name] for name in MOVED}))
        if notes:
            connection.execute(issues.update().where(issues.c.id == row["id"]).values(notes=notes))


def _parts(texts: dict[str, str]) -> Iterator[str]:
    """What was written, each with its heading in the language it is written in."""
    for name, text in texts.items():
        if text.strip():
            headings = MOVED[name]
            yield headings[bool(CHINESE.search(text))] + text if headings else text

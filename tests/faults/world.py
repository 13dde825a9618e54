"""A small warehouse and a workshop on servers, and a server of pages over both."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

MODEL = """
table = "answers"
time = { column = "day" }
score = { column = "score", scale = [1, 10] }
contact_id = "id"
[dimensions]
team = { column = "team" }
business = { column = "business" }
"""
FILL = """
CREATE TABLE answers AS SELECT
    'c' || i AS id, 1 + (i * 7 + i / 13) % 10 AS score, 'team ' || i % 4 AS team,
    (ARRAY['3G', '4G', 'bill'])[1 + i % 3] AS business, DATE '2026-09-01' + i % 61 AS day
FROM generate_series(1, 4000) AS i
"""


def fill(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(FILL))
    engine.dispose()


def settings(folder: Path, *, warehouse: str = "", store: str = "") -> dict[str, str]:
    """The environment of an app over these servers."""
    model = folder / "model.toml"
    model.write_text(MODEL, encoding="utf-8")
    asked = {"SATRACE_WAREHOUSE": warehouse, "SATRACE_MODEL": str(model) if warehouse else "", "SATRACE_STORE": store}
    return {name: value for name, value in asked.items() if value}

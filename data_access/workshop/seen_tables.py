"""How does the audit of what was seen lie in a database? Append-only: the database itself refuses to change it."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from data_access.workshop.columns import Moment, json, metadata, text

seen = Table(
    "workshop_seen",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("who_id", String(200), nullable=False, index=True),
    *map(text, ("who", "what", "subject", "dataset", "data_version")),
    *map(json, ("roles", "scope", "asked")),
    Column("count", Integer, nullable=False),
)

"""Which kinds of columns have the tables of the workshop? The same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.types import TypeDecorator

from data_access.workshop.codec import from_json, to_json

VERSION_TABLE = "workshop_schema"


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so both databases get UTC without one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Json(TypeDecorator[Any]):
    """Canonical JSON kept as text: the same bytes on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else from_json(value)


class Ordered(Json):
    """The same with names in the order in which they came: the columns of a table that is drawn again."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value, in_order=True)


metadata = MetaData()


def text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def json(name: str) -> Column[Any]:
    return Column(name, Json, nullable=False)


def signed(word: str) -> list[Column[Any]]:
    return [text(f"{word}_by"), Column(f"{word}_at", Moment, nullable=False)]


def made() -> list[Column[Any]]:
    """What the store writes on every part of an issue."""
    return [Column("id", String(36), primary_key=True), text("created_by_id"), *signed("created")]


def versioned() -> list[Column[Any]]:
    """And on those that can be changed."""
    return [*made(), Column("version", Integer, nullable=False), *signed("updated")]

"""What Spark says of its tables, as SQLAlchemy names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

KINDS: dict[str, Any] = {
    "boolean": sa.Boolean(),
    "tinyint": sa.SmallInteger(),
    "smallint": sa.SmallInteger(),
    "int": sa.Integer(),
    "bigint": sa.BigInteger(),
    "float": sa.Double(),
    "double": sa.Double(),
    "string": sa.String(),
    "char": sa.String(),
    "varchar": sa.String(),
    "date": sa.Date(),
    "timestamp": sa.DateTime(timezone=True),
    "timestamp_ntz": sa.DateTime(),
    "binary": sa.LargeBinary(),
}


def kind_of(text: str) -> Any:
    """The type that DESCRIBE names.

    >>> kind_of("decimal(6,2)"), kind_of("timestamp_ntz").timezone, kind_of("array<int>")
    (Numeric(precision=6, scale=2), False, NullType())
    """
    digits = re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", text)
    if digits:
        return sa.Numeric(int(digits[1]), int(digits[2]))
    return KINDS.get(re.split(r"[(\s]", text)[0], sa.types.NullType())


def columns_of(rows: Iterable[Sequence[str | None]]) -> list[dict[str, Any]]:
    """The rows of DESCRIBE up to what it says of partitions, which are named among the columns already."""
    own = takewhile(lambda row: bool(row[0]) and not str(row[0]).startswith("# "), rows)
    return [{"name": str(r[0]), "type": kind_of(str(r[1])), "nullable": True, "default": None} for r in own]


def names_of(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The rows of SHOW TABLES: namespace, name, whether it is temporary."""
    return [str(row[1]) for row in rows]


def is_missing(message: str) -> bool:
    """Whether an error says that there is no such table."""
    return any(sign in message for sign in ("TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND", "Table or view not found"))

"""What does one database engine say differently from another? A module each; nothing else knows an engine.

Which of them were tried on a server stands in the README; an engine without a module is spoken to as the base says.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data_access.warehouse.dialects.base import Dialect, Expression, is_true
from data_access.warehouse.dialects.clickhouse import ClickHouse
from data_access.warehouse.dialects.duckdb import DuckDB
from data_access.warehouse.dialects.mysql import MySQL
from data_access.warehouse.dialects.oracle import Oracle
from data_access.warehouse.dialects.places import by_place
from data_access.warehouse.dialects.postgresql import PostgreSQL
from data_access.warehouse.dialects.spark import Spark
from data_access.warehouse.dialects.sqlite import SQLite
from data_access.warehouse.dialects.sqlserver import SQLServer
from data_access.warehouse.dialects.writer import SCHEMA, Writer

__all__ = [
    "FILE_SUFFIXES",
    "SCHEMA",
    "Dialect",
    "Expression",
    "Writer",
    "by_place",
    "dialect_of",
    "dialect_of_file",
    "is_true",
]  # fmt: skip

DIALECTS: Mapping[str, Dialect] = {
    "duckdb": DuckDB(), "postgresql": PostgreSQL(), "postgres": PostgreSQL(), "sqlite": SQLite(), "mysql": MySQL(),
    "mariadb": MySQL(), "spark": Spark(), "clickhouse": ClickHouse(), "clickhousedb": ClickHouse(),
    "mssql": SQLServer(), "oracle": Oracle(),
}  # fmt: skip
FILE_SUFFIXES = (*DuckDB.suffixes, *SQLite.suffixes)  # of files that are databases


def dialect_of(name: str) -> Dialect:
    """The dialect of an engine by the name it has in a SQLAlchemy URL.

    >>> dialect_of("mariadb").has_grouping_sets, dialect_of("oracle").has_grouping_sets
    (False, True)
    """
    return DIALECTS.get(name, Dialect())


def dialect_of_file(path: Path) -> Dialect:
    """The dialect of the engine that opens a database file."""
    return SQLite() if path.suffix.lower() in SQLite.suffixes else DuckDB()

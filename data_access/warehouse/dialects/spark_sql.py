"""Spark's SQL for SQLAlchemy: how queries, types and values are written, and which columns a table has.

PyHive's own is of SQLAlchemy 1: it keeps no compiled queries, knows no TIMESTAMP_NTZ and no digits of a DECIMAL, and
leaves the `${setting}` in a text to the server, which puts the setting's value there.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import default
from sqlalchemy.sql import compiler

from data_access.warehouse.dialects.spark_reflection import columns_of, is_missing, names_of

JOINS = {"anti", "cross", "full", "inner", "join", "lateral", "left", "minus", "natural", "on", "right", "semi",
         "setminus", "using"}  # fmt: skip
SETTINGS = {  # of each session
    "spark.sql.ansi.enabled": "true",  # what overflows is an error, not another number
    "spark.sql.ansi.enforceReservedKeywords": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
}
RANKS = ("row_number", "rank", "dense_rank", "lead", "lag")  # window functions that must have an order


def written(value: Any) -> str:
    r"""A value as Spark reads it: no quotation mark, backslash or `${setting}` of a text is anything but itself.

    >>> print(written("O'Brien \\ ${x}"), written(0.5), written(date(2026, 10, 31)), written(True), written(None))
    'O\'Brien \\ \u0024{x}' 0.5D DATE '2026-10-31' true NULL
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value!r}D" if math.isfinite(value) else f"double('{value}')"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return f"{'TIMESTAMP' if value.tzinfo else 'TIMESTAMP_NTZ'} '{moment.isoformat(' ')}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("$", "\\u0024") + "'"
    return str(value)


class Compiler(compiler.SQLCompiler):
    """Queries with their values in them: the server takes no parameters."""

    def visit_bindparam(self, bindparam: Any, *args: Any, **kw: Any) -> Any:
        kw["literal_execute"] = not kw.get("literal_binds")
        return super().visit_bindparam(bindparam, *args, **kw)  # type: ignore[no-untyped-call]

    def render_literal_value(self, value: Any, type_: Any) -> str:
        return written(value)

    def visit_grouping_func(self, fn: Any, **kw: Any) -> str:
        """Of all keys, in the order in which the sets name them."""
        return "grouping_id()"

    def visit_over(self, over: Any, **kw: Any) -> str:
        text = str(super().visit_over(over, **kw))  # type: ignore[no-untyped-call]
        ordered = over.order_by is not None and len(over.order_by)
        return text if ordered or over.element.name not in RANKS else f"{text[:-1]} ORDER BY NULL)"

    def visit_try_cast(self, cast: Any, **kw: Any) -> str:
        return f"TRY_{self.visit_cast(cast, **kw)}"  # type: ignore[no-untyped-call]

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"{self.process(binary.left, **kw)} RLIKE {self.process(binary.right, **kw)}"

    def visit_empty_set_expr(self, element_types: Any, **kw: Any) -> str:
        return f"SELECT {', '.join('NULL' for _ in element_types)} WHERE false"


class Types(compiler.GenericTypeCompiler):
    """Names of types."""

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return "STRING"

    visit_TEXT = visit_CHAR = visit_CLOB = visit_enum = visit_VARCHAR

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        return "DOUBLE"

    visit_DOUBLE = visit_DOUBLE_PRECISION = visit_FLOAT

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:
        return "TIMESTAMP" if type_.timezone else "TIMESTAMP_NTZ"

    visit_TIMESTAMP = visit_DATETIME


class Names(compiler.IdentifierPreparer):
    """Names between backquotes, where they need it."""

    reserved_words = compiler.RESERVED_WORDS | JOINS

    def __init__(self, dialect: Any) -> None:
        super().__init__(dialect, initial_quote="`")

    def quote_schema(self, schema: str, force: Any = None) -> str:
        """A schema, or a catalogue and a schema."""
        return ".".join(self.quote(part) for part in schema.split("."))


class Moment(sa.DateTime):
    """Times come without their zone, which is that of the session."""

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any] | None:
        return (lambda at: at and at.replace(tzinfo=UTC)) if self.timezone else None


class SparkDialect(default.DefaultDialect):
    """As SQLAlchemy wants it; `spark://name:password@host:port/database?auth=..`."""

    name, driver = "spark", "thrift"
    statement_compiler = Compiler
    type_compiler_cls = Types
    preparer = Names  # type: ignore[assignment]
    supports_statement_cache = True
    supports_native_boolean = supports_native_decimal = True
    supports_alter = False
    div_is_floordiv = False
    max_identifier_length = 255
    colspecs = {sa.DateTime: Moment}  # noqa: RUF012 - as SQLAlchemy keeps it

    @classmethod
    def import_dbapi(cls) -> Any:
        return importlib.import_module("data_access.warehouse.dialects.spark_driver")

    def create_connect_args(self, url: sa.URL) -> Any:
        known = {"host": url.host or "127.0.0.1", "port": url.port or 10_000, "database": url.database or "default"}
        given = {"username": url.username, "password": url.password, **url.query}
        return [], {**known, **{key: value for key, value in given.items() if value}, "configuration": SETTINGS}

    def do_rollback(self, dbapi_connection: Any) -> None:
        """There are no transactions."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """There are no transactions."""

    def do_ping(self, dbapi_connection: Any) -> bool:
        return bool(dbapi_connection.is_alive())

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        return connection is not None and isinstance(e, self.dbapi.Error) and not connection.is_alive()  # type: ignore[union-attr]

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """From DESCRIBE. Raises NoSuchTableError."""
        name = self.identifier_preparer.quote(table_name)
        place = f"{self.identifier_preparer.quote_schema(schema)}.{name}" if schema else name
        try:
            rows = connection.exec_driver_sql(f"DESCRIBE TABLE {place}").all()
        except sa.exc.DBAPIError as error:
            if is_missing(str(error.orig)):
                raise sa.exc.NoSuchTableError(table_name) from error
            raise
        return columns_of(rows)

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        try:
            return bool(self.get_columns(connection, table_name, schema))
        except sa.exc.NoSuchTableError:
            return False

    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Views too."""
        where = f" IN {self.identifier_preparer.quote_schema(schema)}" if schema else ""
        return names_of(connection.exec_driver_sql(f"SHOW TABLES{where}").all())

    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Named among the tables."""
        return []

    def get_pk_constraint(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return {"constrained_columns": [], "name": None}

    def _none(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        return []

    get_foreign_keys = get_indexes = get_unique_constraints = get_check_constraints = _none

    def get_table_comment(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return {"text": None}

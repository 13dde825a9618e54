"""SQL as ClickHouse reads it: what its driver compiles, with types that can be NULL and functions by its names.

The driver is imported where an engine is made, as it need not be there.
"""

from __future__ import annotations

import functools
import io
import re
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.sql.compiler import GenericTypeCompiler, SQLCompiler

DRIVER = "clickhouse+http"
ARROW = "clickhouse_arrow"  # an option of an execution: answer with Arrow batches
WRAPPED = re.compile(r"^(?:LowCardinality|Nullable)\((.*)\)$", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f"}
GREENWICH = ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Universal", "Zulu")
LOCKED = "the profile of the user says readonly = 1; readonly = 2 also reads only, and lets a question have settings"
MOMENT = "Nullable(DateTime64(6))"


def register() -> None:
    """Makes the driver name of `DRIVER` known to SQLAlchemy."""
    registry.register(DRIVER.replace("+", "."), __name__, "Words")


class Words:
    """Where SQLAlchemy finds the dialect once it is asked for."""

    @classmethod
    def get_dialect_cls(cls, url: sa.URL) -> Any:
        """Raises ModuleNotFoundError without the driver."""
        return _spoken()

    @classmethod
    def engine_created(cls, engine: sa.Engine) -> None:
        """Nothing more is to be done."""


@functools.cache
def _spoken() -> Any:
    from clickhouse_connect import dbapi
    from clickhouse_connect.cc_sqlalchemy.dialect import ClickHouseDialect

    class Named(dbapi.connection.Connection):  # type: ignore[misc]
        """A connection whose queries can be told from others."""

        def __init__(self, **given: Any) -> None:
            self.comment = f"satrace-{uuid.uuid4().hex}"
            try:
                super().__init__(**given, ch_log_comment=self.comment)
            except dbapi.ProgrammingError as error:
                raise dbapi.OperationalError(LOCKED if "is readonly" in str(error) else str(error)) from error

    class Spoken(_Spoken, ClickHouseDialect):  # type: ignore[misc]
        supports_statement_cache = True
        div_is_floordiv = False
        statement_compiler = type("Statements", (Statements, ClickHouseDialect.statement_compiler), {})
        type_compiler_cls = Types
        inspector = sa.Inspector
        colspecs: ClassVar[dict[Any, Any]] = {sa.DateTime: Moment}

        @classmethod
        def import_dbapi(cls) -> Any:
            return dbapi

        def connect(self, *_given: Any, **named: Any) -> Any:
            return Named(**named)

    return Spoken


class _Spoken:
    """What stands before the driver's own dialect."""

    server_zone = "UTC"

    def initialize(self, connection: sa.Connection) -> None:
        super().initialize(connection)  # type: ignore[misc]
        self.server_zone = str(connection.exec_driver_sql("SELECT timezone()").scalar())

    def get_columns(self, connection: sa.Connection, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """Types as SQLAlchemy calls them. Raises NoSuchTableError."""
        if not self.has_table(connection, table_name, schema):  # type: ignore[attr-defined]
            raise sa.exc.NoSuchTableError(table_name)
        quote = self.identifier_preparer.quote_identifier  # type: ignore[attr-defined]
        name = ".".join(quote(part) for part in (schema, table_name) if part)
        rows = connection.exec_driver_sql(f"DESCRIBE TABLE {name}".replace("%", "%%")).mappings()
        return [
            {"name": row["name"], "type": kind_of(row["type"]), "nullable": True, "default": None}
            for row in rows
            if row["default_type"] != "EPHEMERAL"
        ]

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        if context is None or not context.execution_options.get(ARROW):
            super().do_execute(cursor, statement, parameters, context)  # type: ignore[misc]
            return
        import pyarrow as pa

        text = statement if parameters else statement.replace("%%", "%")
        answer = cursor.client.raw_query(text, parameters or None, fmt="ArrowStream")
        cursor.arrow = pa.ipc.open_stream(io.BytesIO(answer))
        cursor.data, cursor.names = [], list(cursor.arrow.schema.names)
        cursor.types = [None] * len(cursor.names)


class Moment(sa.DateTime):
    """A time: without a zone as the server shows it; with one it is bound as a time in UTC."""

    def bind_processor(self, dialect: Any) -> Any:
        return _written

    def literal_processor(self, dialect: Any) -> Any:
        return lambda value: f"'{_written(value)}'"

    def bind_expression(self, bindvalue: Any) -> Any:
        zone = ["'UTC'"] if self.timezone else []
        return sa.func.toDateTime64(bindvalue, *(sa.literal_column(text) for text in ["6", *zone]), type_=self)

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        return None if self.timezone else _on_the_wall


def _written(value: datetime | None) -> str | None:
    if value is None:
        return None
    return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S.%f")


def _on_the_wall(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=None)


class Padded(sa.String):
    """A text of a fixed length, which the driver gives as bytes."""

    def result_processor(self, dialect: Any, coltype: object) -> Any:
        return lambda value: value.rstrip(b"\0").decode(errors="replace") if isinstance(value, bytes) else value


class Types(GenericTypeCompiler):
    """Every type of a cast can be NULL, as everywhere else."""

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return "Nullable(String)"

    visit_TEXT = visit_VARCHAR

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:
        return "Nullable(Int64)"

    visit_BIGINT = visit_SMALLINT = visit_INTEGER

    def visit_DOUBLE(self, type_: Any, **kw: Any) -> str:
        return "Nullable(Float64)"

    visit_FLOAT = visit_DOUBLE

    def visit_NUMERIC(self, type_: Any, **kw: Any) -> str:
        return f"Nullable(Decimal({type_.precision or 38}, {type_.scale or 0}))"

    def visit_BOOLEAN(self, type_: Any, **kw: Any) -> str:
        return "Nullable(Bool)"

    def visit_DATE(self, type_: Any, **kw: Any) -> str:
        return "Nullable(Date32)"

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:
        return MOMENT

    visit_TIMESTAMP = visit_DATETIME


class Statements(SQLCompiler):
    """Functions by the names they have here."""

    def visit_lead_func(self, func: Any, **kw: Any) -> str:
        """Of a value that can be NULL, or the last row would get a 0."""
        return f"{func.name}(toNullable({self.process(func.clause_expr.element.clauses[0], **kw)}))"

    visit_lag_func = visit_lead_func

    def visit_lower_func(self, func: Any, **kw: Any) -> str:
        """Of all letters, not those of English alone."""
        return f"lowerUTF8{self.function_argspec(func, **kw)}"

    def visit_regexp_match_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"match({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_floordiv_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return f"intDiv({self.process(binary.left, **kw)}, {self.process(binary.right, **kw)})"

    def visit_exact_moment_func(self, func: Any, **kw: Any) -> str:
        """To the microsecond, in its own zone."""
        return f"toDateTime64({self.process(func.clause_expr.element.clauses[0], **kw)}, 6)"

    def visit_wall_clock_func(self, func: Any, **kw: Any) -> str:
        """A moment as the time that clocks in a zone show, as which the server shows it then."""
        moment, zone = (self.process(part, **kw) for part in func.clause_expr.element.clauses)
        here = self.dialect.server_zone  # type: ignore[attr-defined]
        if zone == f"'{here}'":
            return f"toTimeZone({moment}, '{here}')"
        if here in GREENWICH:
            return f"toTimeZone(addSeconds({moment}, timeZoneOffset(toTimeZone({moment}, {zone}))), '{here}')"
        return f"toDateTime64(toString(toTimeZone({moment}, {zone})), 6)"


def kind_of(name: str) -> Any:
    """The type of SQLAlchemy for one of ClickHouse.

    >>> kind_of("LowCardinality(Nullable(String))"), kind_of("DateTime64(3, 'Asia/Shanghai')").timezone
    (String(), True)
    >>> kind_of("Enum8('a' = 1, '是' = 2)").enums
    ['a', '是']
    """
    while wrapped := WRAPPED.match(name):
        name = wrapped[1]
    base, _, inner = name.partition("(")
    if base.startswith("Enum"):
        return sa.Enum(*(_unquoted(member) for member in re.findall(r"'((?:[^'\\]|\\.|'')*)'\s*=", inner)))
    if base.startswith("DateTime"):
        return sa.DateTime(timezone="'" in inner)
    if base.startswith("Decimal"):
        digits = [int(part) for part in inner.rstrip(")").split(",")]
        return sa.Numeric(digits[0], digits[1])
    return KINDS.get(base, sa.types.NullType())


KINDS = {
    "Int8": sa.SmallInteger(), "UInt8": sa.SmallInteger(), "Int16": sa.SmallInteger(), "UInt16": sa.Integer(),
    "Int32": sa.Integer(), "UInt32": sa.BigInteger(), "Int64": sa.BigInteger(), "UInt64": sa.BigInteger(),
    "Float32": sa.Double(), "Float64": sa.Double(), "Bool": sa.Boolean(), "String": sa.String(),
    "FixedString": Padded(), "Date": sa.Date(), "Date32": sa.Date(),
}  # fmt: skip


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), text, flags=re.DOTALL).replace("''", "'")

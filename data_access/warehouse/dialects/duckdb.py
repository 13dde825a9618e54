"""DuckDB: a file that is opened to read, whole columns at once, rows as they lie."""

from __future__ import annotations

import contextlib
import glob
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import duckdb_sqlalchemy
import sqlalchemy as sa

from data_access.warehouse.coded import Coded, Floats, numbers_of_table, of_table
from data_access.warehouse.dialects.base import BUCKETS, Dialect, Expression
from data_access.warehouse.dialects.writer import SCHEMA, Writer

WRITER_SHARE = 0.3  # of the memory that DuckDB would take: a server may run beside who builds rollups
# as duckdb-sqlalchemy introduces itself: one process opens a file with one configuration only
AGENT = f"duckdb-sqlalchemy/{duckdb_sqlalchemy.__version__}(sqlalchemy/{sa.__version__})"


def to_read(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a file that reads it and nothing else, also beside an engine that has it open."""
    connection = duckdb.connect(str(path), read_only=True, config={"custom_user_agent": AGENT})
    _close_off(connection)
    return connection


def _close_off(connection: Any, _record: object = None) -> None:
    """A view of a file that somebody gave may name any other file of this machine: none is opened.

    Said once the file is open, for all connections to it: before, DuckDB would not find the log of a name with "?".
    What a large query took is given back at once, not kept for the next one.
    """
    with contextlib.suppress(duckdb.InvalidInputException):  # another connection has said so
        connection.execute("SET allocator_background_threads = true")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    closed = connection.execute("SELECT NOT current_setting('enable_external_access')::BOOLEAN").fetchone()
    assert closed == (True,), "a database that may open other files is not read"


class DuckDB(Dialect):
    """The engine of data files and of the sample."""

    name = "duckdb"
    suffixes = (".duckdb", ".ddb", ".db")
    keeps_order = True
    most_contacts = 1_200_000  # whole columns are returned at once
    hour = 3_600_000_000
    failures = (sa.exc.SQLAlchemyError, duckdb.Error)

    def options(self, url: sa.URL, seconds: float) -> dict[str, Any]:
        """A transaction around each query, which only reads, would cost more than many a query."""
        return {
            "connect_args": {"read_only": True},
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
            "pool_reset_on_return": None,
        }

    def prepare(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "connect", _close_off)

    def stop(self, connection: Any) -> None:
        with contextlib.suppress(Exception):  # the query may have ended in this moment
            connection.interrupt()

    def was_stopped(self, error: BaseException) -> bool:
        return isinstance(error, duckdb.InterruptException)

    def fetch_coded(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], numbers: Sequence[bool]
    ) -> list[Coded]:
        """The columns of a query as codes, from one Arrow table."""
        columns: Any = connection.execute(query, execution_options={"duckdb_arrow": True})
        return of_table(columns.arrow)

    def fetch_sums(
        self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]], keys: int
    ) -> tuple[list[Coded], Floats]:
        """As codes and numbers, from one Arrow table."""
        columns: Any = connection.execute(query, execution_options={"duckdb_arrow": True})
        table = columns.arrow
        return of_table(table.select(range(keys))), numbers_of_table(table.select(range(keys, table.num_columns)))

    def fetch_batches(self, connection: sa.Connection, query: sa.Select[*tuple[Any, ...]]) -> Iterator[Any]:
        """One Arrow table, whose types are those of the columns."""
        columns: Any = connection.execute(query, execution_options={"duckdb_arrow": True})
        yield columns.arrow

    def gap(self, start: Expression, end: Expression) -> Expression:
        """Microseconds, as a time is stored: an interval would be taken apart for each row."""
        until, since = (sa.func.epoch_us(moment, type_=sa.BigInteger) for moment in (end, start))
        return until - since

    def rollups_at(self, url: sa.URL) -> sa.URL | None:
        """The last file of rollups beside the source: one that is open is never written again."""
        made = sorted(_beside(url), key=lambda path: path.stat().st_mtime_ns)
        return url.set(database=str(made[-1])) if made else None

    @contextlib.contextmanager
    def writer(self, source: sa.URL, writer: sa.URL) -> Iterator[Writer]:
        """A file beside the source, which has its name once it is whole; those before it go."""
        earlier, stamp = _beside(source), time.time_ns()
        path = Path(str(source.database)).with_suffix(f".rollups.{stamp}.duckdb")
        part = path.with_suffix(".part")
        engine = sa.create_engine("duckdb:///:memory:", isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                _attach(connection, source, part)
                yield Writer(connection, f"satrace_target.{SCHEMA}")
                connection.exec_driver_sql("USE memory; DETACH satrace_target")
            part.replace(path)
            for one in earlier:
                one.unlink(missing_ok=True)
        finally:
            engine.dispose()
            part.unlink(missing_ok=True)

    def materialised(self, name: str, query: str, keys: Sequence[str]) -> str:
        """A table: DuckDB keeps none by itself."""
        return f"CREATE TABLE {name} AS\n{query};"

    def bucket(self, identity: Expression) -> Expression | None:
        return sa.func.hash(identity, type_=sa.BigInteger).op("%")(sa.literal_column(str(BUCKETS)))

    def digest(self, columns: Sequence[Expression]) -> Expression:
        return sa.func.sum(sa.func.hash(*columns, type_=sa.BigInteger), type_=sa.Numeric(38, 0))

    def row_place(self) -> Expression | None:
        return sa.literal_column("rowid")


def _beside(source: sa.URL) -> list[Path]:
    path = Path(str(source.database))
    return list(path.parent.glob(f"{glob.escape(path.stem)}.rollups.*.duckdb"))


def _attach(connection: sa.Connection, source: sa.URL, part: Path) -> None:
    """The source to read, the part to write, and room on its disk for what does not fit into memory."""
    for path, name, how in ((source.database, "satrace_source", " (READ_ONLY)"), (part, "satrace_target", "")):
        quoted = str(path).replace("'", "''")
        connection.exec_driver_sql(f"ATTACH '{quoted}' AS {name}{how}")
    folder = str(part.parent).replace("'", "''")
    connection.exec_driver_sql(f"SET temp_directory = '{folder}'")
    most, unit = str(connection.exec_driver_sql("SELECT current_setting('memory_limit')").scalar_one()).split()
    connection.exec_driver_sql(f"SET memory_limit = '{float(most) * WRITER_SHARE:.1f} {unit}'")
    connection.exec_driver_sql(f"CREATE SCHEMA satrace_target.{SCHEMA}")
    connection.exec_driver_sql("USE satrace_source")

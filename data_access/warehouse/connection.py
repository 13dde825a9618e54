"""The one place where a query runs: read-only, bounded in time and rows, and interruptible."""

from __future__ import annotations

import contextlib
import copy
import math
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause

from data_access.deadlines import DEADLINES
from data_access.passwords import hidden
from data_access.semantics import near
from data_access.statement import BadInput, Unreachable
from data_access.warehouse.coded import Coded, Floats
from data_access.warehouse.dialects import Dialect, dialect_of
from data_access.warehouse.query_text import QueryText

SILENT_S = 5.0  # for an engine to say that it has stopped a query


@dataclass(frozen=True)
class Answer:
    """Rows of one query and its text with the values put in, for people to read.

    `width`: raw values were rounded to multiples of it to keep the rows few; 0 where they are as they were.
    """

    rows: pd.DataFrame
    sql: str
    width: float = 0.0


@dataclass(frozen=True)
class Limits:
    """Bounds of one query: seconds before it is interrupted, rows above which it is refused."""

    seconds: float = 60.0
    rows: int = 200_000


class Connection:
    """A pool of read-only connections to one source. Safe to share between threads."""

    def __init__(self, engine: sa.Engine, limits: Limits) -> None:
        self._engine = engine
        self._limits = limits
        self._text = QueryText(engine)
        self._running: dict[int, Any] = {}
        self._stopped: set[int] = set()
        self._tables: dict[str, NamedFromClause] = {}
        self.is_outdated = False  # a table was altered since it was first asked for
        self._working: dict[int, float] = {}  # since when each thread computes, the time in its queries left out

    def beside(self, engine: sa.Engine) -> Connection:
        """A connection to further data of the same kind of engine: whoever stops a thread stops it there, too."""
        other = copy.copy(self)
        other._engine, other._text, other._tables = engine, QueryText(engine), {}
        return other

    @property
    def url(self) -> sa.URL:
        return self._engine.url

    @property
    def dialect(self) -> Dialect:
        return dialect_of(self._engine.dialect.name)

    @property
    def most_rows(self) -> int:
        """More rows than these are refused."""
        return self._limits.rows

    def reflect(self, table: str) -> NamedFromClause:
        """The columns of a table or view, as they were when it was first asked for: reading them anew costs more than
        many a query. Raises BadInput naming the tables there are.
        """
        if table not in self._tables:
            self._tables[table] = self._reflected(table)
        return self._tables[table]

    def _reflected(self, table: str) -> NamedFromClause:
        try:
            with self._bounded() as connection:
                return self._read(table, connection)
        except sa.exc.NoSuchTableError as error:
            nearest = self._nearest_table(table.rpartition(".")[2])
            raise BadInput("warehouse.no_table", table=table, near=nearest) from error
        except sa.exc.SQLAlchemyError as error:
            raise self._failure(error) from error

    def _read(self, table: str, connection: sa.Connection) -> NamedFromClause:
        schema, _, name = table.rpartition(".")
        found = sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=connection)
        return self.dialect.as_read(found, connection)

    @property
    def address(self) -> str:
        return hidden(self._engine.url.render_as_string(hide_password=True))

    def run(self, query: sa.Select[*tuple[Any, ...]]) -> Answer:
        """All rows of a query. Raises Unreachable when the source fails, is too slow or was stopped."""
        try:
            with self._bounded() as connection:
                result = connection.execute(query)
                fetched = [tuple(row) for row in result.fetchmany(self._limits.rows + 1)]
                rows = pd.DataFrame(fetched, columns=list(result.keys()))
                result.close()  # else the rows left of it are fetched by the next query of the connection
        except sa.exc.SQLAlchemyError as error:
            raise self._failure(error) from error
        if len(rows) > self._limits.rows:
            raise BadInput("warehouse.too_many_rows", limit=self._limits.rows)
        return Answer(rows, self.text(query))

    def coded(self, query: sa.Select[*tuple[Any, ...]], numbers: Sequence[bool]) -> list[Coded]:
        """The columns of a query as codes of their values, however many rows. Raises Unreachable as `run` does.

        `numbers` says which columns hold nothing but doubles.
        """
        try:
            with self._bounded() as connection:
                return self.dialect.fetch_coded(connection, query, numbers)
        except self.dialect.failures as error:
            raise self._failure(error) from error

    def sums(
        self, query: sa.Select[*tuple[Any, ...]], keys: int, *, every: bool = False
    ) -> tuple[list[Coded], Floats]:
        """The first `keys` columns of a query as codes, the others as numbers (columns, rows), 0 for NULL.

        With `every`, however many rows there are; else refused as in `run`. Raises Unreachable as that does.
        """
        try:
            with self._bounded() as connection:
                wanted = query if every else query.limit(self._limits.rows + 1)
                coded, numbers = self.dialect.fetch_sums(connection, wanted, keys)
        except self.dialect.failures as error:
            raise self._failure(error) from error
        if not every and numbers.shape[1] > self._limits.rows:
            raise BadInput("warehouse.too_many_rows", limit=self._limits.rows)
        return coded, numbers

    def batches(self, query: sa.Select[*tuple[Any, ...]]) -> Iterator[Any]:
        """All rows of a query as Arrow tables, so that no more than one is kept. Raises Unreachable as `run` does."""
        try:
            with self._bounded() as connection:
                yield from self.dialect.fetch_batches(connection, query)
        except self.dialect.failures as error:
            raise self._failure(error) from error

    def text(self, query: sa.Select[*tuple[Any, ...]]) -> str:
        """The query as it may be pasted into a console."""
        return self._text.of(query)

    def interrupt(self, thread: int) -> None:
        """Stop the work of `thread` (its identifier): the query it is running, else at its next `go_on` or query."""
        raw = self._running.get(thread)
        if raw is not None or thread in self._working:
            self._stopped.add(thread)
        if raw is not None:
            self.dialect.stop(raw)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Work of this thread that may be stopped, between its queries as well as in one; within other work, a part
        of that.
        """
        me = threading.get_ident()
        if me in self._working:
            yield
            return
        self._working[me] = time.monotonic()
        try:
            yield
        finally:
            self._working.pop(me, None)
            self._stopped.discard(me)

    def go_on(self) -> None:
        """Raises Unreachable where the work of this thread was stopped, or computes for longer than a query may."""
        me = threading.get_ident()
        if me in self._stopped:
            raise Unreachable("warehouse.stopped")
        if time.monotonic() - self._working.get(me, math.inf) > self._limits.seconds:
            raise Unreachable("warehouse.too_long", seconds=self._limits.seconds)

    def close(self) -> None:
        self._engine.dispose()

    @contextlib.contextmanager
    def _bounded(self) -> Iterator[sa.Connection]:
        me = threading.get_ident()
        if me not in self._working:
            self._stopped.discard(me)  # of an earlier query
        if me in self._stopped:
            raise Unreachable("warehouse.stopped")
        connection = self._engine.connect()
        raw = connection.connection.driver_connection
        # what ends the query may not be heard; what is said when it is done may have no answer either
        with DEADLINES.within(self._limits.seconds + SILENT_S, partial(self.dialect.cut, raw)), connection:
            self._running[me] = raw
            started = time.monotonic()
            try:
                with DEADLINES.within(self._limits.seconds, partial(self.dialect.stop, raw)):
                    yield connection
            finally:
                if me in self._working:
                    self._working[me] += time.monotonic() - started
                self._running.pop(me, None)

    def _failure(self, error: Exception) -> Unreachable:
        if threading.get_ident() in self._stopped:
            return Unreachable("warehouse.stopped")
        if self.dialect.was_stopped(getattr(error, "orig", None) or error):
            return Unreachable("warehouse.too_slow", seconds=self._limits.seconds)
        if self._were_altered(error):
            self.is_outdated = True
            return Unreachable("warehouse.altered", source=self.address, detail=_first_line(error))
        return Unreachable("warehouse.unreachable", source=self.address, detail=_first_line(error))

    def _were_altered(self, error: Exception) -> bool:
        """Whether a query failed because its tables are not what they were when they were first asked for."""
        if not isinstance(error, sa.exc.DBAPIError) or error.connection_invalidated:
            return False
        try:
            with self._bounded() as connection:
                now = {name: self._read(name, connection) for name in [*self._tables]}
                return any(_columns(now[name]) != _columns(self._tables[name]) for name in now)
        except sa.exc.NoSuchTableError:
            return True
        except sa.exc.SQLAlchemyError:
            return False

    def _nearest_table(self, name: str) -> str:
        inspector = sa.inspect(self._engine)
        return near(name, [*inspector.get_table_names(), *inspector.get_view_names()])


def _columns(table: sa.FromClause) -> dict[str, str]:
    return {column.name: repr(column.type) for column in table.columns}


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return next(iter(str(cause).splitlines()), type(cause).__name__)[:200].rstrip(". ")

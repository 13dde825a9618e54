"""How is Spark's Thrift server spoken to? PyHive logs in; its own cursor cannot be stopped while it waits.

A DB-API over one session: a query is started, waited for and fetched in columns; another thread may cancel it. Only
what reads is sent at all, for Spark itself knows no session that cannot write.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np
from pyhive import hive
from pyhive.exc import (
    DatabaseError,
    DataError,
    Error,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from TCLIService import ttypes
from thrift.Thrift import TException
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport
from thrift_sasl import TSaslClientTransport

__all__ = [
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "connect",
    "paramstyle",
]  # fmt: skip

apilevel, threadsafety, paramstyle = "2.0", 1, "named"
FETCHED = 10_000  # rows a time, which is the most that a server gives when it is not told otherwise
ANSWERS_S = 60  # a server that says nothing for so long is away: it answers about a running query every five seconds
READS = re.compile(r"\s*(SELECT|DESCRIBE|SHOW)\b", re.IGNORECASE)
States = ttypes.TOperationState
RUNNING = (States.INITIALIZED_STATE, States.PENDING_STATE, States.RUNNING_STATE)
MADE: dict[str, Callable[[Any], Any]] = {
    "DATE_TYPE": date.fromisoformat,
    "TIMESTAMP_TYPE": lambda text: datetime.fromisoformat(text[:26]),
    "DECIMAL_TYPE": Decimal,
}


class IntegrityError(DatabaseError):  # type: ignore[misc]
    """Never raised: a DB-API has one, PyHive does not."""


class QueryCanceled(OperationalError):  # type: ignore[misc]
    """The query was stopped by this side."""


def connect(**how: Any) -> Connection:
    """A session; arguments as PyHive's. Raises OperationalError where the server does not let one in."""
    with _said():
        return Connection(how)


class Connection:
    """A session with a server. One thread may ask at a time, any may `cancel`."""

    def __init__(self, how: dict[str, Any]) -> None:
        self._how = how
        self._asked: Any = None  # what the server runs for this session
        self.stopped = threading.Event()
        self._session = hive.Connection(**_by_transport(how))
        self._handle = self._session.sessionHandle
        self.client = self._session.client

    def cursor(self) -> Cursor:
        return Cursor(self)

    def close(self) -> None:
        with contextlib.suppress(TException, OSError, Error):  # the server may be away
            self._session.close()

    def commit(self) -> None:
        """Nothing is written."""

    def rollback(self) -> None:
        """Nothing is written."""

    def cancel(self) -> None:
        """Stops what is running; a session of its own says so, for this one is waiting for the answer."""
        self.stopped.set()
        asked = self._asked
        if asked is not None:
            with contextlib.closing(hive.Connection(**_by_transport(self._how))) as other:
                other.client.CancelOperation(ttypes.TCancelOperationReq(asked))

    def is_alive(self) -> bool:
        """Whether the server still knows the session; no query is run."""
        asked = ttypes.TGetInfoReq(self._handle, ttypes.TGetInfoType.CLI_SERVER_NAME)
        try:
            return bool(self.client.GetInfo(asked).status.statusCode == ttypes.TStatusCode.SUCCESS_STATUS)
        except (TException, OSError):
            return False

    def run(self, statement: str) -> Any:
        """Runs a statement to its end; its handle."""
        request = ttypes.TExecuteStatementReq(self._handle, statement, runAsync=True)
        self._asked = handle = _good(self.client.ExecuteStatement(request)).operationHandle
        try:
            self._wait(handle)
        except Error:
            self.end(handle)
            raise
        finally:
            self._asked = None
        return handle

    def end(self, handle: Any) -> None:
        """What the server keeps of a statement may go."""
        with contextlib.suppress(TException, OSError):
            self.client.CloseOperation(ttypes.TCloseOperationReq(handle))

    def _wait(self, handle: Any) -> None:
        while True:
            if self.stopped.is_set():
                self.client.CancelOperation(ttypes.TCancelOperationReq(handle))
                raise QueryCanceled("stopped")
            status = _good(self.client.GetOperationStatus(ttypes.TGetOperationStatusReq(handle)))
            if status.operationState == States.FINISHED_STATE:
                return
            if status.operationState not in RUNNING and not self.stopped.is_set():
                raise OperationalError(_plain(status.errorMessage))


class Cursor:
    """The rows of one query, fetched as they are asked for."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._handle: Any = None
        self._rows: deque[tuple[Any, ...]] = deque()
        self._more = False
        self._kinds: list[str] = []
        self.description: list[tuple[Any, ...]] | None = None

    def execute(self, statement: str, parameters: object = None) -> None:
        """Runs a statement that reads, with its values in it already. Raises NotSupportedError for any other."""
        if not READS.match(statement):
            raise NotSupportedError("read-only: nothing but SELECT is sent to Spark")
        self.close()
        with _said():
            self._handle = self._connection.run(statement)
            self._describe()

    def _describe(self) -> None:
        schema = _good(self._connection.client.GetResultSetMetadata(ttypes.TGetResultSetMetadataReq(self._handle)))
        entries = [(column.columnName, column.typeDesc.types[0].primitiveEntry) for column in schema.schema.columns]
        self._kinds = [ttypes.TTypeId._VALUES_TO_NAMES[entry.type] if entry else "" for _, entry in entries]
        self.description = [
            (name, kind, None, None, None, None, True) for (name, _), kind in zip(entries, self._kinds, strict=True)
        ]
        self._more = True

    def fetchone(self) -> tuple[Any, ...] | None:
        while not self._rows and self._more:
            self._fetch()
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        return list(islice(self, size or self.arraysize))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchone, None)

    def _fetch(self) -> None:
        request = ttypes.TFetchResultsReq(self._handle, ttypes.TFetchOrientation.FETCH_NEXT, FETCHED)
        with _said():
            results = _good(self._connection.client.FetchResults(request)).results
        columns = [_values(column, kind) for column, kind in zip(results.columns, self._kinds, strict=True)]
        rows = list(zip(*columns, strict=True))
        self._more = bool(rows)
        self._rows.extend(rows)

    def close(self) -> None:
        if self._handle is not None:
            self._connection.end(self._handle)
        self._handle, self._more, self.description = None, False, None
        self._rows.clear()


def _by_transport(how: dict[str, Any]) -> dict[str, Any]:
    """PyHive's arguments with a socket that does not wait for ever, where the server is not spoken to over HTTP."""
    auth = how.get("auth") or ("LDAP" if how.get("password") else "NONE")
    if how.get("scheme") or auth == "KERBEROS":
        return how
    host, name, password = how.get("host"), how.get("username") or "satrace", how.get("password") or "x"
    socket = TSocket(host, how.get("port"))
    socket.setTimeout(ANSWERS_S * 1000)
    if auth == "NOSASL":
        transport = TBufferedTransport(socket)
    else:
        login = {"host": host, "sasl_auth": "PLAIN", "username": name, "password": password}
        transport = TSaslClientTransport(lambda: hive.get_installed_sasl(**login), "PLAIN", socket)
    kept: dict[str, Any] = {key: how[key] for key in ("database", "configuration") if key in how}
    return {**kept, "username": name, "thrift_transport": transport}


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What goes wrong on the way is said as a database error."""
    try:
        yield
    except (TException, OSError, EOFError) as error:
        raise OperationalError(str(error) or type(error).__name__) from error
    except AssertionError as error:  # as PyHive says that a server speaks another protocol
        raise OperationalError(f"not a Thrift server of Spark: {error}") from error


def _good(response: Any) -> Any:
    if response.status.statusCode not in (
        ttypes.TStatusCode.SUCCESS_STATUS, ttypes.TStatusCode.SUCCESS_WITH_INFO_STATUS
    ):  # fmt: skip
        raise OperationalError(_plain(response.status.errorMessage))
    return response


def _plain(message: str | None) -> str:
    """What the engine says, without what the server puts before it."""
    return re.sub(r"^.*?(?=\[[A-Z_]+[.\]])", "", message or "", count=1, flags=re.DOTALL) or "failed"


def _values(column: Any, kind: str) -> Sequence[Any]:
    """The values of a column as Thrift brings it, None for NULL."""
    one = next(one for one in vars(column).values() if one is not None)
    values: list[Any] = one.values
    for place in np.flatnonzero(np.unpackbits(np.frombuffer(one.nulls, np.uint8), bitorder="little")):
        if place < len(values):
            values[place] = None
    make = MADE.get(kind)
    return values if make is None else [None if value is None else make(value) for value in values]

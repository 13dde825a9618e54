"""How is Spark's Thrift server spoken to? PyHive logs in; its own cursor cannot be stopped while it waits.

A DB-API over one session: a query is started, waited for and fetched in columns; another thread may cancel it. Only
what reads is sent at all, for Spark itself knows no session that cannot write.
"""

from __future__ import annotations

import contextlib
import math
import re
import socket
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
LETS_IN_S = 10.0
ANSWERS_S = 60.0  # a server that says nothing for so long is away: it answers about a running query every 5 seconds
READS = re.compile(r"\s*(SELECT|DESCRIBE|SHOW)\b", re.IGNORECASE)
States = ttypes.TOperationState
GOOD = (ttypes.TStatusCode.SUCCESS_STATUS, ttypes.TStatusCode.SUCCESS_WITH_INFO_STATUS)
LOST = (TException, OSError, EOFError)
RUNNING = (States.INITIALIZED_STATE, States.PENDING_STATE, States.RUNNING_STATE)
MADE: dict[str, Callable[[Any], Any]] = {
    "DATE_TYPE": date.fromisoformat,
    "TIMESTAMP_TYPE": lambda text: datetime.fromisoformat(text[:26]),
    "DECIMAL_TYPE": Decimal,
}


class IntegrityError(DatabaseError):  # type: ignore[misc]
    """Never raised: a DB-API has one, PyHive does not."""


class QueryCanceled(OperationalError):  # type: ignore[misc]
    """The query was stopped, by this side or because its time was over."""


def connect(*, seconds: float = 0, **how: Any) -> Connection:
    """A session; arguments as PyHive's. Raises OperationalError where the server does not let one in.

    seconds: after which the server ends a statement by itself, as where nobody is left to stop it; 0 for never.
    """
    try:
        return Connection(how, seconds)
    except Error as error:  # PyHive hands on all that the server answered
        status = getattr(error.args[0] if error.args else None, "status", None)
        raise OperationalError(_plain(status.errorMessage if status else str(error))) from error
    except LOST as error:
        raise OperationalError(str(error) or type(error).__name__) from error
    except AssertionError as error:  # as PyHive says that a server speaks another protocol
        raise OperationalError(f"not a Thrift server of Spark: {error}") from error


class Connection:
    """A session with a server. One thread may ask at a time, any may `cancel` and `cut`."""

    def __init__(self, how: dict[str, Any], seconds: float = 0) -> None:
        self._how = how
        self._seconds = math.ceil(seconds)
        self._asked: Any = None  # what the server runs for this session
        self._lost = False
        self.stopped = threading.Event()
        self._socket, arguments = _by_socket(how)
        self._session = hive.Connection(**arguments)
        self._handle = self._session.sessionHandle
        self._wait_at_most(ANSWERS_S)

    def cursor(self) -> Cursor:
        return Cursor(self)

    def close(self) -> None:
        """The session ends; where the server is away, the line alone."""
        with contextlib.suppress(*LOST, Error):
            if not self._lost:
                self._session.close()
        with contextlib.suppress(*LOST):
            self._session._transport.close()

    def commit(self) -> None:
        """Nothing is written."""

    def rollback(self) -> None:
        """Nothing is written."""

    def cancel(self) -> None:
        """Stops what is running; a session of its own says so, for this one is waiting for the answer."""
        self.stopped.set()
        asked = self._asked
        if asked is not None:
            with contextlib.closing(Connection(self._how)) as other:
                other.ask("CancelOperation", ttypes.TCancelOperationReq(asked))

    def cut(self) -> None:
        """Ends the line below whoever waits on it."""
        self._lost = True
        if self._socket is not None and self._socket.handle is not None:
            with contextlib.suppress(OSError):
                self._socket.handle.shutdown(socket.SHUT_RDWR)

    def is_alive(self) -> bool:
        """Whether the server still knows the session; no query is run, and nobody waits long."""
        if self._lost:
            return False
        self._wait_at_most(LETS_IN_S)
        try:  # its names it would say in any session
            self.ask("GetInfo", ttypes.TGetInfoReq(self._handle, ttypes.TGetInfoType.CLI_MAX_COLUMN_NAME_LEN))
        except Error:
            return False
        self._wait_at_most(ANSWERS_S)
        return True

    def ask(self, what: str, request: Any) -> Any:
        """The server's answer to a request. Raises OperationalError where it says no, or nothing."""
        try:
            response = getattr(self._session.client, what)(request)
        except LOST as error:
            self._lost = True  # the rest of an answer may still come: nothing else is asked on this line
            raise OperationalError(str(error) or type(error).__name__) from error
        if response.status.statusCode not in GOOD:
            raise OperationalError(_plain(response.status.errorMessage))
        return response

    def run(self, statement: str) -> Any:
        """Runs a statement to its end; its handle."""
        request = ttypes.TExecuteStatementReq(self._handle, statement, runAsync=True, queryTimeout=self._seconds)
        self._asked = handle = self.ask("ExecuteStatement", request).operationHandle
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
        if not self._lost:
            with contextlib.suppress(Error):
                self.ask("CloseOperation", ttypes.TCloseOperationReq(handle))

    def _wait(self, handle: Any) -> None:
        """The server answers when the statement has ended, and every five seconds before."""
        while True:
            if self.stopped.is_set():
                self.ask("CancelOperation", ttypes.TCancelOperationReq(handle))
                raise QueryCanceled("stopped")
            status = self.ask("GetOperationStatus", ttypes.TGetOperationStatusReq(handle))
            if status.operationState == States.FINISHED_STATE:
                return
            if status.operationState == States.TIMEDOUT_STATE:
                raise QueryCanceled("stopped by the server")
            if status.operationState not in RUNNING and not self.stopped.is_set():
                raise OperationalError(_plain(status.errorMessage))

    def _wait_at_most(self, seconds: float) -> None:
        if self._socket is not None:
            self._socket.setTimeout(seconds * 1000)


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
        self._handle = self._connection.run(statement)
        self._describe()

    def _describe(self) -> None:
        schema = self._connection.ask("GetResultSetMetadata", ttypes.TGetResultSetMetadataReq(self._handle))
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
        results = self._connection.ask("FetchResults", request).results
        columns = [_values(column, kind) for column, kind in zip(results.columns, self._kinds, strict=True)]
        rows = list(zip(*columns, strict=True))
        self._more = bool(rows)
        self._rows.extend(rows)

    def close(self) -> None:
        if self._handle is not None:
            self._connection.end(self._handle)
        self._handle, self._more, self.description = None, False, None
        self._rows.clear()


def _by_socket(how: dict[str, Any]) -> tuple[TSocket | None, dict[str, Any]]:
    """PyHive's arguments with a socket that does not wait for ever; PyHive's own over HTTP and with Kerberos."""
    auth = how.get("auth") or ("LDAP" if how.get("password") else "NONE")
    if how.get("scheme") or auth == "KERBEROS":
        return None, how
    host, name, password = how.get("host"), how.get("username") or "satrace", how.get("password") or "x"
    line = TSocket(host, how.get("port"))
    line.setTimeout(LETS_IN_S * 1000)
    if auth == "NOSASL":
        transport = TBufferedTransport(line)
    else:
        login = {"host": host, "sasl_auth": "PLAIN", "username": name, "password": password}
        transport = TSaslClientTransport(lambda: hive.get_installed_sasl(**login), "PLAIN", line)
    kept: dict[str, Any] = {key: how[key] for key in ("database", "configuration") if key in how}
    return line, {**kept, "username": name, "thrift_transport": transport}


def _plain(message: str | None) -> str:
    """What the engine says, without what the server puts before it."""
    return re.sub(r"^.*(?:Exception|Error|Error running query): ?", "", message or "") or "failed"


def _values(column: Any, kind: str) -> Sequence[Any]:
    """The values of a column as Thrift brings it, None for NULL."""
    one = next(one for one in vars(column).values() if one is not None)
    values: list[Any] = one.values
    for place in np.flatnonzero(np.unpackbits(np.frombuffer(one.nulls, np.uint8), bitorder="little")):
        if place < len(values):
            values[place] = None
    make = MADE.get(kind)
    return values if make is None else [None if value is None else make(value) for value in values]

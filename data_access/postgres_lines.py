"""Lines to a PostgreSQL server: nobody waits for ever on one that fell silent.

The server's own time limits help only while it can be heard. A line may also die without a word: a cable, a firewall
that forgets, a machine that stops. The kernel notices some of these, by keepalives; for all others a wait has an end
here, at which the socket is shut below whoever waits. Whoever waited in vain spares the others a wait as long.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from data_access.deadlines import DEADLINES

CONNECT_S = 10  # to connect, or to hear from a line that was open before
KEPT_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}


def connect_args(url: URL, settings: Mapping[str, object]) -> dict[str, Any]:
    """How psycopg connects; `settings` are those of the session, besides what the URL itself asks for."""
    asked = url.query.get("options", "")
    ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "connect_timeout": CONNECT_S, **KEPT_ALIVE,
        "options": f"{asked if isinstance(asked, str) else ' '.join(asked)} {ours}".strip(),
    }  # fmt: skip


def cut(raw: Any) -> None:
    """Shut the socket of a psycopg connection, below whichever thread waits for it: that one is told by an error."""
    # it may have closed in this moment
    with suppress(Exception), socket.socket(fileno=socket.dup(raw.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


class Lines:
    """The lines of an engine, and who waits on which. Safe between threads."""

    def __init__(self, engine: Engine) -> None:
        self._dialect = engine.dialect
        self._waits: dict[int, Any] = {}  # the line that a thread waits on
        self._rests_until = 0.0
        event.listen(engine, "connect", self._opened, insert=True)  # SQLAlchemy itself asks something at first
        event.listen(engine, "checkout", self._taken)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What this thread asks of the server has an end after some seconds."""
        me = threading.get_ident()
        outer = self._waits.pop(me, None)
        try:
            with DEADLINES.within(seconds, partial(self._cut, me)):
                yield
        finally:
            self._waits.pop(me, None)
            if outer is not None:
                self._waits[me] = outer

    @property
    def rest(self) -> bool:
        """Whether somebody has just waited in vain: as long as that took, nobody need do so again."""
        return time.monotonic() < self._rests_until

    def waited_in_vain(self) -> None:
        self._rests_until = time.monotonic() + CONNECT_S

    def _cut(self, thread: int) -> None:
        raw = self._waits.get(thread)
        if raw is not None:
            self.waited_in_vain()
            cut(raw)

    def _opened(self, raw: Any, record: Any) -> None:
        self._waits[threading.get_ident()] = raw
        record.info["is_fresh"] = True

    def _taken(self, raw: Any, record: Any, _fairy: Any) -> None:
        """A line from the pool must answer, soon; where one does not, the others are as old and go with it."""
        self._waits[threading.get_ident()] = raw
        if record.info.pop("is_fresh", False):
            return
        try:
            with DEADLINES.within(CONNECT_S, partial(cut, raw)):
                self._dialect.do_ping(raw)
        except Exception as error:  # the driver's own, of one kind or another
            raise InvalidatePoolError from error

"""Was it saved? A line that breaks while a transaction is being committed leaves that open; the server can tell.

Every transaction that writes on a server knows its number there and, once there is a line again, asks what became of
it. On a file there is no such moment: who commits is who knows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import BigInteger, Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from data_access.statement import BadInput, Unreachable
from data_access.workshop import failures, form

MIGRATION_LOCK = 0x5A7_2ACE  # any number, the same in every process
SETTLE_S = 25.0  # to learn what became of a transaction; the server ends one that is left alone sooner
ASKED_AGAIN_S = 0.5


@contextmanager
def committed(engine: Engine) -> Iterator[Connection]:
    """A transaction on a server. What the server has committed counts, whatever became of the line.

    Raises: BadInput before anything is written to a store of a newer program; Unreachable `store.unsure` where nobody
    can tell; DBAPIError.
    """
    number, is_done = 0, False
    try:
        with engine.begin() as connection:
            number = _entered(engine, connection)
            yield connection
            is_done = True
    except DBAPIError as error:
        if not (is_done and error.connection_invalidated):
            raise
        if not _was_committed(engine, number):
            raise


def check_form(engine: Engine, found: str | None) -> None:
    """Raises BadInput or Unreachable where the form of a store that was open is another by now."""
    if key := form.trouble_with(found):
        kind = BadInput if key == "store.newer" else Unreachable
        raise kind(key, place=failures.place(engine))


def _entered(engine: Engine, connection: Connection) -> int:
    """The number of the transaction. Whoever brings the store to another form waits until it is over."""
    connection.execute(select(func.pg_advisory_xact_lock_shared(MIGRATION_LOCK)))
    number = func.txid_current(type_=BigInteger)
    found, mine = connection.execute(select(func.max(form.form.c.version_num), number)).one()
    check_form(engine, found)
    return int(mine)


def _was_committed(engine: Engine, number: int) -> bool:
    """Asks until the server is there again and the transaction is over, one way or the other."""
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        try:
            with engine.connect() as connection:
                status = connection.execute(select(func.txid_status(number))).scalar()
        except DBAPIError:
            status = "in progress"
        if status != "in progress":
            break
        time.sleep(ASKED_AGAIN_S)
    else:
        status = None
    if status is None:
        raise Unreachable("store.unsure", place=failures.place(engine))
    return bool(status == "committed")

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
NEVER_GIVEN = "22023"  # of a number that lies in the future: it was lost in a crash
# its start, and when its statistics began: a crash of one part of it begins these anew
LIFE = func.concat(func.pg_postmaster_start_time(), " ", func.pg_stat_get_bgwriter_stat_reset_time())


@contextmanager
def committed(engine: Engine) -> Iterator[Connection]:
    """A transaction on a server. What the server has committed counts, whatever became of the line.

    Raises: BadInput before anything is written to a store of a newer program; Unreachable `store.unsure` where nobody
    can tell; DBAPIError.
    """
    number, server, is_done = 0, "", False
    try:
        with engine.begin() as connection:
            number, server = _entered(engine, connection)
            yield connection
            is_done = True
    except DBAPIError as error:
        if not (is_done and error.connection_invalidated):
            raise
        if not _was_committed(engine, number, server):
            raise


def check_form(engine: Engine, found: str | None) -> None:
    """Raises BadInput or Unreachable where the form of a store that was open is another by now."""
    if key := form.trouble_with(found):
        kind = BadInput if key == "store.newer" else Unreachable
        raise kind(key, place=failures.place(engine))


def _entered(engine: Engine, connection: Connection) -> tuple[int, str]:
    """The number of the transaction and the life of the server that gave it.

    Whoever brings the store to another form waits until the transaction is over.
    """
    connection.execute(select(func.pg_advisory_xact_lock_shared(MIGRATION_LOCK)))
    number = func.txid_current(type_=BigInteger)
    found, mine, life = connection.execute(select(func.max(form.form.c.version_num), number, LIFE)).one()
    check_form(engine, found)
    return int(mine), str(life)


def _was_committed(engine: Engine, number: int, life: str) -> bool:
    """Asks until the server is there again and the transaction is over, one way or the other.

    A server that crashed may give a number again that was lost with it: then a commit under it may be another's.
    """
    status, now = _settled(engine, number)
    if status is None or (status == "committed" and now != life):
        raise Unreachable("store.unsure", place=failures.place(engine))
    return status == "committed"


def _settled(engine: Engine, number: int) -> tuple[str | None, str]:
    """What became of a transaction, None where that could not be learnt in time; and the life of the server."""
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        try:
            with engine.connect() as connection:
                status, life = connection.execute(select(func.txid_status(number), LIFE)).one()
            if status != "in progress":
                return status, str(life)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == NEVER_GIVEN:
                return "aborted", ""
        time.sleep(ASKED_AGAIN_S)
    return None, ""

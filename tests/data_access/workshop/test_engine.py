"""Stores that cannot be used are one clear sentence each."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from data_access.statement import BadInput, Unreachable
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import (
    ANALYST,
    key_of,
)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense", "duckdb:///x.db"])
def test_other_kinds_of_store_are_refused(url: str) -> None:
    with pytest.raises(BadInput) as error:
        open_store(url)
    assert key_of(error) == "store.bad_url"


def test_a_server_that_is_down_is_one_sentence_without_the_password() -> None:
    with pytest.raises(Unreachable) as error:
        open_store("postgresql://li:secret@127.0.0.1:1/satrace")
    assert error.value.statement.key == "store.unreachable"
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "w.sqlite").write_bytes(b"not a database at all, only text " * 50)
    with pytest.raises(Unreachable):
        open_store(f"sqlite:///{tmp_path / 'w.sqlite'}")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unreachable):
        open_store(f"sqlite:///{tmp_path / 'file' / 'w.sqlite'}")


def test_the_file_is_in_wal_mode(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'w.sqlite'}").engine.dispose()
    assert sqlite3.connect(tmp_path / "w.sqlite").execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_store_that_goes_down_and_comes_back(store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("a file does not go down")
    issue = store.create_issue(ANALYST, "3G")
    name = store.engine.url.database
    server = create_engine(store.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
        with pytest.raises(Unreachable) as error:
            store.save_issue(ANALYST, replace(issue, notes="x"))
        assert error.value.statement.key == "store.unreachable"
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    server.dispose()
    assert store.save_issue(ANALYST, replace(issue, notes="x")).version == 2

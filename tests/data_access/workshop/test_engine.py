"""Stores that cannot be used are one clear sentence each."""

import shutil
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from data_access.statement import BadInput, Unreachable
from data_access.workshop.store import Store, open_existing, open_store
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


@pytest.mark.parametrize("opens", [open_store, open_existing])
def test_the_database_of_something_else_is_left_alone(opens: Callable[[str], Store], tmp_path: Path) -> None:
    path = tmp_path / "orders.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE orders (id)")
    before = path.read_bytes()
    with pytest.raises(BadInput) as error:
        opens(f"sqlite:///{path}")
    assert key_of(error) == "store.foreign" and path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["orders.sqlite"]


def test_a_database_without_tables_may_become_a_store_but_is_none_yet(tmp_path: Path) -> None:
    path = tmp_path / "bare.sqlite"
    with closing(sqlite3.connect(path)) as bare:
        bare.execute("PRAGMA user_version=1")
    with pytest.raises(Unreachable) as error:
        open_existing(f"sqlite:///{path}")
    assert key_of(error) == "store.none_yet"
    assert open_store(f"sqlite:///{path}").issues(ANALYST) == ()


def test_a_store_asked_for_reading_only_is_read_without_a_warning(empty_store: Path, tmp_path: Path) -> None:
    path = shutil.copy(empty_store, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store = open_existing(f"sqlite:///{path}?mode=ro")
        assert store.issues(ANALYST) == ()
    with pytest.raises(Unreachable) as error:
        store.create_issue(ANALYST, "A")
    assert key_of(error) == "store.read_only"

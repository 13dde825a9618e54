"""A data folder full of everything, stores with nothing in them, and what a backup of them holds."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from data_access.backup.reaching import snapshot, tables
from data_access.backup.rows import lines
from data_access.settings import Settings

FILES = {
    "imports/0123456789ab/data.duckdb": b"rows", "imports/0123456789ab/about.json": b"{}",
    "imports/audit.jsonl": b"{}\n", "imports/people.json": b"{}", "imports/last.json": b"{}",
    "classes/c1/contacts.duckdb": b"frozen", "classes/c1/semantic.toml": "名称".encode(), "salt": b"s" * 32,
    "tours.json": b"{}",
}  # fmt: skip
LEFT_OUT = {"passcode": b"hash", "door-key": b"key", "files/a.duckdb": b"cache", "imports/x/data.part": b"half",
            "satrace-sample-1.duckdb": b"sample"}  # fmt: skip
NewUrl = Callable[[str], str]
# day by day one test restores onto a server and back
ON_FILE_FIRST = pytest.mark.parametrize(
    "store_url",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.prove])],
    indirect=True,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in which there is something of everything."""
    for name, content in {**FILES, **LEFT_OUT}.items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(content)
    return tmp_path / "data"


@pytest.fixture
def here(data: Path, store_url: str) -> Settings:
    return Settings(data_folder=data, store_url=store_url)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewUrl]:
    """Databases with nothing in them, by their kind."""
    made: list[str] = []

    def fresh(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / uuid4().hex / 'workshop.sqlite'}"
        server = make_url(request.getfixturevalue("postgres_url"))
        made.append(f"restored_{uuid4().hex}")
        _on_server(request, f"CREATE DATABASE {made[-1]}")
        return server.set(database=made[-1]).render_as_string(hide_password=False)

    yield fresh
    for name in made:
        _on_server(request, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(request: pytest.FixtureRequest, what: str) -> None:
    admin = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(what))
    admin.dispose()


def contents(url: str) -> dict[str, list[str]]:
    """All rows of a store, by table."""
    with snapshot(url) as connection:
        return {table.name: list(lines(connection, table)) for table in tables(connection)}


def members(file: Path) -> dict[str, bytes]:
    """What a backup holds, but for when it was made."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def rewritten(file: Path, to: Path, **changes: bytes | None) -> Path:
    """The zip with some members replaced or left out."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        new.comment = old.comment
        for name in old.namelist():
            content = changes.get(name, old.read(name)) if name in changes else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return to


def kinds_beside(url: str) -> list[str]:
    """A server is tried only where the store comes from one, or the test would need it everywhere."""
    return ["sqlite"] if url.startswith("sqlite") else ["sqlite", "postgresql"]

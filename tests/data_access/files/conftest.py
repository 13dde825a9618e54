"""Small files written for one test each, read through the same door as a user's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data_access.files import LoadedFile, ReadOptions, load_file

Load = Callable[..., LoadedFile]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write content (text as UTF-8, or bytes) under a name and load it."""

    def _load(content: str | bytes, name: str = "data.csv", **options: object) -> LoadedFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_file(path, cache=tmp_path / "cache", options=ReadOptions(**options))  # type: ignore[arg-type]

    return _load


def rows_of(loaded: LoadedFile) -> list[tuple[object, ...]]:
    with duckdb.connect(str(loaded.database), read_only=True) as db:
        return db.execute(f'SELECT * FROM "{loaded.table}"').fetchall()


def types_of(loaded: LoadedFile) -> dict[str, str]:
    return {column.name: column.type for column in loaded.columns}


def keys_of(statements: tuple[object, ...]) -> list[str]:
    return [statement.key for statement in statements]  # type: ignore[attr-defined]

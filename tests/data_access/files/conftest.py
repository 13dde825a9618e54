"""Small files written for one test each, read through the same door as a user's file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings

from analysis.__main__ import main as analyse
from data_access.__main__ import main as data_access
from data_access.files import apart
from data_access.files.load import load_file
from data_access.files.loading import run_loading
from data_access.files.options import LoadedFile, ReadOptions
from data_access.model_file import parse_model
from data_access.semantics import SemanticModel

CASES = Path(__file__).resolve().parents[2] / "cases"
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


class Told:
    """What the commands say of one file."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.place, self._model, self._capsys = place, place / "model.toml", capsys
        self.source, self.draft = Path(), ""

    def drafted(self, source: Path, *options: str) -> SemanticModel:
        """`python -m data_access draft SOURCE > model.toml`"""
        self.source = source
        assert data_access(["draft", str(source), *options]) == 0
        self.draft = self._capsys.readouterr().out
        self._model.write_text(self.draft, "utf-8")
        return parse_model(self.draft)

    @property
    def comments(self) -> str:
        return "\n".join(line for line in self.draft.splitlines() if line.startswith("#"))

    def analysed(self, method: str, *options: str) -> dict[str, object]:
        """`python -m analysis METHOD --source SOURCE --model model.toml`"""
        asked = [method, "--source", str(self.source), "--model", str(self._model), *options]
        assert analyse([*asked, "--format", "json"]) == 0
        found: dict[str, object] = json.loads(self._capsys.readouterr().out)
        return found

    def figures(self, *names: str) -> tuple[float, ...]:
        """Statistics of `overview`, to two decimals."""
        return tuple(round(self.analysed("overview")["statistics"][name], 2) for name in names)  # type: ignore[index]

    def ask(self, query: str) -> Any:
        """The one value of a query on the file as it was read, which it calls t."""
        loaded = load_file(self.source, cache=self.place / "asked")
        with duckdb.connect(str(loaded.database), read_only=True) as db:
            found = db.execute(query.replace("FROM t", f'FROM "{loaded.table}"')).fetchone()
        assert found is not None
        return found[0]

    def correlation(self, x: str, y: str) -> float:
        """Of `association`, to four decimals."""
        table: Any = self.analysed("association")["table"]
        return next(round(row["value"], 4) for row in table if {row["x"], row["y"]} == {x, y})

    def by(self, dimension: str) -> dict[str, tuple[int, float]]:
        """Answers and score of each segment."""
        table = self.analysed("contribution", "--by", dimension)["table"]
        return {row["segment"][dimension]: (row["n"], round(row["score"], 2)) for row in table}  # type: ignore[attr-defined]


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "data"))
    return Told(tmp_path, capsys)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Day by day files of many forms are read without a process for each: here it is about what is read.

    That any other file is read apart, and what becomes of it there, is the matter of the other tests.
    """
    if settings.get_current_profile_name() != "prove":
        monkeypatch.setattr(apart, "_apart", lambda source, folder, progress: run_loading(source, folder, progress))

"""A database file that somebody gave may hold any view: it reads no other file of this machine, and ends in time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from data_access.files import given as looking
from data_access.files import kept_hash, kept_profile
from data_access.files.load import load_file
from data_access.files.options import SHOWN_ROWS
from data_access.model_file import parse_model
from data_access.sources import open_source
from data_access.statement import BadInput, Unreachable
from data_access.warehouse import Limits, open_warehouse
from tests.data_access.workshop.conftest import key_of

MODEL = """
table = "contacts"
score = { column = "score", scale = [1, 5], formula = "mean_of_max", satisfied_from = 4, dissatisfied_to = 2 }
[dimensions]
team = { column = "team" }
"""


def given(folder: Path, view: str) -> Path:
    path = folder / "given.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute(f"CREATE VIEW contacts AS {view}")
    return path


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    path.write_text("cookie_secret = 'x'")
    return path


@pytest.mark.parametrize(
    "read", ["read_text('{}')", "read_csv('{}', columns = {{'content': 'VARCHAR'}})", "glob('{}')"]
)
def test_a_view_of_another_file_is_not_opened(tmp_path: Path, secret: Path, read: str) -> None:
    path = given(tmp_path, f"SELECT 3 AS score, * FROM {read.format(secret)}")
    with pytest.raises(BadInput) as error:
        load_file(path, cache=tmp_path / "cache")
    assert key_of(error) == "file.reaches_out"


def test_a_warehouse_reads_no_other_file_either(tmp_path: Path, secret: Path) -> None:
    path = given(tmp_path, f"SELECT 3 AS score, content AS team FROM read_text('{secret}')")
    warehouse = open_warehouse(path, parse_model(MODEL))
    with pytest.raises(Unreachable) as error:
        warehouse.members("team")
    assert "cookie" not in str(error.value.statement.values)


def test_an_endless_view_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "GIVEN_S", 0.5)
    path = given(
        tmp_path, "SELECT a.range % 5 + 1 AS score, 'a' AS team FROM range(1000000000000) a, range(1000000) b"
    )
    with pytest.raises(BadInput) as error:
        load_file(path, cache=tmp_path / "cache")
    assert key_of(error) == "file.too_slow"
    warehouse = open_warehouse(path, parse_model(MODEL), limits=Limits(seconds=0.5))
    with pytest.raises(Unreachable) as slow:
        warehouse.members("team")
    assert key_of(slow) == "warehouse.too_slow"


def test_a_table_of_a_given_database_is_read_as_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE contacts AS SELECT range % 5 + 1 AS score, 'a' AS team FROM range(100)")
    loaded = load_file(path, cache=tmp_path / "cache")
    assert (loaded.database, loaded.rows, len(loaded.top)) == (path, 100, SHOWN_ROWS)
    assert open_warehouse(path, parse_model(MODEL)).extent().contacts == 100


def test_a_given_database_is_opened_in_place_and_looked_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = tmp_path / "d.duckdb", tmp_path / "cache"
    monkeypatch.setattr(kept_hash, "SETTLED_NS", 0)  # else a file that was only just written is read again
    written(path, 5)
    with closing(open_source(str(path), cache=cache)) as first:
        assert Path(first.address.removeprefix("duckdb:///")) == path and first.extent().contacts == 100
        version = first.version()
    with monkeypatch.context() as closed:
        closed.setattr(kept_hash, "content_hash", not_again)
        closed.setattr(kept_profile, "profile_table", not_again)
        with closing(open_source(str(path), cache=cache)) as again:
            assert (again.version(), again.model_hash) == (version, first.model_hash)
    written(path, 4)
    with closing(open_source(str(path), cache=cache)) as changed:
        assert changed.version() != version
    assert not list(cache.rglob("*.duckdb"))


def written(path: Path, most: int) -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as db:
        db.execute(
            f"CREATE TABLE contacts AS SELECT range % {most} + 1 AS score, 'a' || range % 2 AS team FROM range(100)"
        )


def not_again(*_: object) -> None:
    raise AssertionError("looked through again")


def test_a_database_that_is_open_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE contacts AS SELECT range % 5 + 1 AS score, 'a' AS team FROM range(100)")
    warehouse = open_warehouse(path, parse_model(MODEL))
    assert warehouse.members("team") == ["a"]
    assert load_file(path, cache=tmp_path / "cache").rows == 100
    assert warehouse.members("team") == ["a"]

"""Mistakes and strange values through the commands: an answer, or one line that says what is wrong. No traceback."""

from __future__ import annotations

import copy
import math
import sys
import tomllib
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path

import duckdb
import pytest

from analysis.__main__ import main as analyse
from data_access.__main__ import main as data_access
from data_access.files.options import options_from
from data_access.model_file import model_of, parse_model
from data_access.statement import BadInput
from tests.data_access.files.hostile import MODELS
from tests.data_access.files.hostile_parts import Draw, bad_header, lists, table
from tests.data_access.test_model_file import FULL

CSV = table(Draw(1), 200)
AT = "at,team,score\n" + "".join(f"{{}}-0{i % 9 + 1}-11,{'ab'[i % 2]},{i % 5 + 1}\n" for i in range(60))
FILES: dict[str, bytes] = {
    "all 0.csv": b"score,team\n" + b"0,a\n0,b\n" * 40,
    "tiny.csv": b"score,team\n" + b"1e-400,a\n1e-400,b\n" * 40,
    "year 0.csv": AT.format(*["0000"] * 60).encode(),
    "year 9999.csv": AT.format(*["9999"] * 60).encode(),
    "years.csv": AT.format(*["0001", "2025", "9999"] * 20).encode(),
    "dots.csv": CSV.replace("team", "...").replace("wait", "a.b").encode(),
    "bad header.parquet": bad_header(Draw(1)),
    "lists.parquet": lists(Draw(2)),
    "good.csv": CSV.encode(),
}


class Said:
    """What a command said, and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def draft(self, *words: str) -> tuple[int, str, str]:
        return self._ended(data_access, ["draft", *words])

    def analysis(self, *words: str) -> tuple[int, str, str]:
        return self._ended(analyse, list(words))

    def _ended(self, command: object, words: list[str]) -> tuple[int, str, str]:
        try:
            code = command(words)  # type: ignore[operator]
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self._capsys.readouterr()
        assert code in (0, 2, 3)
        assert err == "" if code == 0 else err.count("\n") == 1 and out == ""
        return code, out, err


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "data"))
    return Said(capsys)


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.csv"
    path.write_text(CSV, "utf-8")
    return str(path)


@pytest.mark.parametrize("name", FILES)
def test_strange_values(said: Said, tmp_path: Path, name: str) -> None:
    path, model = tmp_path / name, tmp_path / "m.toml"
    path.write_bytes(FILES[name])
    code, text, _ = said.draft(str(path), "--score", "score")
    if code:
        return
    model.write_text(text, "utf-8")
    assert "score" in parse_model(text).metrics
    for method in ("overview", "contribution", "association", "segments", "drivers", "change"):
        said.analysis(method, "--source", str(path), "--model", str(model))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--delimiter", "ab"], "the delimiter must be a single sign"),
        (["--encoding", "utf-16"], "utf-16"),
        (["--encoding", "base64"], "no encoding called base64"),
        (["--encoding", "idna"], "idna"),
        (["--table", "t" * 5_000], "a table is named by 1 to 60 signs"),
        (["--table", "../../t\n"], "a table is named by 1 to 60 signs"),
        (["--blank-zero", "team"], "team holds words"),
        (["--score", "te\udcffam"], "has no column te\ufffdam"),
    ],
)
def test_mistaken_options(said: Said, good: str, words: list[str], message: str) -> None:
    code, _, err = said.draft(good, *words)
    assert code == 2 and message in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--sheet", "May"], "--sheet says nothing about a csv file"),
        (["--repeated", "first"], "--repeated was not used"),
    ],
)
def test_options_without_effect_are_said(said: Said, tmp_path: Path, words: list[str], message: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text("team,score\n" + "a,3\nb,4\n" * 40, "utf-8")
    code, out, _ = said.draft(str(path), *words)
    assert code == 0 and f"# {message}" in out


def test_bytes_that_are_no_text(said: Said, good: str) -> None:
    code, _, err = said.analysis("overview", "--source", good, "--where", "team=\udcff")
    assert code == 2 and "team has no value \ufffd" in err


def test_an_empty_table(said: Said, tmp_path: Path) -> None:
    path = tmp_path / "empty.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE contacts (score INTEGER, team VARCHAR)")
    assert said.draft(str(path), "--score", "score")[0] == 2
    assert said.analysis("overview", "--source", str(path))[0] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="has no such folder")
def test_a_folder_that_cannot_be_made(said: Said, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_DATA", "/dev/null/data")
    code, _, err = said.draft(good)
    assert code == 2 and "SATRACE_DATA" in err
    assert said.analysis("overview")[0] == 2


@pytest.mark.parametrize("name", MODELS)
def test_models_that_are_none(said: Said, tmp_path: Path, good: str, name: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MODELS[name], "utf-8")
    code, _, err = said.analysis("overview", "--source", good, "--model", str(path))
    assert code == 2 and len(err) < 600


def places(value: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where in a model something stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*above, key)
        yield from places(part, (*above, key))


@pytest.mark.parametrize("wrong", [3, "x", [], [[1]], {"a": 1}, True, 10**400, math.nan])
def test_a_wrong_value_anywhere_in_a_model(wrong: object) -> None:
    """It is refused by its key, or means something: nothing else is raised."""
    whole = tomllib.loads(FULL)
    refused = 0
    for *above, key in places(whole):
        changed = copy.deepcopy(whole)
        inside = reduce(getitem, above, changed)  # type: ignore[arg-type]
        inside[key] = wrong
        try:
            model = model_of(changed)
            assert hash((*model.dimensions.values(), *model.drivers.values(), *model.metrics.values()))
            options_from(model.reading)
        except BadInput:
            refused += 1
    assert refused > 30

"""The same matrix from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.__main__ import main
from analysis.association.matrix import TABLE

MODEL = """
table = "data"
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
[dimensions]
team = { column = "team" }
shop = { column = "shop" }
[presets]
calls = { columns = ["score", "wait"], of = "team" }
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("calls")
    rows = [(10 - i % 7 - i % 2, 10 * (i % 7), f"t{i % 5}", "ns"[i % 2]) for i in range(210)]
    pd.DataFrame(rows, columns=["score", "wait", "team", "shop"]).to_csv(folder / "calls.csv", index=False)
    (folder / "calls.toml").write_text(MODEL, encoding="utf-8")
    return ["association", "--source", str(folder / "calls.csv"), "--model", str(folder / "calls.toml")]


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))


def answered(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"{name} in JSON")
    )
    return found


def test_columns(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, "--columns", "score,wait,shop"]) == 0
    found = answered(capsys)
    assert [list(row) for row in found["table"]] == [TABLE] * 3  # type: ignore[attr-defined]
    assert list(found["parts"]) == ["order", "columns", "duplicates", "left_out"]  # type: ignore[call-overload]
    first = found["findings"][0]  # type: ignore[index]
    assert (first["key"], first["values"]["coefficient"]) == ("association.with_metric", "pearson")
    assert first["values"]["y"] == {"dimension": "wait"}


def test_a_preset_whose_unit_is_the_team(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, "--preset", "calls"]) == 0
    assert answered(capsys)["table"][0]["n"] == 5  # type: ignore[index]
    assert main([*asked, "--columns", "score,wait", "--of", "team"]) == 0
    assert answered(capsys)["statistics"]["of"] == "team"  # type: ignore[index]


def test_a_wrong_name_is_one_line(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, "--columns", "score,wiat"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and "wait" in told.err and told.err.count("\n") == 1

"""`trace` from the command line: the steps in the order given, one line of trouble."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.__main__ import main
from tests.analysis.test_f1 import MODEL

PERIODS = [
    "--from",
    "2026-10-01",
    "--to",
    "2026-11-01",
    "--baseline-from",
    "2026-09-01",
    "--baseline-to",
    "2026-10-01",
]
ROW = {"step", "dimension", "value", "n", "lost_points", "kept", "kept_of_all", "score"}


@pytest.fixture
def source(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    (tmp_path / "model.toml").write_text('table = "f1_hotline"\n' + MODEL, encoding="utf-8")
    return ["--source", str(shared / "fixtures/f1_hotline.csv"), "--model", str(tmp_path / "model.toml")]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_steps_in_the_order_of_first_mention(
    language: str, source: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["reason=等候/占线", "day_of_month=1", "business=3G", "day_of_month=2"]
    asked = [word for one in where for word in ("--where", one)]
    assert main(["trace", *source, *PERIODS, *asked, "--lang", language]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    assert [row["dimension"] for row in found["table"]] == [None, "reason", "day_of_month", "business"]
    assert found["table"][2]["value"] == ["1", "2"]
    assert all(set(row) >= ROW for row in found["table"])
    assert found["table"][0]["kept"] is None
    assert found["statistics"]["lost_points"] == pytest.approx(15.3)
    assert found["selection"]["filters"] == {}
    assert all(("→" in told["text"]) for told in found["findings"][:1])


def test_the_numbers_of_the_story(source: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    days = [f"day_of_month={d}" for d in (1, 2, 3, 28, 29, 30, 31)]
    asked = [word for one in ("business=3G", "reason=等候/占线", *days) for word in ("--where", one)]
    assert main(["trace", *source, *PERIODS, *asked]) == 0
    rows = json.loads(capsys.readouterr().out)["table"]
    assert [round(100 * row["kept"], 1) for row in rows[1:]] == [100.0, 37.0, 22.2]
    assert [round(100 * row["kept_of_all"], 1) for row in rows[1:]] == [37.3, 13.8, 8.3]


def test_an_unknown_value_is_one_line(source: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", *source, *PERIODS, "--where", "business=33G"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "3G" in err and err.count("\n") == 1


def test_a_blank_value_that_none_has_is_said_in_words(source: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", *source, *PERIODS, "--where", "business="]) == 2
    assert capsys.readouterr().err == "business has no blank value. Name one of its values.\n"

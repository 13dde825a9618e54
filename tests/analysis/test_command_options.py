"""An option of the command line that cannot be meant so is one sentence that names it, in either language."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from analysis.__main__ import main
from pages.words.catalogue import LANGUAGES
from pages.words.methods import presentations
from pages.words.options import Hours, Number

COMMANDS = [shown for shown in presentations() if shown.answers]
TAKEN = {(shown.method, option.flag): option for shown in COMMANDS for option in shown.options if option.flag}
NUMBERS = {place: option for place, option in TAKEN.items() if isinstance(option, Number)}
HOURS = [place for place, option in TAKEN.items() if isinstance(option, Hours)]
FLAGS = sorted({flag for _, flag in TAKEN})


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says; it ends with 2, without any answer, in one sentence."""
    assert main(words) == 2, words
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err, words
    return err


def outside(option: Number) -> list[str]:
    """Texts that are no number, no finite one, or beyond the limits of an option."""
    beyond = [option.above, option.below, option.most + 1]
    return ["nan", "inf", "-inf", "1e400", "x", "", *(f"{value:g}" for value in beyond if math.isfinite(value))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_finite_and_within_its_limits(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert {flag for _, flag in NUMBERS} >= {"--seconds", "--goal", "--quota", "--target", "--threshold", "--depth"}
    for (method, flag), option in NUMBERS.items():
        for text in outside(option):
            said = refused(capsys, method, f"{flag}={text}", "--lang", language)
            assert flag in said and text in said
            assert any("一" <= sign <= "鿿" for sign in said) == (language == "zh-CN")
    said = refused(capsys, "access", "--seconds=-5", "--lang", language)
    assert "--seconds" in said and "-5" in said and " 0" in said and "86400" in said


@pytest.mark.parametrize("text", ["", "-3", "0", "2,nan", "1e400", "2;4", "1e9"])
def test_hours_are_a_list_of_hours(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    for method, flag in HOURS:
        said = refused(capsys, method, f"{flag}={text}")
        assert flag in said and "hours" in said and "(" not in said and "hours_in" not in said


def test_an_option_that_a_method_does_not_take_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for place, flag in enumerate(FLAGS):
        others = [shown.method for shown in COMMANDS if (shown.method, flag) not in TAKEN]
        for method in others[place % 5 :: 5]:  # each method with some of them: all would be thousands
            said = refused(capsys, method, flag, "1")
            assert flag in said and method in said
    assert "quality" in refused(capsys, "bot", "--goal", "3")
    assert "bot" in refused(capsys, "service", "--scenario", "x", "--lang", "zh-CN")


def test_the_help_keeps_methods_and_answers_apart(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    for shown in COMMANDS:
        assert any(line.startswith(f"{shown.method}  ") for line in lines), shown.method


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of answers only: without calls, customers or agents."""
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    rows = "".join(f"c{i},2026-10-{i % 28 + 1:02} 09:00,{'ab'[i % 2]},{10 - i % 4}\n" for i in range(80))
    path = tmp_path / "plain.csv"
    path.write_text("contact_id,contacted_at,team,score\n" + rows)
    return path


def test_without_a_measure_one_that_the_source_has(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for method in ("service_measure", "peers", "definitions"):
        assert main([method, "--source", str(plain), "--by", "team", "--format", "text"]) == 0, method
        assert capsys.readouterr().out
    for method in ("service_measure", "peers", "definitions"):
        said = refused(capsys, method, "--source", str(plain), "--by", "team", "--measure", "satisfid")
        assert "no measure" in said and "satisfied" in said, method

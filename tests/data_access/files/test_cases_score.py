"""Which column is the score, and what do its numbers say? By the real command line, and on tables written for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data_access.__main__ import main as data_access
from data_access.semantics import Missing
from tests.data_access.files.test_cases_rows import CASES, Told

N = 300


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "data"))
    return Told(tmp_path, capsys)


def table(**columns: object) -> str:
    """A table with an id, a channel and the columns given, each a list that is repeated to N rows."""
    given = {name: [values[i % len(values)] for i in range(N)] for name, values in columns.items()}  # type: ignore[index, arg-type]
    whole = {"channel": [("phone", "chat", "mail")[i % 3] for i in range(N)], **given}
    rows = zip(*whole.values(), strict=True)
    lines = ["\t".join(whole), *("\t".join("" if v is None else str(v) for v in row) for row in rows)]
    return "\n".join(lines) + "\n"


def answers(seed: int = 1, top: int = 5) -> list[int]:
    """Answers on a scale from 1 of which the upper ones are common."""
    rng = np.random.default_rng(seed)
    return [int(v) for v in np.clip(np.rint(rng.normal(0.8 * top, 0.25 * top, N)), 1, top)]


def r_with_score(found: dict[str, object]) -> dict[str, float]:
    pairs: list[dict[str, object]] = found["table"]  # type: ignore[assignment]
    return {str(p["y"]): round(float(p["value"]), 4) for p in pairs if p["x"] == "score"}  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["nps.csv", "nps_only.csv"])
def test_case_15_nps_both_ways(told: Told, name: str) -> None:
    model = told.drafted(CASES / "15-nps" / name)
    assert told.figures("responses", "score") == (300, 29.0)
    assert told.by("channel")["Phone"] == (103, 23.3)
    assert model.metric("score").kind.formula == "nps"
    assert "nps_contribution" not in model.drivers


def test_case_16_grades(told: Told) -> None:
    model = told.drafted(CASES / "16-reversed-grade/noten.csv")
    score = model.metric("score")
    assert (score.low, score.high, score.turned, score.kind.formula) == (1, 6, True, "mean_of_max")
    assert told.figures("responses", "score") == (250, 77.07)
    by = told.by("kanal")
    assert min(by, key=lambda name: by[name][1]) == "Chat" and by["Chat"] == (72, 73.61)
    assert "1 was read as the best answer and 6 as the worst. The other way: --worst 1." in told.comments


def test_case_16_the_other_way(told: Told) -> None:
    told.drafted(CASES / "16-reversed-grade/noten.csv", "--worst", "1")
    assert told.figures("responses", "score") == (250, round(100 * (7 - 4.624) / 6, 2))


def test_case_17_codes(told: Told) -> None:
    model = told.drafted(CASES / "17-sentinel-codes/coded.csv")
    assert told.figures("responses", "score") == (373, 73.40)
    found = r_with_score(told.analysed("association"))
    assert (found["speed"], found["politeness"], found["clarity"]) == (0.8899, 0.8824, 0.8794)
    assert {d.codes for d in model.drivers.values()} == {(-9, 98, 99)}
    assert model.metric("score").missing == (98, 99)


def test_case_35_no_header(told: Told) -> None:
    model = told.drafted(CASES / "35-no-header-and-cr/noheader.csv")
    assert model.metric("score").column == "column 5"
    assert told.figures("responses", "score") == (100, 76.80)
    assert told.by("column_4")["Returns"] == (18, 54.44)
    assert "column 5 was chosen as the score because no other column could be one." in told.comments


def test_case_35_carriage_returns(told: Told) -> None:
    assert told.drafted(CASES / "35-no-header-and-cr/cr_only.csv").metric("score").column == "csat"
    assert told.figures("responses") == (100,)


def test_case_39_doubles_of_the_score(told: Told) -> None:
    model = told.drafted(CASES / "39-score-parts-as-driver/总分.csv")
    assert {d.column for d in model.drivers.values()} == {"专业性", "响应速度"}
    assert "总分 is left out: it adds up 整体满意度, 专业性 and 响应速度." in told.comments
    assert "满意度折算百分制 is left out: it says the same as 整体满意度." in told.comments
    found = r_with_score(told.analysed("association"))
    assert {model.drivers[name].column: r for name, r in found.items() if name in model.drivers} == {
        "专业性": 0.8316,
        "响应速度": 0.8859,
    }
    drivers = told.analysed("drivers")
    assert {model.drivers[row["driver"]].column for row in drivers["table"]} == {"专业性", "响应速度"}  # type: ignore[attr-defined]


@pytest.mark.prove
def test_the_commands_in_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "data"))
    source, model = CASES / "16-reversed-grade/noten.csv", tmp_path / "model.toml"
    run = [sys.executable, "-m"]
    model.write_bytes(subprocess.run([*run, "data_access", "draft", source], check=True, capture_output=True).stdout)
    asked = ["analysis", "overview", "--source", source, "--model", model, "--format", "text"]
    found = subprocess.run([*run, *asked], check=True, capture_output=True, text=True).stdout
    assert "77.1 points from 250 answers." in found


class TestOptions:
    """What a person says is believed: `--score`, `--scale`, `--worst`, `--blank-zero`."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "file.tsv"
        path.write_text(
            table(mark=answers(1), **{"other mark": answers(2), "price": [19.5, 300.25, 2000.75]}), "utf-8"
        )
        return path

    def test_the_question_names_the_option(self, told: Told, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert data_access(["draft", str(file)]) == 2
        said = capsys.readouterr().err
        assert said.splitlines()[-1] == (
            "No column of file looks like a score or a rate. Columns of small numbers: mark and other mark. "
            "Choose the score: --score COLUMN."
        )

    @pytest.mark.parametrize("name", ["other mark", "OTHER MARK", "other_mark"])
    def test_score_by_name_or_code(self, told: Told, file: Path, name: str) -> None:
        model = told.drafted(file, "--score", name)
        assert model.metric("score").column == "other mark"
        assert {d.column for d in model.drivers.values()} == {"mark", "price"}

    def test_score_by_label(self, told: Told) -> None:
        case = CASES / "01-qualtrics-three-headers/export.csv"
        assert told.drafted(case, "--score", "how satisfied were you with the call?").metric("score").column == "Q1"

    def test_scale_and_worst(self, told: Told, file: Path) -> None:
        model = told.drafted(file, "--score", "mark", "--scale", "1-10", "--worst", "10")
        score = model.metric("score")
        assert (score.low, score.high, score.turned) == (1, 10, True)
        mean = sum(answers(1)) / N
        assert told.figures("score") == (round(10 * (11 - mean), 2),)

    def test_a_worst_answer_that_nobody_gave(self, told: Told, file: Path) -> None:
        score = told.drafted(file, "--score", "mark", "--worst", "6").metric("score")
        assert (score.low, score.high, score.turned) == (1, 6, True)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--score", "marc"], "file has no column marc. Did you mean mark?"),
            (["--score", "price"], "price cannot be the score"),
            (["--score", "channel"], "channel cannot be the score"),
            (["--score", "mark", "--worst", "3"], "the worst answer is one of these two, not 3"),
            (["--score", "mark", "--scale", "5-1"], "give the lowest and the highest number as 1-5"),
        ],
    )
    def test_what_cannot_be(
        self, file: Path, told: Told, capsys: pytest.CaptureFixture[str], options: list[str], said: str
    ) -> None:
        try:
            code = data_access(["draft", str(file), *options])
        except SystemExit as end:
            code = int(str(end.code))
        assert code == 2
        assert said in capsys.readouterr().err

    def test_blank_means_zero(self, told: Told, tmp_path: Path) -> None:
        path = tmp_path / "file.tsv"
        path.write_text(table(score=answers(), transfers=[None, None, None, 1, None, 2, None, 3]), "utf-8")
        assert told.drafted(path).drivers["transfers"].missing is Missing.UNKNOWN
        assert 'If a blank means 0: --blank-zero "transfers".' in told.comments
        assert told.drafted(path, "--blank-zero", "transfers").drivers["transfers"].missing is Missing.ZERO
        assert "--blank-zero" not in told.comments

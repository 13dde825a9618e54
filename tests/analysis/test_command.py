"""The command line keeps its contract: keys, units, sums, exit codes, one line of trouble, every kind of source."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.__main__ import main
from pages.words.catalogue import Catalogue

ROOT = Path(__file__).resolve().parents[2]
OCTOBER = ["--from", "2026-10-01", "--to", "2026-11-01"]
BOTH = [*OCTOBER, "--baseline-from", "2026-09-01", "--baseline-to", "2026-10-01"]
MODEL = """
table = "hotline"
contact_id = "contact_id"
time = { column = "contacted_at", timezone = "UTC" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
business = { column = "business" }
[reasons]
reason = { column = "reason", split = "|", not_stated = "未说明" }
"""
TOP = ["method", "metric", "selection", "data_version", "statistics", "table", "findings", "caveats", "sql"]
STATISTICS = {
    "overview": {"contacts", "responses", "response_rate", "score", "low", "high", "satisfied_rate",
                 "dissatisfied_rate", "lost_points", "baseline_score", "change", "change_low", "change_high", "p"},
    "contribution": {"score", "lost_points", "additive"},
    "change": {"baseline_score", "score", "change", "rate_effect", "mix_effect", "low", "high"},
}  # fmt: skip
ROW = {
    "overview": {"touchpoint", "n", "score", "low", "high"},
    "contribution": {"segment", "n", "share", "score", "low", "high", "lost_points", "contribution",
                     "contribution_low", "contribution_high", "index"},
    "change": {"segment", "n0", "n1", "score0", "score1", "rate_effect", "mix_effect", "total_effect", "low", "high",
               "status"},
}  # fmt: skip
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of 120 answers: one business falls, one is nearly empty, one ends; reasons overlap."""
    rows = []
    for month, fall in (("09", 0), ("10", 2)):
        for i in range(120):
            business = "retail" if i % 3 else "home"
            business = "rare" if i in (5, 50, 100) else "old" if month == "09" and i % 40 == 0 else business
            score = 10 - i % 4 - (fall if business == "home" else 0)
            reason = "wait|attitude" if i % 8 == 1 else "wait" if score < 9 else ""
            rows.append((f"{month}{i:03}", f"2026-{month}-{i % 28 + 1:02} 09:30:00", business, score, reason))
    frame = pd.DataFrame(rows, columns=["contact_id", "contacted_at", "business", "score", "reason"])
    path = tmp_path_factory.mktemp("command") / "hotline.csv"
    frame.to_csv(path, index=False)
    (path.parent / "model.toml").write_text(MODEL, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path))
    return None


@pytest.fixture
def ask(hotline: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The answer of a command as JSON; the source is the file unless another is given."""

    def asked(*words: str, source: str | Path = hotline) -> dict[str, Any]:
        given = [*words, "--source", str(source), "--model", str(hotline.parent / "model.toml")]
        assert main(given) == 0
        out, err = capsys.readouterr()
        assert err == ""
        found: dict[str, Any] = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
        return found

    return asked


@pytest.mark.parametrize("method", STATISTICS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_contract_holds(method: str, language: str, ask: Ask) -> None:
    by = [] if method == "overview" else ["--by", "business"]
    found = ask(method, *BOTH, *by, "--lang", language)
    assert list(found) == TOP
    assert (found["method"], found["metric"]) == (method, "score")
    assert found["selection"]["period"] == {"from": "2026-10-01", "to": "2026-11-01"}
    assert found["selection"]["baseline"] == {"from": "2026-09-01", "to": "2026-10-01"}
    assert STATISTICS[method] <= set(found["statistics"])
    assert all(ROW[method] <= set(row) for row in found["table"]) and found["table"]
    assert {type(row[c]) for row in found["table"] for c in ("n", "n0", "n1") if c in row} == {int}
    for told in (*found["findings"], *found["caveats"]):
        assert list(told) == ["key", "values", "text"]
        assert any("一" <= sign <= "鿿" for sign in told["text"]) == (language == "zh-CN")
    assert found["findings"] and all("SELECT" in text for text in found["sql"])


def test_both_languages_give_the_same_numbers(ask: Ask) -> None:
    english, chinese = (ask("change", *BOTH, "--by", "business", "--lang", language) for language in ("en", "zh-CN"))
    for name in ("statistics", "table", "sql", "data_version", "selection"):
        assert english[name] == chinese[name]


def test_a_withheld_number_is_null_and_said(ask: Ask) -> None:
    found = ask("contribution", *OCTOBER, "--by", "business")
    rare = next(row for row in found["table"] if row["segment"] == {"business": "rare"})
    assert (rare["n"], rare["score"], rare["low"], rare["index"]) == (3, None, None, None)
    assert rare["lost_points"] > 0 and "caveat.withheld" in [told["key"] for told in found["caveats"]]


def test_lost_points_and_contributions_sum(ask: Ask) -> None:
    for by in ("business", "reason", "business,weekday"):
        found = ask("contribution", *OCTOBER, "--by", by)
        assert math.fsum(row["contribution"] for row in found["table"]) == pytest.approx(1, abs=1e-12)
        lost = math.fsum(row["lost_points"] for row in found["table"])
        assert lost == pytest.approx(100 - found["statistics"]["score"], abs=1e-9)
        assert found["statistics"]["lost_points"] == pytest.approx(lost, abs=1e-9)
        assert {tuple(row["segment"]) for row in found["table"]} == {tuple(by.split(","))}


def test_effects_sum_to_the_change(ask: Ask) -> None:
    found = ask("change", *BOTH, "--by", "business")
    statistics = found["statistics"]
    for effect, whole in (("rate_effect", "rate_effect"), ("mix_effect", "mix_effect"), ("total_effect", "change")):
        assert math.fsum(row[effect] for row in found["table"]) == pytest.approx(statistics[whole], abs=1e-12)
    status = {row["segment"]["business"]: row["status"] for row in found["table"]}
    assert status == {"home": "both", "retail": "both", "rare": "both", "old": "gone"}


def test_rates_and_a_target(ask: Ask) -> None:
    rate = ask("overview", *OCTOBER, "--metric", "satisfied")
    assert rate["statistics"]["score"] == pytest.approx(ask("overview", *OCTOBER)["statistics"]["satisfied_rate"])
    found = ask("contribution", *OCTOBER, "--by", "business", "--target", "95")
    gained = math.fsum(row["target_gain"] for row in found["table"])
    assert gained == pytest.approx(95 - found["statistics"]["score"], abs=1e-9)


def test_filters_are_or_within_and_and_between_dimensions(ask: Ask) -> None:
    both = ask("overview", "--where", "business=home", "--where", "business=rare", "--where", "month=2026-10")
    assert both["selection"]["filters"] == {"business": ["home", "rare"], "month": ["2026-10"]}
    home, rare = (ask("overview", *OCTOBER, "--where", f"business={name}") for name in ("home", "rare"))
    assert both["statistics"]["responses"] == sum(one["statistics"]["responses"] for one in (home, rare))


def test_csv_has_the_numbers_of_json(ask: Ask, hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ask("contribution", *OCTOBER, "--by", "business")["table"]
    model = str(hotline.parent / "model.toml")
    words = ["contribution", *OCTOBER, "--by", "business", "--source", str(hotline), "--model", model]
    assert main([*words, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row.pop("business") for row in rows] == [row["segment"]["business"] for row in wanted]
    for row, wants in zip(rows, wanted, strict=True):
        assert {name: float(text) if text else None for name, text in row.items()} == {
            name: value for name, value in wants.items() if name != "segment"
        }


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_text_reads_like_the_page(language: str, ask: Ask, hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ask("contribution", *OCTOBER, "--by", "business", "--lang", language)["findings"][0]["text"]
    asked = ["contribution", *OCTOBER, "--by", "business", "--source", str(hotline), "--lang", language]
    assert main([*asked, "--model", str(hotline.parent / "model.toml"), "--format", "text"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == told
    assert Catalogue.load(language).text("how.title") in lines
    assert sum(name in line for line in lines[1:] for name in ("home", "retail", "rare")) >= 3
    assert "nan" not in " ".join(lines[1:]).lower()


def test_segments_as_text_close_with_their_total(hotline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["segments", *BOTH, "--source", str(hotline), "--model", str(hotline.parent / "model.toml")]
    assert main([*asked, "--format", "text"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[0] == "Total"


def test_every_kind_of_file_gives_the_same_numbers(hotline: Path, ask: Ask, tmp_path: Path) -> None:
    frame = pd.read_csv(hotline, dtype={"contact_id": str}, parse_dates=["contacted_at"], keep_default_na=False)
    frame.to_parquet(tmp_path / "hotline.parquet")
    frame.to_excel(tmp_path / "hotline.xlsx", index=False, sheet_name="hotline")
    with sqlite3.connect(tmp_path / "hotline.sqlite") as db:
        frame.assign(contacted_at=frame["contacted_at"].astype(str)).to_sql("hotline", db, index=False)
    wanted = ask("change", *BOTH, "--by", "business")
    for name in ("hotline.parquet", "hotline.xlsx", "hotline.sqlite"):
        assert_same(ask("change", *BOTH, "--by", "business", source=tmp_path / name), wanted)


@pytest.mark.postgres
def test_postgresql_gives_the_same_numbers(hotline: Path, ask: Ask, postgres_url: str) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(postgres_url)
    frame = pd.read_csv(hotline, dtype={"contact_id": str}, parse_dates=["contacted_at"], keep_default_na=False)
    frame.to_sql("hotline", engine, index=False, if_exists="replace")
    engine.dispose()
    for words in (["change", *BOTH, "--by", "business"], ["contribution", *OCTOBER, "--by", "reason"]):
        assert_same(ask(*words, source=postgres_url), ask(*words))


@pytest.mark.postgres
def test_story_one_is_the_same_on_postgresql(shared: Path, ask: Ask, postgres_url: str) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(postgres_url)
    frame = pd.read_csv(shared / "fixtures/f1_hotline.csv", parse_dates=["contacted_at"])
    frame.to_sql("hotline", engine, index=False, if_exists="replace")
    engine.dispose()
    found = ask("change", *BOTH, "--by", "business", source=postgres_url)
    effects = {row["segment"]["business"]: row["total_effect"] for row in found["table"]}
    assert effects == pytest.approx({"2G": -0.25, "3G": -1.05, "固话": -0.075, "宽带": -0.225}, abs=1e-9)
    assert found["statistics"]["rate_effect"] == pytest.approx(-1.05, abs=1e-9)


def assert_same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert found["statistics"] == pytest.approx(wanted["statistics"], abs=1e-9)
    by_name = {str(row["segment"]): row for row in found["table"]}
    assert len(by_name) == len(wanted["table"])
    for row in wanted["table"]:
        other = by_name[str(row["segment"])]
        for name in row.keys() - {"segment"}:
            assert other[name] == pytest.approx(row[name], abs=1e-9), name


MISTAKES = {
    "method": (["overwiew"], 2, "overview"),
    "no method": ([], 2, "METHOD"),
    "option": (["overview", "--sauce", "x"], 2, "--sauce"),
    "language": (["overview", "{file}", "--lang", "fr"], 2, "zh-CN"),
    "date": (["overview", "{file}", "--from", "2026-02-30", "--to", "2026-03-01"], 2, "2026-02-30"),
    "half a period": (["overview", "{file}", "--from", "2026-10-01"], 2, "--to"),
    "half a baseline": (["overview", "{file}", *OCTOBER, "--baseline-to", "2026-10-01"], 2, "--baseline-from"),
    "a period backwards": (["overview", "{file}", "--from", "2026-10-01", "--to", "2026-10-01"], 2, "2026-10-01"),
    "a baseline alone": (["overview", "{file}", *BOTH[4:]], 2, "--from"),
    "metric": (["overview", "{file}", "--metric", "scor"], 2, "Did you mean score"),
    "dimension": (["contribution", "{file}", "--by", "busines"], 2, "Did you mean business"),
    "no dimension": (["contribution", "{file}"], 2, "dimension"),
    "filter": (["overview", "{file}", "--where", "business"], 2, "DIM=VALUE"),
    "filter's dimension": (["overview", "{file}", "--where", "busines=home"], 2, "Did you mean business"),
    "filter's value": (["overview", "{file}", "--where", "business=hom"], 2, "Did you mean home"),
    "no baseline": (["change", "{file}", "--by", "business", *OCTOBER], 2, "baseline"),
    "nothing matches": (["overview", "{file}", "--from", "2030-01-01", "--to", "2030-02-01"], 2, "Nothing matches"),
    "a model that misfits": (["overview", "{file}", "--model", "{folder}/misfit.toml"], 2, "Did you mean business"),
    "a model that is none": (["overview", "{file}", "--model", "{folder}/broken.toml"], 2, "TOML"),
    "no model": (["overview", "{file}", "--model", "{folder}/none.toml"], 2, "none.toml"),
    "no file": (["overview", "--source", "{folder}/none.csv"], 3, "none.csv"),
    "empty file": (["overview", "--source", "{folder}/empty.csv"], 2, "empty.csv is empty"),
    "header only": (["overview", "--source", "{folder}/header.csv"], 2, "header.csv"),
    "not what its name says": (["overview", "--source", "{folder}/picture.xlsx"], 2, "picture.xlsx"),
    "no score": (["overview", "--source", "{folder}/no_score.csv"], 2, "score"),
    "driver": (["overview", "--source", "nosuch://host/x"], 2, "nosuch"),
    "closed port": (["overview", "--source", "postgresql://li:secret@127.0.0.1:1/x"], 3, "127.0.0.1"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_and_an_exit_code(
    mistake: str, hotline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, code, words = MISTAKES[mistake]
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "header.csv").write_text("at,score\n")
    (tmp_path / "no_score.csv").write_text("team,city\n" + "red,Rome\nblue,Oslo\n" * 30)
    (tmp_path / "picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (tmp_path / "broken.toml").write_text("table = ")
    (tmp_path / "misfit.toml").write_text(MODEL.replace('column = "business"', 'column = "busines"'))
    given = [part.replace("{folder}", str(tmp_path)) for part in arguments]
    given = [word for part in given for word in (["--source", str(hotline)] if part == "{file}" else [part])]
    try:
        ended = main(given)
    except SystemExit as stop:
        ended = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (ended, out) == (code, ""), err
    assert err.count("\n") == 1 and words in err
    assert "Traceback" not in err and "secret" not in err


def test_as_a_process(hotline: Path, tmp_path: Path) -> None:
    """Standard output is JSON in UTF-8 whatever the terminal is; a reader that stops is no error."""
    shutil.copy(hotline, tmp_path / "热线.csv")
    command = [sys.executable, "-m", "analysis", "contribution", "--by", "business", "--lang", "zh-CN"]
    done = subprocess.run([*command, "--source", str(tmp_path / "热线.csv")], cwd=ROOT, capture_output=True,
                          env={"PATH": "", "SATRACE_DATA": str(tmp_path), "LC_ALL": "C"})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "失分" in json.loads(done.stdout.decode("utf-8"))["findings"][0]["text"]
    failed = subprocess.run([*command, "--source", "nowhere.csv"], cwd=ROOT, capture_output=True)
    assert (failed.returncode, failed.stdout) == (3, b"") and failed.stderr.count(b"\n") == 1

"""The commands `draft` and `check`: what is printed where, and how they end."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from data_access.__main__ import main
from data_access.model_file import parse_model, read_model
from data_access.sources import open_source

TABLE = "contact_id,contacted_at,business,score\n" + "".join(
    f"k{i},2026-09-{i % 28 + 1:02} 10:00:00,{'2G' if i % 3 else '固话'},{i % 10 + 1}\n" for i in range(60)
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "data"))
    path = tmp_path / "hotline.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture
def model(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["draft", str(source)]) == 0
    path = tmp_path / "semantic.toml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def test_draft_prints_a_model(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", str(source), "--lang", "zh-CN"]) == 0
    out, err = capsys.readouterr()
    assert parse_model(out).dimension("business").column == "business"
    assert "# 时间按 Asia/Shanghai 当地时间处理。" in out
    assert err == ""


def test_draft_names_the_table(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draft", str(source), "--table", "calls"]) == 0
    assert parse_model(capsys.readouterr().out).table == "calls"


def test_unreadable_cells_stand_in_the_draft(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(TABLE + "k99,2026-09-01,2G,x\n", encoding="utf-8")
    assert main(["draft", str(source)]) == 0
    out, err = capsys.readouterr()
    assert parse_model(out)
    assert "# Row 62, score: “x” is not a number and counts as blank.\n" in out
    assert err == ""


def test_check_passes_what_was_drafted(source: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--source", str(source), "--model", str(model)]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("hotline: 60 rows checked.\n", "")


def test_check_tells_every_finding(source: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = model.read_text(encoding="utf-8")
    text = text.replace('column = "business"', 'column = "buisness"').replace("scale = [1, 10]", "scale = [1, 9]")
    text = text.replace('column = "contacted_at"', 'column = "score"')
    model.write_text(text + '[tables]\ntargets = "targets"\n', encoding="utf-8")
    assert main(["check", "--source", str(source), "--model", str(model)]) == 2
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err.count("\n") == 1 and err.strip() in lines
    assert any("buisness" in line and "business" in line for line in lines)
    assert any("targets" in line for line in lines)
    assert "The time column score contains no dates. Name another column." in lines
    assert "score: 6 values are outside the score range 1 to 9 and do not count." in out


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["draft", "{folder}/none.csv"], 3, "none.csv"),
        (["draft", "postgresql://u:secret@127.0.0.1:1/x"], 3, "127.0.0.1"),
        (["draft", "nosuch://x"], 2, "nosuch"),
        (["draft", "{folder}/empty.csv"], 2, "empty.csv is empty"),
        (["draft"], 2, "SOURCE"),
        (["drafft", "x"], 2, "drafft"),
        (["check", "--source", "{folder}/hotline.csv", "--model", "{folder}/none.toml"], 2, "none.toml"),
        (["check", "--source", "{folder}/hotline.csv", "--model", "{folder}/bad.toml"], 2, "scorre"),
    ],
)
def test_mistakes_are_one_line(
    source: Path, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, words: str
) -> None:
    (source.parent / "empty.csv").write_bytes(b"")
    (source.parent / "bad.toml").write_text('table = "hotline"\nscorre = 1\n', encoding="utf-8")
    try:
        ended = main([part.replace("{folder}", str(source.parent)) for part in argv])
    except SystemExit as exit_:
        ended = int(exit_.code or 0)
    out, err = capsys.readouterr()
    assert (ended, out) == (code, "")
    assert err.count("\n") == 1 and words in err and "secret" not in err


def test_a_database_is_drafted_through_sqlalchemy(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = source.parent / "calls.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE calls (id INTEGER, at TIMESTAMP, team TEXT, csat INTEGER)")
        rows = [(i, f"2026-09-{i % 28 + 1:02} 10:00:00", "red" if i % 2 else "blue", i % 5 + 1) for i in range(60)]
        db.executemany("INSERT INTO calls VALUES (?, ?, ?, ?)", rows)
        db.execute("CREATE TABLE other (x INTEGER)")
    url = f"sqlite:///{path}"
    assert main(["draft", url]) == 2
    assert "calls" in capsys.readouterr().err
    assert main(["draft", url, "--table", "calls"]) == 0
    text = capsys.readouterr().out
    model = parse_model(text)
    assert (model.metric("score").column, model.time and model.time.column, model.cluster) == ("csat", "at", "team")
    (source.parent / "m.toml").write_text(text, encoding="utf-8")
    assert main(["check", "--source", url, "--model", str(source.parent / "m.toml")]) == 0


@pytest.mark.postgres
def test_a_postgresql_table_is_drafted(postgres_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(postgres_url)
    with engine.begin() as db:
        db.execute(sa.text("DROP TABLE IF EXISTS drafted"))
        db.execute(
            sa.text(
                "CREATE TABLE drafted AS SELECT i AS id, timestamptz '2026-09-01 00:00Z' + i * interval '1 h' AS at,"
                " 'team ' || i % 3 AS team, (i % 10 + 1)::smallint AS score FROM generate_series(1, 90) i"
            )
        )
    engine.dispose()
    assert main(["draft", postgres_url, "--table", "drafted"]) == 0
    model = parse_model(capsys.readouterr().out)
    assert (model.contact_id, model.cluster, model.metric("score").high) == ("id", "team", 10)


def test_it_runs_as_a_module(source: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "data_access", "draft", str(source)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert parse_model(done.stdout).dimension("business").column == "business"


def test_how_a_file_was_read_is_kept_in_the_model(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was said to the draft holds for every later command on the same file."""
    path = tmp_path / "report.csv"
    path.write_text("Report\n\n" + TABLE + "one last row,2026-09-30,2G,10\n", encoding="utf-8")
    assert main(["draft", str(path), "--header", "3", "--skip-last", "1"]) == 0
    (tmp_path / "report.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    model = read_model(tmp_path / "report.toml")
    assert model.reading == {"header": [3, 3], "skip_last": 1}
    warehouse = open_source(str(path), cache=tmp_path / "cache", model=tmp_path / "report.toml")
    assert warehouse.cells("score", (), None, ()).rows["n"].sum() == 60
    assert main(["check", "--source", str(path), "--model", str(tmp_path / "report.toml")]) == 0
    assert "60 rows checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said", [["--header", "x"], ["--header", "-1"], ["--header", "4-3"], ["--skip-last", "-1"], ["--worst", "x"]]
)
def test_rows_that_are_none_are_usage(source: Path, capsys: pytest.CaptureFixture[str], said: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["draft", str(source), *said])
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err

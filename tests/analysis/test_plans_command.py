"""The promises from the command line: for a scheduler, a spreadsheet and a terminal, with their exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analysis.__main__ import main
from data_access.access import Role, User
from data_access.selection import Filter
from data_access.workshop.records import Milestone, Plan, PlanState
from data_access.workshop.store import open_store

ME = User("u1", "Li Na", frozenset({Role.ANALYST}))
TREATED = Filter("touchpoint", ("enquiry_call",))
Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop with a plan whose milestone is late, one that is due later and one that was dropped."""
    place = tmp_path_factory.mktemp("plans") / "workshop.sqlite"
    shutil.copy(empty_store, place)
    workshop = open_store(f"sqlite:///{place}")
    issue = workshop.create_issue(ME, "3G callers wait")
    steps = (Milestone("Agreed", date(2026, 11, 1)),)
    late = Plan(issue_id=issue.id, action="=Roster", owner="workforce", due=date(2026, 12, 15), target_metric="score",
                segment=(TREATED,), start=date(2026, 9, 1), milestones=steps)  # fmt: skip
    workshop.save_plan(ME, replace(workshop.save_plan(ME, late), state=PlanState.DOING))
    workshop.save_plan(ME, Plan(issue_id=issue.id, action="Text", due=date(2026, 12, 20)))
    gone = workshop.save_plan(ME, Plan(issue_id=issue.id, action="Gone", due=date(2020, 1, 1)))
    workshop.save_plan(ME, replace(gone, state=PlanState.DROPPED))
    workshop.engine.dispose()
    return place


def test_a_scheduler_reads_what_is_overdue(store: Path, capsys: Said) -> None:
    assert main(["plans", "--store", str(store), "--today", "2026-11-30"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert (found["method"], found["today"], found["overdue"]) == ("plans", "2026-11-30", 1)
    first, second = found["plans"]
    assert (first["action"], first["days_overdue"], first["overdue_milestone"]) == ("=Roster", 29, "Agreed")
    assert (first["state"], first["owner_name"], first["verdict"]) == ("doing", "Workforce management", None)
    assert first["milestones"] == [{"name": "Agreed", "due": "2026-11-01", "done": None}]
    assert (second["action"], second["days_overdue"], second["due"]) == ("Text", 0, "2026-12-20")
    assert found["findings"] == ["1 plan is overdue, of 2."]


def test_before_the_day_nothing_is_overdue(store: Path, capsys: Said) -> None:
    assert main(["plans", "--store", f"sqlite:///{store}", "--today", "2026-11-01", "--format", "text"]) == 0
    assert capsys.readouterr().out.startswith("Nothing is overdue among 2 plans.\n")


def test_a_spreadsheet_gets_a_line_for_each_plan(store: Path, capsys: Said) -> None:
    assert main(["plans", "--store", str(store), "--today", "2026-12-31", "--format", "csv"]) == 4
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(line["action"], line["days_overdue"]) for line in lines] == [("'=Roster", "60"), ("Text", "11")]
    assert (lines[0]["milestones_ahead"], lines[0]["next_milestone"]) == ("1", "Agreed")


def test_chinese_words(store: Path, capsys: Said) -> None:
    assert main(["plans", "--store", str(store), "--today", "2026-11-30", "--lang", "zh-CN", "--format", "text"]) == 4
    said = capsys.readouterr().out
    assert (
        said.startswith("共 2 项计划，其中 1 项逾期。")
        and "话务管理" in said
        and "里程碑“Agreed”已逾期 29 天" in said
    )


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--store", "nowhere.sqlite"], 3, "does not exist yet"),
        (["--store", "mysql://x/y"], 2, "SATRACE_STORE"),
        (["--store", "postgresql://127.0.0.1:1/none"], 3, "cannot be reached"),
        (["--source", "x.csv"], 2, "--check"),
    ],
)
def test_trouble_is_one_line_and_makes_nothing(
    words: list[str], code: int, told: str, capsys: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "none"))
    assert main(["plans", *words]) == code
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and told in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_bad_day_is_one_line(capsys: Said) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plans", "--today", "soon"])
    assert ended.value.code == 2 and capsys.readouterr().err.count("\n") == 1


def test_the_workshop_of_the_app_is_the_usual_one(store: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATRACE_STORE", f"sqlite:///{store}")
    assert main(["plans", "--today", "2026-11-30"]) == 4 and "Roster" in capsys.readouterr().out

"""What was acknowledged is kept: twenty people write at once, and their programs are killed in the middle of it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from data_access.selection import Selection
from data_access.statement import Statement
from data_access.workshop.records import Comment, Look, Milestone, Ruling, Verdict
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.class_edits import begun_class, edit_class, written_class
from tests.data_access.workshop.conftest import ANALYST, roster
from tests.data_access.workshop.meeting_edits import begun_meeting, edit_meeting, written_meeting
from tests.proof import Figure

PROGRAMS, WRITERS = 4, 5
OF_CLASS, OF_MEETING = "class", "meeting"
EDITS, KILLS = 500, 20
WRITE = """
import sys, threading
from data_access.workshop.store import open_store
from tests.data_access.workshop.test_kills import edit, written

url, log, edits, *ids = sys.argv[1:]
store = open_store(url)

def write(issue_id):
    with open(f"{log}/{issue_id}", "a") as acknowledged:
        for number in range(max(written(store, issue_id), default=0) + 1, int(edits) + 1):
            edit(store, issue_id, number)
            print(number, file=acknowledged, flush=True)

threads = [threading.Thread(target=write, args=(name,)) for name in ids]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def edit(store: Store, issue_id: str, number: int) -> None:
    """One of five kinds of writing, in turn; each leaves its number in the store. Of a class or a meeting as well."""
    if issue_id.startswith(OF_CLASS):
        return edit_class(store, issue_id, number)
    if issue_id.startswith(OF_MEETING):
        return edit_meeting(store, issue_id, number)
    (plan,) = store.plans(ANALYST, issue_id)
    about = {"plan_id": plan.id, "issue_id": issue_id}
    match number % 5:
        case 0:
            store.save_issue(ANALYST, replace(store.issue(ANALYST, issue_id), notes=str(number)))
        case 1:
            steps = (Milestone(str(number), date(2027, 1, 1)),)
            store.save_plan(ANALYST, replace(plan, cost=float(number), milestones=steps))
        case 2:
            store.comment(ANALYST, Comment(**about, text=str(number)))
        case 3:
            store.add_look(ANALYST, Look(**about, dataset="d", data_version=str(number), selection=Selection(),
                                         verdict=Verdict.NOT_ENOUGH_EVIDENCE,
                                         statements=(Statement("effect.too_little"),)))  # fmt: skip
        case _:
            store.overrule(ANALYST, Ruling(**about, verdict=Verdict.EFFECTIVE, reason=str(number)))
    return None


def written(store: Store, issue_id: str) -> list[int]:
    """The numbers that stand in the store, those of issue and plan with what they were before."""
    if issue_id.startswith(OF_CLASS):
        return written_class(store, issue_id)
    if issue_id.startswith(OF_MEETING):
        return written_meeting(store, issue_id)
    (trace,) = store.traces(ANALYST, issue_id)
    texts = [comment.text for comment in trace.comments] + [look.data_version for look in trace.looks]
    texts += [ruling.reason for ruling in trace.rulings]
    changes = [entry.after or {} for entry in store.history(ANALYST, issue_id) if entry.action == "saved"]
    assert all(int(change["milestones"][0].name) == change["cost"] for change in changes if "cost" in change)
    texts += [change.get("notes", change.get("cost")) for change in changes]
    assert float(trace.issue.notes or 0) == max((float(c["notes"]) for c in changes if "notes" in c), default=0)
    assert (trace.plans[0].cost or 0) == max((c["cost"] for c in changes if "cost" in c), default=0)
    return sorted(int(float(text)) for text in texts)


@dataclass
class Program:
    """A process with some writers, an issue each; begun again it goes on from what the store has."""

    url: str
    log: Path
    edits: int
    issues: Sequence[str]
    process: subprocess.Popen[str] = field(init=False)

    def start(self) -> None:
        command = [sys.executable, "-c", WRITE, self.url, str(self.log), str(self.edits), *self.issues]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def acknowledged(self) -> int:
        return sum(last(self.log / issue) for issue in self.issues)

    def kill_at_work(self) -> None:
        """As soon as it has saved something since it was started."""
        before = self.acknowledged()
        while self.process.poll() is None and self.acknowledged() == before:
            time.sleep(0.01)
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def last(log: Path) -> int:
    return max(acknowledged(log), default=0)


def acknowledged(log: Path) -> list[int]:
    return [int(number) for number in log.read_text().split()] if log.exists() else []


@pytest.mark.prove
def test_nothing_acknowledged_is_lost(store_url: str, tmp_path: Path, figure: Figure) -> None:
    store, chance = open_store(store_url), random.Random(20)
    log = tmp_path / "acknowledged"
    log.mkdir()
    issues = [begun(store, number) for number in range(PROGRAMS * WRITERS)]
    programs = [Program(store_url, log, EDITS, issues[first::PROGRAMS]) for first in range(PROGRAMS)]
    for program in programs:
        program.start()
    done = 0
    while done < KILLS and (working := [program for program in programs if program.process.poll() is None]):
        program = chance.choice(working)
        time.sleep(chance.random())
        program.kill_at_work()
        assert lost(store, log, program.issues) == []
        program.start()
        done += 1
    complaints = [program.process.communicate()[1] for program in programs]
    assert complaints == [""] * PROGRAMS  # nobody was told that the store is busy
    assert lost(store, log, issues) == [] and figure("kills", done) > 0
    for issue in issues:
        check_whole(store, issue, EDITS)
    store.engine.dispose()


@pytest.mark.slow
def test_a_program_that_was_killed_is_gone_on_from(sqlite_store: Store, tmp_path: Path) -> None:
    """The same in short: one program, killed once; another goes on where it was."""
    issues = [begun(sqlite_store, number) for number in range(2)]
    url = sqlite_store.engine.url.render_as_string(hide_password=False)
    program = Program(url, tmp_path, EDITS, issues)
    program.start()
    program.kill_at_work()
    assert lost(sqlite_store, tmp_path, issues) == []
    for issue in issues:
        reached = max(written(sqlite_store, issue), default=0)
        for number in range(reached + 1, reached + 6):
            edit(sqlite_store, issue, number)
        check_whole(sqlite_store, issue, reached + 5)


def check_whole(store: Store, issue_id: str, edits: int) -> None:
    """Every edit is there once, and the history has an entry for each besides those of issue and plan."""
    assert written(store, issue_id) == list(range(1, edits + 1))
    assert issue_id.startswith((OF_CLASS, OF_MEETING)) or len(store.history(ANALYST, issue_id)) == edits + 2


def begun(store: Store, number: int) -> str:
    """An issue with a plan; for one writer in five a class, for another a meeting."""
    if number % WRITERS == 0:
        return begun_class(store, f"{OF_CLASS}-{number}")
    if number % WRITERS == 1:
        return begun_meeting(store, f"{OF_MEETING}-{number}")
    issue = store.create_issue(ANALYST, f"Issue {number}")
    store.save_plan(ANALYST, roster(issue))
    return issue.id


def lost(store: Store, log: Path, issues: Sequence[str]) -> list[str]:
    """Issues of which the store does not have all that was acknowledged."""
    return [issue for issue in issues if set(acknowledged(log / issue)) - set(written(store, issue))]

"""What was acknowledged is kept: twenty people write at once, and their programs are killed in the middle of it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST
from tests.proof import Figure

PROGRAMS, WRITERS = 4, 5
EDITS, KILLS = 500, 20
WRITE = """
import sys, threading
from dataclasses import replace
from data_access.workshop.store import open_store
from tests.data_access.workshop.conftest import ANALYST

url, log, edits, *ids = sys.argv[1:]
store = open_store(url)

def write(issue_id):
    with open(f"{log}/{issue_id}", "a") as acknowledged:
        issue = store.issue(ANALYST, issue_id)
        for number in range(int(issue.notes or 0) + 1, int(edits) + 1):
            issue = store.save_issue(ANALYST, replace(issue, notes=str(number)))
            print(number, file=acknowledged, flush=True)

threads = [threading.Thread(target=write, args=(name,)) for name in ids]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


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
    numbers = log.read_text().split() if log.exists() else []
    return int(numbers[-1]) if numbers else 0


@pytest.mark.prove
def test_nothing_acknowledged_is_lost(store_url: str, tmp_path: Path, figure: Figure) -> None:
    store, chance = open_store(store_url), random.Random(20)
    log = tmp_path / "acknowledged"
    log.mkdir()
    issues = [store.create_issue(ANALYST, f"Issue {number}").id for number in range(PROGRAMS * WRITERS)]
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
    assert {store.issue(ANALYST, issue).notes for issue in issues} == {str(EDITS)}
    assert {len(store.history(ANALYST, issue)) for issue in issues} == {EDITS + 1}
    store.engine.dispose()


def lost(store: Store, log: Path, issues: Sequence[str]) -> list[str]:
    """Issues whose store has an earlier edit than the last one that was acknowledged."""
    return [issue for issue in issues if int(store.issue(ANALYST, issue).notes or 0) < last(log / issue)]

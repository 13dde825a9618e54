"""A backup in the midst of writing is one state; a restore that was killed leaves nothing half."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from data_access.backup import restored, written
from data_access.settings import Settings
from data_access.statement import Unreachable
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.class_world import made_world
from tests.data_access.workshop.test_kills import begun as begun_issue
from tests.data_access.workshop.test_kills import edit
from tests.proof import Figure

from .conftest import FILES, NewUrl, contents, kinds_beside

KILLED = """
import os, signal, sys
from pathlib import Path
from data_access.backup import restored, restoring, rows

step, file, onto, folder = sys.argv[1:]
done = []
original = rows.fill if step == "rows" else restoring._place

def killed(*given):
    done.append(1)
    answer = original(*given)
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

if step == "rows":
    rows.fill = killed
else:
    restoring._place = killed
restored(Path(file), onto, Path(folder))
"""


@pytest.mark.prove
@pytest.mark.parametrize("step", ["files", "rows"])
def test_killed_in_the_middle_nothing_is_half_and_the_same_command_goes_on(
    step: str, store: Store, here: Settings, new_url: NewUrl, tmp_path: Path
) -> None:
    made_world(store)
    written(here, tmp_path / "a.zip")
    kind = kinds_beside(here.store_url)[-1]
    onto, folder = new_url(kind), tmp_path / "folder"
    asked = [sys.executable, "-c", KILLED, step, str(tmp_path / "a.zip"), onto, str(folder)]
    assert subprocess.run(asked, timeout=120, check=False).returncode == -signal.SIGKILL
    with pytest.raises(Unreachable, match=r"store\.none_yet"):
        contents(onto)
    restored(tmp_path / "a.zip", onto, folder)
    assert contents(onto) == contents(here.store_url)
    assert {name: (folder / name).read_bytes() for name in FILES} == FILES


@pytest.mark.prove
def test_while_ten_people_write_each_backup_is_one_state(
    store: Store, here: Settings, new_url: NewUrl, tmp_path: Path, figure: Figure
) -> None:
    """No plan without its issue, no version that the history does not tell of; and without a gap up to the last."""
    issues, stop, edits = [begun_issue(store, number) for number in range(10)], threading.Event(), [0] * 10

    def write(writer: int) -> None:
        while not stop.is_set():
            edits[writer] += 1
            edit(store, issues[writer], edits[writer])

    writers = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for writer in writers:
        writer.start()
    try:
        for number in range(5):
            time.sleep(0.5)
            written(here, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    seen = []
    for number in range(5):
        restored(tmp_path / f"{number}.zip", onto := new_url("sqlite"), tmp_path / str(number))
        copy = open_store(onto)
        seen.append(sum(_checked(copy, issue) for issue in issues))
        copy.engine.dispose()
    assert seen == sorted(seen) and seen[0] < seen[-1] <= sum(edits)
    figure("edits of ten writers in five backups", seen)


def _checked(store: Store, issue_id: str) -> int:
    """The edits that stand in a copy are all up to the last one, without a gap."""
    from tests.data_access.workshop.test_kills import written as numbers

    found = numbers(store, issue_id)
    assert found == list(range(1, len(found) + 1))
    return len(found)

"""A store of one file: nothing acknowledged is lost when it is moved, removed or replaced while the program runs."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from data_access.statement import BadInput, Unreachable
from data_access.workshop import engine
from data_access.workshop.meeting_records import MeetingNote
from data_access.workshop.sqlite_file import begin_anew
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST, key_of
from tests.data_access.workshop.monitor_fixtures import a_feedback, a_meeting, a_slide


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workshop.sqlite"


def opened(path: Path) -> Store:
    return open_store(f"sqlite:///{path}")


def titles(store: Store) -> set[str]:
    return {issue.title for issue in store.issues(ANALYST)}


def other_store(path: Path) -> Path:
    """Another store, elsewhere and closed."""
    other = path.parent / "elsewhere" / "other.sqlite"
    store = opened(other)
    store.create_issue(ANALYST, "of another store")
    store.engine.dispose()
    return other


def moved(path: Path) -> None:
    shutil.move(path, path.with_name("away"))


def replaced(path: Path) -> None:
    other_store(path).replace(path)


def overwritten(path: Path) -> None:
    """The same file by its inode, with the bytes of another store."""
    other = other_store(path)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with path.open("r+b") as file:
        file.write(other.read_bytes())


@pytest.mark.parametrize(
    ("happens", "keys"),
    [
        (moved, {"store.gone"}),
        (Path.unlink, {"store.gone"}),
        (replaced, {"store.another"}),
        (overwritten, {"store.another", "store.corrupt"}),
    ],
)
def test_what_is_not_kept_is_not_acknowledged(path: Path, happens: Callable[[Path], None], keys: set[str]) -> None:
    store = opened(path)
    issue = store.create_issue(ANALYST, "before")
    meeting = store.open_meeting(ANALYST, a_meeting(), [a_slide()])
    happens(path)
    for change in (
        lambda: store.create_issue(ANALYST, "x"),
        lambda: store.save_issue(ANALYST, replace(issue, notes="x")),
        lambda: store.open_meeting(ANALYST, a_meeting(), [a_slide()]),
        lambda: store.note(ANALYST, MeetingNote(meeting_id=meeting.id, text="x")),
        lambda: store.judge(ANALYST, a_feedback()),
    ):
        with pytest.raises(Unreachable) as error:
            change()
        assert key_of(error) in keys
    assert not any(place.name == path.name for place in path.parent.iterdir() if happens in (moved, Path.unlink))


def test_a_store_that_goes_away_within_a_save(path: Path) -> None:
    store = opened(path)

    @event.listens_for(store.engine, "commit")
    def goes(_: object) -> None:
        if path.exists():
            moved(path)

    with pytest.raises(Unreachable) as error:
        store.create_issue(ANALYST, "lost")
    assert key_of(error) == "store.gone"


def test_a_store_that_comes_back_serves_again(path: Path) -> None:
    store = opened(path)
    store.create_issue(ANALYST, "before")
    moved(path)
    with pytest.raises(Unreachable):
        store.issues(ANALYST)
    path.with_name("away").rename(path)
    store.create_issue(ANALYST, "after")
    assert titles(store) == {"before", "after"}


def test_no_empty_store_opens_in_the_place_of_one_that_is_gone(path: Path) -> None:
    store = opened(path)
    store.create_issue(ANALYST, "before")
    store.engine.dispose()
    moved(path)
    with pytest.raises(Unreachable) as error:
        opened(path)
    assert key_of(error) == "store.gone" and not path.exists()
    other_store(path).replace(path)
    with pytest.raises(Unreachable) as error:
        opened(path)
    assert key_of(error) == "store.another"


def test_a_new_store_only_when_it_is_asked_for(path: Path) -> None:
    opened(path).create_issue(ANALYST, "before")
    begin_anew(f"sqlite:///{path}")
    assert titles(opened(path)) == set()
    (old,) = path.parent.glob("workshop.sqlite.before-*[0-9]")
    assert titles(opened(old)) == {"before"}, "it is set aside, not deleted"


def test_an_empty_file_is_no_store(path: Path) -> None:
    path.touch()
    with pytest.raises(BadInput) as error:
        opened(path)
    assert key_of(error) == "store.not_a_store" and path.stat().st_size == 0


def test_a_damaged_store_says_so(path: Path) -> None:
    path.write_bytes(b"not a database at all, only text " * 50)
    with pytest.raises(Unreachable) as error:
        opened(path)
    assert key_of(error) == "store.corrupt"


def test_a_full_store_says_so_and_keeps_what_it_had(path: Path) -> None:
    store = opened(path)
    store.create_issue(ANALYST, "before")
    store.engine.dispose()
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
    with pytest.raises(Unreachable) as error:
        for _ in range(50):
            store.create_issue(ANALYST, "x", notes="long " * 10_000)
    assert key_of(error) == "store.full"
    with pytest.raises(Unreachable) as error:  # all of it, or nothing
        store.open_meeting(ANALYST, a_meeting(), [a_slide(rows=({"a": "long " * 10_000},)) for _ in range(50)])
    assert key_of(error) == "store.full" and opened(path).meetings(ANALYST) == ()
    assert "before" in titles(opened(path))


def test_who_waits_too_long_for_a_turn_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TURN_S", 0.2)
    store = opened(path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unreachable) as error:
            store.create_issue(ANALYST, "x")
        assert key_of(error) == "store.busy"
        other.execute("ROLLBACK")
    store.create_issue(ANALYST, "after")


WRITE = """
import sys
from data_access.workshop.store import open_store
from tests.data_access.workshop.conftest import ANALYST
store = open_store(f"sqlite:///{sys.argv[1]}")
store.create_issue(ANALYST, "of another program")
store.engine.dispose()
"""


def test_a_program_that_comes_and_goes_leaves_the_other_its_store(path: Path) -> None:
    """Who closes last removes the log; a lock that was given up would let somebody else believe to be the last."""
    store = opened(path)
    for number in range(2):
        store.create_issue(ANALYST, f"before {number}")
        subprocess.run([sys.executable, "-c", WRITE, path], check=True)
        store.create_issue(ANALYST, f"after {number}")
    assert len(store.issues(ANALYST)) == 6


READ = """
import os, sys
from data_access.statement import Unreachable
from data_access.workshop.form import MIGRATIONS
from data_access.workshop.store import open_store
from tests.data_access.workshop.conftest import ANALYST
open_store(f"sqlite:///{sys.argv[2]}").engine.dispose()  # loads what is loaded late
if os.geteuid() == 0:
    os.setuid(65534)
if not os.access(MIGRATIONS / "env.py", os.R_OK):
    sys.exit("unreadable")
store = open_store(f"sqlite:///{sys.argv[1]}")
print([issue.title for issue in store.issues(ANALYST)])
try:
    store.create_issue(ANALYST, "x")
except Unreachable as error:
    print(error.statement.key)
"""


def test_a_store_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        path = Path(name) / "workshop.sqlite"
        store = opened(path)
        store.create_issue(ANALYST, "before")
        store.engine.dispose()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        command = [sys.executable, "-c", READ, path, tmp_path / "other.sqlite"]
        found = subprocess.run(command, capture_output=True, text=True)
        path.parent.chmod(0o755)
    if found.stderr.strip() == "unreadable":
        pytest.skip("the program lies where nobody but its owner may read")
    assert found.stdout.splitlines() == ["['before']", "store.read_only"], found.stderr

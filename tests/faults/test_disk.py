"""A disk below a workshop without room, or that can only be read: nothing acknowledged is lost, a sentence says why.

The disk is a real one of a megabyte, in memory; only root may make one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_access.statement import Unreachable
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.conftest import ANALYST, key_of

from .conftest import OwnServer

LONG = "long " * 4_000


def mount(*how: str) -> None:
    subprocess.run(["mount", *how], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=2m,mode=777", "tmpfs", str(place))
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be made here: run the tests as root, with the right to mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def filled(place: Path) -> Path:
    """A file that takes all the room there is."""
    file = place / "film"
    with file.open("wb", buffering=0) as out, suppress(OSError):
        while out.write(b"\0" * 4096):
            pass
    return file


def written(store: Store, most: int = 400) -> tuple[list[str], str]:
    """Titles of the issues that were acknowledged until the store refused one, and why it did."""
    titles: list[str] = []
    try:
        for number in range(most):
            titles.append(store.create_issue(ANALYST, f"{number:03}", notes=LONG).title)
    except Unreachable as error:
        return titles, error.statement.key
    return titles, ""


def titles(store: Store) -> list[str]:
    return sorted(issue.title for issue in store.issues(ANALYST))


def test_a_file_on_a_full_disk(disk: Path) -> None:
    url = f"sqlite:///{disk / 'workshop.sqlite'}"
    store = open_store(url)
    acknowledged, why = written(store)
    assert acknowledged and why == "store.full"
    film = filled(disk)
    assert titles(store) == acknowledged, "what is there is read on"
    store.engine.dispose()

    with pytest.raises(Unreachable) as error:  # as the program is started again
        open_store(url).create_issue(ANALYST, "x", notes=LONG)
    assert key_of(error) == "store.full"
    film.unlink()
    mount("-o", "remount,size=4m", str(disk))
    again = open_store(url)
    again.create_issue(ANALYST, "999")
    assert titles(again) == [*acknowledged, "999"]
    again.engine.dispose()


def test_room_that_comes_back_serves_the_program_that_runs(disk: Path) -> None:
    store = open_store(f"sqlite:///{disk / 'workshop.sqlite'}")
    store.create_issue(ANALYST, "before")
    film = filled(disk)
    acknowledged, why = written(store)
    assert why == "store.full"
    film.unlink()
    store.create_issue(ANALYST, "later")
    assert titles(store) == sorted(["before", *acknowledged, "later"])
    store.engine.dispose()


def test_a_disk_that_can_only_be_read(disk: Path) -> None:
    url = f"sqlite:///{disk / 'workshop.sqlite'}"
    store = open_store(url)
    store.create_issue(ANALYST, "before")
    store.engine.dispose()
    mount("-o", "remount,ro", str(disk))
    store = open_store(url)
    assert titles(store) == ["before"]
    with pytest.raises(Unreachable) as error:
        store.create_issue(ANALYST, "x")
    assert key_of(error) == "store.read_only"
    mount("-o", "remount,rw", str(disk))
    store.create_issue(ANALYST, "later")
    assert titles(store) == ["before", "later"]
    store.engine.dispose()


@pytest.mark.prove
@pytest.mark.postgres
def test_a_server_on_a_full_disk(disk: Path, own_server: OwnServer) -> None:
    space = disk / "space"
    mount("-o", "remount,size=24m", str(disk))
    space.mkdir()
    if own_server.server.system_user:
        import pwd

        owner = pwd.getpwnam(own_server.server.system_user)
        os.chown(space, owner.pw_uid, owner.pw_gid)
        for above in (disk, *disk.parents):
            with suppress(OSError):
                above.chmod(above.stat().st_mode | 0o111)
    admin = sa.create_engine(own_server.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE TABLESPACE small LOCATION '{space}'"))
        connection.execute(sa.text("CREATE DATABASE workshop TABLESPACE small"))
    url = sa.make_url(own_server.url).set(database="workshop").render_as_string(hide_password=False)
    store = open_store(url)
    store.create_issue(ANALYST, "000 before")
    film = filled(disk)
    acknowledged, why = written(store)
    assert why == "store.full"
    film.unlink()
    store.create_issue(ANALYST, "later")
    assert titles(store) == sorted(["000 before", *acknowledged, "later"])
    store.engine.dispose()
    admin.dispose()

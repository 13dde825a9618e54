"""What a backup holds comes back on either kind of database, row by row, or nothing does."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from data_access.__main__ import main
from data_access.backup import rehearsed, restored, written
from data_access.settings import Settings
from data_access.statement import BadInput, Unreachable
from data_access.workshop.engine import transaction
from data_access.workshop.seen_records import Seen
from data_access.workshop.store import Store, open_store
from tests.data_access.workshop.class_world import made_world
from tests.data_access.workshop.conftest import ANALYST
from tests.data_access.workshop.test_migrations import OLD_ROWS, written_by

from .conftest import FILES, ON_FILE_FIRST, NewUrl, contents, kinds_beside, members, rewritten


def test_everything_comes_back_on_either_kind(store: Store, here: Settings, new_url: NewUrl, tmp_path: Path) -> None:
    made_world(store)
    store.note_seen(ANALYST, Seen(what="contacts", count=12), keep_days=365)
    before = contents(here.store_url)
    written(here, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    file = tmp_path / "a.zip"
    for kind in kinds_beside(here.store_url):
        onto, folder, again = new_url(kind), tmp_path / uuid4().hex, tmp_path / f"{uuid4().hex}.zip"
        restored(file, onto, folder)
        assert contents(onto) == before
        assert {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == FILES
        written(Settings(data_folder=folder, store_url=onto), again)
        assert members(again) == members(file)
        file = again  # the next one comes from here: from a file to a server and back
        back = open_store(onto)
        issue = back.create_issue(ANALYST, "goes on")
        assert back.history(ANALYST, issue.id)[0].action == "created", "the history counts on after its last number"
        back.engine.dispose()
        onto_file = contents(onto)
        assert len(onto_file["workshop_audit"]) == len(before["workshop_audit"]) + 1
    assert all(len(rows) > 1 for name, rows in before.items() if name not in NOT_FILLED)


NOT_FILLED = {"workshop_draft"}


SPOILT: dict[str, Callable[[Path, Path], object]] = {
    "cut off": lambda file, to: to.write_bytes(file.read_bytes()[:-200]),
    "no zip": lambda file, to: to.write_bytes(b"no zip at all"),
    "row": lambda file, to: rewritten(file, to, **{"store/workshop_issue.jsonl": b'["id"]\n["x"]\n'}),
    "salt": lambda file, to: rewritten(file, to, **{"data/salt": b"another"}),
    "table left out": lambda file, to: rewritten(file, to, **{"store/workshop_audit.jsonl": None}),
    "no manifest": lambda file, to: rewritten(file, to, **{"manifest.json": b"{}"}),
    "manifest": lambda file, to: rewritten(file, to, **{"manifest.json": _longer(file)}),
    "one bit": lambda file, to: _flipped(file, to),
}


def test_what_is_not_as_it_was_written_is_refused_before_anything_is(
    sqlite_store: Store, data: Path, tmp_path: Path
) -> None:
    sqlite_store.create_issue(ANALYST, "3G")
    here = Settings(data_folder=data, store_url=f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    written(here, tmp_path / "a.zip")
    for name, spoil in SPOILT.items():
        spoil(tmp_path / "a.zip", tmp_path / f"{name}.zip")
        with pytest.raises(BadInput) as refused:
            restored(tmp_path / f"{name}.zip", f"sqlite:///{tmp_path / 'onto' / 'w.sqlite'}", tmp_path / "folder")
        assert refused.value.statement.key in ("backup.not_one", "backup.changed"), name
        assert not (tmp_path / "onto").exists() and not (tmp_path / "folder").exists()


def _longer(file: Path) -> bytes:
    """A manifest that says of itself what is not so."""
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read("manifest.json"))
    return json.dumps(said | {"revision": "r001"}).encode()


def _flipped(file: Path, to: Path) -> None:
    """One bit of the packed rows."""
    content = bytearray(file.read_bytes())
    content[content.index(b"workshop_audit.jsonl") + 120] ^= 1
    to.write_bytes(bytes(content))


@ON_FILE_FIRST
def test_a_store_that_holds_something_is_left_alone(store: Store, here: Settings, tmp_path: Path) -> None:
    store.create_issue(ANALYST, "3G")
    written(here, tmp_path / "a.zip")
    before = contents(here.store_url)
    with pytest.raises(BadInput, match=r"backup\.not_empty"):
        restored(tmp_path / "a.zip", here.store_url, tmp_path / "other")
    with pytest.raises(BadInput, match=r"backup\.exists"):
        written(here, tmp_path / "a.zip")
    assert contents(here.store_url) == before and not (tmp_path / "other").exists()


@ON_FILE_FIRST
def test_an_empty_store_makes_room_and_a_folder_of_others_does_not(
    store: Store, here: Settings, new_url: NewUrl, tmp_path: Path
) -> None:
    store.create_issue(ANALYST, "3G")
    written(here, tmp_path / "a.zip")
    for kind in kinds_beside(here.store_url):
        onto, folder = new_url(kind), tmp_path / f"of-{kind}"
        open_store(onto).engine.dispose()
        folder.mkdir()
        (folder / "salt").write_bytes(b"another")
        with pytest.raises(BadInput, match=r"backup\.taken"):
            restored(tmp_path / "a.zip", onto, folder)
        (folder / "salt").unlink()
        restored(tmp_path / "a.zip", onto, folder)
        assert contents(onto) == contents(here.store_url)


@ON_FILE_FIRST
@pytest.mark.parametrize("form", ["r001", pytest.param("r008", marks=pytest.mark.prove)])
def test_an_older_store_is_backed_up_as_it_is_and_restored_to_the_newest(
    form: str, store_url: str, new_url: NewUrl, data: Path, tmp_path: Path
) -> None:
    """And rehearsed: the store itself keeps every byte."""
    written_by(store_url, form, *OLD_ROWS) if form == "r001" else written_by(store_url, form)
    here = Settings(data_folder=data, store_url=store_url)
    before = contents(store_url)
    tried = rehearsed(here)
    assert (tried.before, tried.lost) == (form, []) and tried.after > "r010"
    assert tried.rows["workshop_issue"] == (len(before["workshop_issue"]) - 1,) * 2
    assert tried.rows["workshop_class"] == (None, 0)
    assert written(here, tmp_path / "a.zip").revision == form
    assert contents(store_url) == before
    for kind in kinds_beside(store_url):
        restored(tmp_path / "a.zip", onto := new_url(kind), tmp_path / kind)
        store = open_store(onto)
        assert [issue.title for issue in store.issues(ANALYST)] == (["Old"] if form == "r001" else [])
        store.engine.dispose()


@ON_FILE_FIRST
def test_a_newer_backup_is_refused_and_leaves_nothing(
    store: Store, here: Settings, new_url: NewUrl, tmp_path: Path
) -> None:
    with transaction(store.engine) as connection:
        connection.execute(text("UPDATE workshop_schema SET version_num = 'r999'"))
    written(here, tmp_path / "a.zip")
    for kind in kinds_beside(here.store_url):
        with pytest.raises(BadInput, match=r"backup\.newer"):
            restored(tmp_path / "a.zip", onto := new_url(kind), tmp_path / kind)
        with pytest.raises(Unreachable, match=r"store\.none_yet"):
            contents(onto)


def test_the_commands_speak(
    sqlite_store: Store,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sqlite_store.create_issue(ANALYST, "3G")
    monkeypatch.setenv("SATRACE_DATA", str(data))
    monkeypatch.setenv("SATRACE_STORE", f"sqlite:///{tmp_path / 'workshop.sqlite'}")
    file, onto = tmp_path / "a.zip", tmp_path / "onto" / "workshop.sqlite"
    assert main(["rehearse"]) == 0
    assert "workshop_issue\t1\t1\n" in capsys.readouterr().out
    assert main(["backup", str(file), "--lang", "zh-CN"]) == 0
    assert f"{file}：3 行记录" in capsys.readouterr().out
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "folder"))
    assert main(["restore", str(file), "--onto", str(onto)]) == 0
    assert main(["restore", str(file), "--onto", str(onto)]) == 2
    assert main(["restore", str(tmp_path / "none.zip")]) == 3
    said = capsys.readouterr()
    assert said.out.startswith("workshop.sqlite is restored") and len(said.err.splitlines()) == 2

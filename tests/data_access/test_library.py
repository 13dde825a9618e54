"""The data sets kept on this machine: added, listed, corrected, forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data_access.access import NotAllowed, Role, User, local_analyst
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.files.options import LoadedFile, ReadOptions
from data_access.library import EVERYBODY, Library, id_of
from data_access.model_file import read_model
from data_access.selection import Filter
from data_access.statement import BadInput
from data_access.warehouse import open_warehouse


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedFile:
    file = tmp_path / "hotline.csv"
    rows = [f"{1 + i % 10},{'AB'[i % 2]},2026-10-{1 + i % 28:02}" for i in range(60)]
    file.write_text("\n".join(["score,team,contacted_at", *rows]), encoding="utf-8")
    return load_file(file, cache=tmp_path / "cache")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "imports", local_analyst())


def add(library: Library, loaded: LoadedFile, name: str = "Hotline 热线", model: str | None = None) -> None:
    text = model or draft_model(loaded).text
    library.add(loaded.content_hash, name=name, database=loaded.database, model=text)


def test_nothing_was_brought_yet(library: Library) -> None:
    assert library.datasets() == []


def test_a_data_set_outlives_the_file_it_came_from(library: Library, loaded: LoadedFile) -> None:
    add(library, loaded)
    loaded.database.unlink()
    (kept,) = library.datasets()
    assert (kept.id, kept.name) == (loaded.content_hash, "Hotline 热线")
    warehouse = open_warehouse(kept.database, read_model(kept.model), content_hash=kept.id)
    assert warehouse.extent().contacts == 60
    assert warehouse.version() == loaded.content_hash


def test_the_same_file_again_replaces_name_and_model(library: Library, loaded: LoadedFile) -> None:
    add(library, loaded)
    text = draft_model(loaded).text.replace('formula = "mean_of_max"', 'formula = "rescaled"')
    add(library, loaded, "corrected", text)
    (kept,) = library.datasets()
    assert kept.name == "corrected"
    assert read_model(kept.model).metric("score").kind.formula == "rescaled"


def test_a_preset_of_the_model_is_kept(library: Library, loaded: LoadedFile) -> None:
    preset = '[presets]\nteams = { columns = ["score", "weekday"], of = "team", where = { team = ["A"] } }\n'
    add(library, loaded, model=draft_model(loaded).text + preset)
    kept = read_model(library.datasets()[0].model).preset("teams")
    assert (kept.columns, kept.of, kept.where) == (("score", "weekday"), "team", (Filter("team", ("A",)),))


def test_the_same_file_by_another_name_replaces_its_table(
    library: Library, loaded: LoadedFile, tmp_path: Path
) -> None:
    add(library, loaded)
    copy = tmp_path / "October.csv"
    copy.write_bytes((tmp_path / "hotline.csv").read_bytes())
    renamed = load_file(copy, cache=tmp_path / "cache")
    assert renamed.content_hash == loaded.content_hash and renamed.table != loaded.table
    add(library, renamed, "October")
    (kept,) = library.datasets()
    assert kept.name == "October"
    assert open_warehouse(kept.database, read_model(kept.model)).extent().contacts == 60
    assert list(kept.database.parent.glob("*.duckdb")) == [kept.database]


def test_a_data_set_kept_by_an_earlier_version_is_found(library: Library, loaded: LoadedFile) -> None:
    add(library, loaded)
    (kept,) = library.datasets()
    kept.database.rename(kept.database.with_name("data.duckdb"))
    kept.database.with_name("about.json").write_text('{"name": "Hotline"}', encoding="utf-8")
    assert [(d.name, d.database.name) for d in library.datasets()] == [("Hotline", "data.duckdb")]


def test_a_model_that_is_not_sound_changes_nothing(library: Library, loaded: LoadedFile) -> None:
    add(library, loaded)
    before = library.dataset(loaded.content_hash).model.read_text("utf-8")
    with pytest.raises(BadInput):
        add(library, loaded, "broken", "table = 3 [")
    assert library.dataset(loaded.content_hash).name == "Hotline 热线"
    assert library.dataset(loaded.content_hash).model.read_text("utf-8") == before


def test_a_forgotten_data_set_is_gone(library: Library, loaded: LoadedFile) -> None:
    add(library, loaded)
    folder = library.dataset(loaded.content_hash).database.parent
    library.remove(loaded.content_hash)
    assert library.datasets() == [] and not folder.exists()
    with pytest.raises(BadInput) as caught:
        library.remove(loaded.content_hash)
    assert caught.value.statement.key == "library.unknown"


def test_an_id_cannot_lead_out_of_the_folder(library: Library, loaded: LoadedFile) -> None:
    add(library, loaded)
    with pytest.raises(BadInput):
        library.dataset("../imports/" + loaded.content_hash)


def test_another_reading_of_a_file_is_another_data_set() -> None:
    readings = [ReadOptions(), ReadOptions(day_first=True), ReadOptions(day_first=False), ReadOptions(encoding="gbk")]
    assert len({id_of("0123456789ab", options) for options in readings}) == 4


def person(name: str, role: Role = Role.ANALYST) -> User:
    return User(name, name, frozenset({role}))


def test_data_are_their_owners_who_says_who_else_may_open_them(tmp_path: Path, loaded: LoadedFile) -> None:
    li, wang, boss, guest = (
        Library(tmp_path / "imports", person(*given))
        for given in (("li",), ("wang",), ("boss", Role.ADMIN), ("guest", Role.VIEWER))
    )
    add(li, loaded)
    (kept,) = li.datasets()
    assert (kept.owner, kept.readers) == ("li", ())
    assert [library.datasets() for library in (wang, guest)] == [[], []] and boss.datasets() == [kept]
    with pytest.raises(BadInput):
        wang.remove(kept.id)
    add(wang, loaded, "the same file")  # another's is not replaced
    assert [d.name for d in li.datasets()] == ["Hotline 热线"] and [d.name for d in wang.datasets()] == [
        "the same file"
    ]
    text = draft_model(loaded).text
    li.add(kept.id, name="for all", database=kept.database, model=text, readers=[EVERYBODY])
    assert guest.datasets() == [li.dataset(kept.id)] and len(wang.datasets()) == 2
    for library in (wang, guest):
        with pytest.raises(NotAllowed):
            library.remove(kept.id)
    with pytest.raises(NotAllowed):
        add(guest, loaded)
    boss.remove(kept.id)
    assert li.datasets() == []


def test_another_model_makes_another_data_version_and_a_line_in_the_audit(
    tmp_path: Path, library: Library, loaded: LoadedFile
) -> None:
    versions = []
    for formula in ("mean_of_max", "rescaled", "rescaled"):
        text = draft_model(loaded).text.replace('formula = "mean_of_max"', f'formula = "{formula}"')
        add(library, loaded, formula, text)
        versions.append(library.datasets()[0].version)
    library.remove(library.datasets()[0].id)
    assert versions[0] != versions[1] == versions[2]
    lines = map(json.loads, (tmp_path / "imports" / "audit.jsonl").read_text("utf-8").splitlines())
    assert [(line["who"], line["what"], line["version"]) for line in lines] == [
        ("local", what, version)
        for what, version in zip(("brought", "changed", "changed", "deleted"), [*versions, versions[2]], strict=True)
    ]


def test_what_was_brought_before_there_were_owners_is_for_all_to_read(tmp_path: Path, loaded: LoadedFile) -> None:
    add(Library(tmp_path / "imports", local_analyst()), loaded)
    about = tmp_path / "imports" / loaded.content_hash / "about.json"
    about.write_text(json.dumps({"name": "old", "database": next(about.parent.glob("*.duckdb")).name}), "utf-8")
    (old,) = Library(tmp_path / "imports", person("li")).datasets()
    assert not old.may_change(person("li")) and old.may_change(User("boss", "boss", frozenset({Role.ADMIN})))

"""The data sets kept on this machine: added, listed, corrected, forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_access.files import LoadedFile, ReadOptions, load_file
from data_access.files.draft import draft_model
from data_access.library import Library, id_of
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
    return Library(tmp_path / "imports")


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

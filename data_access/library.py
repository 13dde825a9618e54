"""Which data sets were brought to this machine? A folder each: the table as DuckDB, its semantic model, its name."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data_access.files import ReadOptions
from data_access.files.beside import add_beside
from data_access.model_file import parse_model
from data_access.statement import BadInput

ID = re.compile(r"[0-9a-f]{12}")
FILE, LAST = "file", "last.json"


@dataclass(frozen=True)
class Dataset:
    """A data set that every page can work on. `id` is its data version, see `id_of`; `file` is what was brought."""

    id: str
    name: str
    database: Path
    model: Path
    file: Path | None = None


def id_of(content_hash: str, options: ReadOptions) -> str:
    """The id of a file as it was read: its content hash, another one when something but the defaults was asked for.

    >>> id_of("0123456789ab", ReadOptions())
    '0123456789ab'
    >>> id_of("0123456789ab", ReadOptions(day_first=True)) == id_of("0123456789ab", ReadOptions())
    False
    """
    if options == ReadOptions():
        return content_hash
    return hashlib.sha256(f"{content_hash}{options.key()}".encode()).hexdigest()[:12]


class Library:
    """The data sets below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def datasets(self) -> list[Dataset]:
        """All data sets, by name."""
        return sorted(self._kept(), key=lambda dataset: dataset.name)

    def dataset(self, id: str) -> Dataset:
        """One data set. Raises BadInput when there is none of this id."""
        match = next((d for d in self._kept() if d.id == id), None)
        if match is None:
            raise BadInput("library.unknown", id=id[:20])
        return match

    def add(
        self,
        id: str,
        *,
        name: str,
        database: Path,
        model: str,
        file: Path | None = None,
        beside: Mapping[str, pd.DataFrame] | None = None,
    ) -> Dataset:
        """Keep a copy of a loaded file with its model; the same file again, whatever its name, replaces it.

        `file` is kept so that it can be read in another way later. `beside` are tables that the model names, by their
        own names. Raises BadInput for a model that is not sound.
        """
        parse_model(model)
        place = self._folder / id
        place.mkdir(parents=True, exist_ok=True)
        kept = Dataset(id, name, place / _file_of(database, beside or {}), place / "semantic.toml")
        if not kept.database.exists():
            part = place / "data.part"
            shutil.copyfile(database, part)
            add_beside(part, beside or {})
            part.replace(kept.database)
        kept.model.write_text(model, encoding="utf-8")
        if file is not None:
            _keep_file(file, place / FILE)
        about = {"name": name, "database": kept.database.name}
        (place / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        for older in set(place.glob("*.duckdb")) - {kept.database}:
            with suppress(OSError):  # one that is still open goes with the data set
                older.unlink()
        return kept

    def remove(self, id: str) -> None:
        """Forget a data set. Raises BadInput when there is none of this id."""
        shutil.rmtree(self.dataset(id).database.parent)

    def _kept(self) -> Iterator[Dataset]:
        for place in self._folder.glob("*") if self._folder.is_dir() else ():
            about = place / "about.json"
            if not ID.fullmatch(place.name) or not about.exists():
                continue
            known = json.loads(about.read_text(encoding="utf-8"))
            database = place / known.get("database", "data.duckdb")
            if database.exists():
                file = next(iter((place / FILE).glob("*")), None)
                yield Dataset(place.name, known["name"], database, place / "semantic.toml", file)

    def last(self, person: str) -> str | None:
        """The data set that a person used last; None where that is not known."""
        used = self._last().get(_hash(person))
        return used if isinstance(used, str) else None

    def remember(self, person: str, id: str) -> None:
        """A person uses a data set now. When that cannot be written down, the next start only knows less."""
        used = {**self._last(), _hash(person): id}
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{LAST}.part"
            part.write_text(json.dumps(used), encoding="utf-8")
            part.replace(self._folder / LAST)

    def _last(self) -> dict[str, object]:
        try:
            known = json.loads((self._folder / LAST).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _file_of(database: Path, beside: Mapping[str, pd.DataFrame]) -> str:
    """The name a database is stored under: a hash of its name, which says how it was read, and of what is beside."""
    said = [database.name, *(f"{name}={beside[name].to_csv()}" for name in sorted(beside))]
    return f"{_hash(*said)}.duckdb"


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def _keep_file(file: Path, folder: Path) -> None:
    """The file as it was brought, under its own name; one that is there already stays."""
    kept = folder / file.name
    if kept.exists() and kept.stat().st_size == file.stat().st_size:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(file, kept)

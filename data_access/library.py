"""Which data sets were brought to this machine? A folder each: the table as DuckDB, its semantic model, its name.

Each has an owner and readers. What becomes of them stands in an audit beside them, a line for each change.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pandas as pd

from data_access.access import NotAllowed, Role, User, local_analyst, may_import
from data_access.files.beside import add_beside
from data_access.files.options import ReadOptions
from data_access.model_file import parse_model
from data_access.statement import BadInput

ID = re.compile(r"[0-9a-f]{12}")
FILE, LAST, AUDIT = "file", "last.json", "audit.jsonl"
EVERYBODY = "*"  # among the readers
MOST_HAPPENED = 500
LOCAL = local_analyst().id


@dataclass(frozen=True)
class Dataset:
    """A data set that every page can work on: see `id_of` for its id; `file` is what was brought.

    readers: the ids of those who may open it beside its owner, or EVERYBODY.
    """

    id: str
    name: str
    database: Path
    model: Path
    file: Path | None = None
    owner: str = LOCAL
    readers: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The data version: another one when the table or what its columns mean has changed."""
        return _hash(self.id, self.database.name, self.model.read_text(encoding="utf-8"))

    def may_change(self, user: User) -> bool:
        """Replace it, delete it, say who may open it."""
        return may_import(user) and (user.id == self.owner or user.has(Role.ADMIN))

    def may_correct(self, user: User) -> bool:
        """Say what its columns mean: for all of the data, so by who brought them or sees all of them."""
        return self.may_change(user) and (user.id == self.owner or not user.scope.filters)

    def may_open(self, user: User) -> bool:
        return user.id == self.owner or user.has(Role.ADMIN) or not {user.id, EVERYBODY}.isdisjoint(self.readers)


@dataclass(frozen=True)
class Happened:
    """A line of the audit: who did what with which data set. what: brought, changed, deleted."""

    at: str
    who: str
    what: str
    id: str
    name: str
    version: str
    owner: str
    readers: tuple[str, ...]


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
    """The data sets below one folder, for one person."""

    def __init__(self, folder: Path, user: User) -> None:
        self._folder = folder
        self._user = user

    def datasets(self) -> list[Dataset]:
        """All data sets that this person may open, by name."""
        return sorted((d for d in self._kept() if d.may_open(self._user)), key=lambda dataset: dataset.name)

    def dataset(self, id: str) -> Dataset:
        """One data set. Raises BadInput when there is none of this id for this person."""
        match = next((d for d in self.datasets() if d.id == id), None)
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
        readers: Sequence[str] = (),
    ) -> Dataset:
        """Keep a copy of a loaded file with its model; the owner's same file again, whatever its name, replaces it.

        `file` is kept so that it can be read in another way later. `beside` are tables that the model names, by their
        own names. Raises BadInput for a model that is not sound, NotAllowed for who may not bring data.
        """
        if not may_import(self._user):
            raise NotAllowed("library.not_yours", name=name)
        parse_model(model)
        before = self._mine(id)
        id = before.id if before else self._own(id)
        place = self._folder / id
        place.mkdir(parents=True, exist_ok=True)
        owner = before.owner if before else self._user.id
        kept = Dataset(id, name, place / _file_of(database, beside or {}), place / "semantic.toml", None, owner,
                       tuple(readers))  # fmt: skip
        if not kept.database.exists():
            part = place / "data.part"
            shutil.copyfile(database, part)
            add_beside(part, beside or {})
            part.replace(kept.database)
        kept.model.write_text(model, encoding="utf-8")
        if file is not None:
            _keep_file(file, place / FILE)
        about = {"name": name, "database": kept.database.name, "owner": kept.owner, "readers": list(kept.readers)}
        (place / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        for older in set(place.glob("*.duckdb")) - {kept.database}:
            with suppress(OSError):  # one that is still open goes with the data set
                older.unlink()
        self._note("changed" if before else "brought", kept, kept.version)
        return kept

    def remove(self, id: str) -> None:
        """Forget a data set. Raises BadInput when there is none of this id, NotAllowed when it is another's."""
        dataset = self.dataset(id)
        if not dataset.may_change(self._user):
            raise NotAllowed("library.not_yours", name=dataset.name)
        self._note("deleted", dataset, dataset.version)
        shutil.rmtree(dataset.database.parent)

    def happened(self) -> list[Happened]:
        """The latest of the audit, newest first: all of it for an admin, else what became of one's own data."""
        try:
            lines = (self._folder / AUDIT).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        sees_all = self._user.has(Role.ADMIN)
        mine = (one for one in map(_happened, reversed(lines)) if one and (sees_all or one.owner == self._user.id))
        return list(islice(mine, MOST_HAPPENED))

    def _mine(self, id: str) -> Dataset | None:
        """The data set that this person would replace."""
        ids = (id, self._own(id))
        return next((d for d in self._kept() if d.id in ids and d.may_change(self._user)), None)

    def _own(self, id: str) -> str:
        """The id of a file as brought by this person: others may bring the same one and take it otherwise."""
        return id if self._user.id == LOCAL else _hash(id, self._user.id)

    def _note(self, what: str, dataset: Dataset, version: str) -> None:
        """One line more in the audit."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = Happened(now, self._user.id, what, dataset.id, dataset.name, version, dataset.owner, dataset.readers)
        with (self._folder / AUDIT).open("a", encoding="utf-8") as audit:
            audit.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")

    def _kept(self) -> Iterator[Dataset]:
        for place in self._folder.glob("*") if self._folder.is_dir() else ():
            about = place / "about.json"
            if not ID.fullmatch(place.name) or not about.exists():
                continue
            known = json.loads(about.read_text(encoding="utf-8"))
            database = place / known.get("database", "data.duckdb")
            if database.exists():
                file = next(iter((place / FILE).glob("*")), None)
                owner, readers = known.get("owner", LOCAL), known.get("readers", [EVERYBODY])
                yield Dataset(
                    place.name, known["name"], database, place / "semantic.toml", file, owner, tuple(readers)
                )

    def last(self) -> str | None:
        """The data set that this person used last; None where that is not known."""
        used = self._last().get(_hash(self._user.id))
        return used if isinstance(used, str) else None

    def remember(self, id: str) -> None:
        """This person uses a data set now. When that cannot be written down, the next start only knows less."""
        used = {**self._last(), _hash(self._user.id): id}
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


def _happened(line: str) -> Happened | None:
    """A line of the audit; None for one that was cut off in its middle."""
    try:
        known = json.loads(line)
        return Happened(**{**known, "readers": tuple(known["readers"])})
    except (ValueError, TypeError, KeyError):
        return None


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

"""A backup as one file: rows of the store, files of the data folder, and a manifest with the hash of each.

A zip of `manifest.json`, `store/TABLE.jsonl` and `data/...`; the hash of the manifest is the comment of the zip. The
rows are one state of the store. It holds what people typed and names of contacts, so only its owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

from data_access.backup import folder, rows
from data_access.backup.reaching import revision, snapshot, tables
from data_access.settings import Settings
from data_access.statement import BadInput, Unreachable

MANIFEST, STORE, DATA, LINES = "manifest.json", "store/", "data/", ".jsonl"
FORMAT = 1
TRIES = 3
BLOCK = 1 << 20
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same rows are the same bytes whenever they are written


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: `tables` the rows of each, `files` the SHA-256 of each member of the zip.

    salted: the salt is in it; where it is not, it comes from the environment.
    """

    made_at: str
    revision: str
    tables: Mapping[str, int]
    files: Mapping[str, str]
    salted: bool
    format: int = FORMAT


def written(settings: Settings, file: Path) -> Manifest:
    """Write a backup of the store and the data folder, whole or not at all.

    Raises: BadInput where the file is there already, or the folder is being changed all the time; Unreachable.
    """
    if file.exists():
        raise BadInput("backup.exists", path=str(file))
    part = file.with_name(f".{file.name}.{uuid4().hex}")
    try:
        for _ in range(TRIES):
            before = folder.state(settings.data_folder)
            manifest = _write(settings, part)
            if manifest and before == folder.state(settings.data_folder):
                os.link(part, file)  # never over one that came meanwhile
                return manifest
    except OSError as error:
        raise BadInput("backup.not_written", path=str(file), detail=error.strerror or "") from error
    finally:
        part.unlink(missing_ok=True)
    raise BadInput("backup.restless", folder=str(settings.data_folder))


def _write(settings: Settings, part: Path) -> Manifest | None:
    """None where a file went away in the middle."""
    files: dict[str, str] = {}
    counts: dict[str, int] = {}
    with _zip_for_owner(part) as archive:
        with snapshot(settings.store_url) as connection:
            at = revision(connection)
            for table in tables(connection):
                counts[table.name] = rows.number_of(connection, table)
                name = f"{STORE}{table.name}{LINES}"
                text = (f"{line}\n".encode() for line in rows.lines(connection, table))
                files[name] = _add(archive, name, text)
            for path in folder.kept(settings.data_folder):
                if (content := _blocks(settings.data_folder / path)) is None:
                    return None
                files[f"{DATA}{path}"] = _add(archive, f"{DATA}{path}", content)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(now, at, counts, files, f"{DATA}salt" in files)
        said = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        _add(archive, MANIFEST, [said])
        archive.comment = hashlib.sha256(said).hexdigest().encode()
    return manifest


@contextmanager
def _zip_for_owner(part: Path) -> Iterator[zipfile.ZipFile]:
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def _add(archive: zipfile.ZipFile, name: str, content: Iterable[bytes]) -> str:
    digest, about = hashlib.sha256(), zipfile.ZipInfo(name, LONG_AGO)
    about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with archive.open(about, "w", force_zip64=True) as member:
        for block in content:
            digest.update(block)
            member.write(block)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes] | None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    return _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block


@contextmanager
def checked(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup that is whole: each member has the hash that the manifest says. Raises BadInput, Unreachable."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise Unreachable("backup.no_file", path=str(file)) from error
        raise BadInput("backup.not_one", path=str(file)) from error
    with archive:
        manifest = _manifest(archive, file)
        names = [name for name in archive.namelist() if name != MANIFEST]
        if sorted(names) != sorted(manifest.files):
            raise BadInput("backup.changed", path=str(file), name=MANIFEST)
        for name in names:
            _check(archive, name, manifest.files[name], file)
        yield archive, manifest


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        said = archive.read(MANIFEST)
        found = Manifest(**json.loads(said))
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInput("backup.not_one", path=str(file)) from error
    if archive.comment != hashlib.sha256(said).hexdigest().encode():
        raise BadInput("backup.changed", path=str(file), name=MANIFEST)
    if found.format != FORMAT:
        raise BadInput("backup.newer")
    return found


def _check(archive: zipfile.ZipFile, name: str, expected: str, file: Path) -> None:
    is_ours = name.startswith(STORE) or folder.is_kept(PurePosixPath(name.removeprefix(DATA)))
    digest = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while block := member.read(BLOCK):
                digest.update(block)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise BadInput("backup.changed", path=str(file), name=name) from error
    if not is_ours or digest.hexdigest() != expected:
        raise BadInput("backup.changed", path=str(file), name=name)

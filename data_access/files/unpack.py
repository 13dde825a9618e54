"""The one file of data inside a .gz or .zip, taken out to be read as if it had been brought by itself."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from data_access.convert.limits import TIMES, most_unpacked
from data_access.files.sniff import Kind, kind_of
from data_access.statement import BadInput

PIECE = 1 << 20
LONGEST_NAME = 80


def unpacked(path: Path, folder: Path) -> tuple[Path, Kind]:
    """The file inside, in `folder`, and its kind. Raises BadInput where it is none or several, or no data."""
    try:
        inner = _from_zip(path, folder) if zipfile.is_zipfile(path) else _from_gzip(path, folder)
        kind = kind_of(inner)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadInput("file.damaged", name=path.name) from error
    except RuntimeError as error:  # how zipfile says that a password is wanted
        raise BadInput("file.password", name=path.name) from error
    if kind in (Kind.PACKED, Kind.DUCKDB):
        raise BadInput("file.compressed" if kind is Kind.PACKED else "file.database", name=path.name)
    return inner, kind


def _from_zip(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        files = [part for part in archive.infolist() if not part.is_dir() and not _is_clutter(part.filename)]
        if not files:
            raise BadInput("file.nothing_inside", name=path.name)
        if len(files) > 1:
            names = [PurePosixPath(part.filename).name for part in files[:5]]
            raise BadInput("file.several_inside", name=path.name, n=len(files), names=names)
        with archive.open(files[0]) as packed:
            return _copied(packed, folder / _safe(files[0].filename), path)


def _from_gzip(path: Path, folder: Path) -> Path:
    with gzip.open(path) as packed:
        return _copied(packed, folder / _safe(path.stem), path)  # type: ignore[arg-type]


def _copied(packed: IO[bytes], target: Path, path: Path) -> Path:
    """Unpacked piece by piece, up to what is taken in."""
    total, most = 0, most_unpacked(path.stat().st_size)
    with target.open("wb") as file:
        while piece := packed.read(PIECE):
            total += len(piece)
            if total > most:
                raise BadInput("file.unpacks", name=path.name, times=TIMES)
            file.write(piece)
    return target


def _is_clutter(name: str) -> bool:
    """What systems add to an archive unasked."""
    last = PurePosixPath(name).name
    return name.startswith("__MACOSX/") or last.startswith(".") or last.lower() in ("thumbs.db", "desktop.ini")


def _safe(name: str) -> str:
    """The last part of a name, which says nothing of a place outside the folder."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1][-LONGEST_NAME:]
    return last if last.strip(". \x00") and "\x00" not in last else "data"

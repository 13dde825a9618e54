"""What is this file really? Its kind, judged by its bytes and never by its name alone."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from data_access.convert.limits import MOST_BYTES
from data_access.files.encoding import HEAD, utf16_of
from data_access.statement import BadInput, Unreachable


class Kind(StrEnum):
    """The kinds of file that can be read."""

    TEXT = "csv"
    WORKBOOK = "xlsx"
    PARQUET = "parquet"
    JSON = "json"
    SPSS = "sav"
    DUCKDB = "duckdb"
    PACKED = "zip"


NAMED = {
    ".csv": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".txt": Kind.TEXT,
    ".xlsx": Kind.WORKBOOK,
    ".xlsm": Kind.WORKBOOK,
    ".xlsb": Kind.WORKBOOK,
    ".xls": Kind.WORKBOOK,
    ".ods": Kind.WORKBOOK,
    ".parquet": Kind.PARQUET,
    ".pq": Kind.PARQUET,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON,
    ".ndjson": Kind.JSON,
    ".sav": Kind.SPSS,
    ".zsav": Kind.SPSS,
    ".duckdb": Kind.DUCKDB,
    ".ddb": Kind.DUCKDB,
}
SQLITE = b"SQLite format 3\x00"
OLE = b"\xd0\xcf\x11\xe0"
STARTS = (
    (b"PAR1", Kind.PARQUET),
    (b"$FL2", Kind.SPSS),
    (b"$FL3", Kind.SPSS),
    (b"\x1f\x8b", Kind.PACKED),
)
# first bytes of files that cannot be read, and the text that names each with the way out
FOREIGN = (
    (b"%PDF", "file.pdf"),
    (SQLITE, "file.sqlite"),
    (b"Rar!", "file.compressed"),
    (b"7z\xbc\xaf", "file.compressed"),
    (b"BZh", "file.compressed"),
    (b"\xfd7zXZ", "file.compressed"),
    (b"\x28\xb5\x2f\xfd", "file.compressed"),
    (b"<stata_dta>", "file.other_statistics"),
    (b"ORC", "file.binary"),
    (b"Obj\x01", "file.binary"),
)
HTML = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE)
RECORDS = re.compile(rb'(\s*\[)*\s*\{\s*("|\})|\s*\[\s*\[\s*"')


def kind_of(path: Path) -> Kind:
    """The kind of a file by its content. Raises Unreachable when it is missing, BadInput when it cannot be read."""
    head = head_of(path)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(OLE):
        return _old_office(path)
    if head[8:12] == b"DUCK":
        return Kind.DUCKDB
    found = next((kind for start, kind in STARTS if head.startswith(start)), None)
    if found is not None:
        return found
    for start, key in FOREIGN:
        if head.startswith(start):
            raise BadInput(key, name=path.name)
    return _text_or_json(path, head)


def refuse_database(path: Path) -> None:
    """Raise BadInput for a database file, which nobody may upload: it is connected by who runs the server."""
    head = head_of(path)
    if head[8:12] == b"DUCK" or head.startswith(SQLITE):
        raise BadInput("file.database", name=path.name)


def _text_or_json(path: Path, head: bytes) -> Kind:
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if HTML.match(plain):
        raise BadInput("file.html", name=path.name)
    if RECORDS.match(plain):
        return Kind.JSON
    if b"\x00" in head and not utf16_of(head):
        raise BadInput("file.binary", name=path.name)
    return Kind.TEXT


def head_of(path: Path) -> bytes:
    """The first bytes. Raises Unreachable for a missing file, BadInput for a folder, an unreadable or empty one."""
    if not path.exists():
        raise Unreachable("file.missing", path=str(path))
    if not path.is_file():
        raise BadInput("file.folder", path=str(path))
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise BadInput("file.unreadable", name=path.name, detail=error.strerror or str(error)) from error
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise BadInput("file.empty", name=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise BadInput("file.too_much", name=path.name)
    return head


def _zipped(path: Path) -> Kind:
    """A workbook, or an archive that may hold one file of data."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadInput("file.damaged", name=path.name) from error
    if names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        return Kind.WORKBOOK
    if names & {"word/document.xml", "ppt/presentation.xml"}:
        raise BadInput("file.binary", name=path.name)
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise BadInput("file.numbers", name=path.name)
    return Kind.PACKED


def _old_office(path: Path) -> Kind:
    """An .xls, or a workbook behind a password, which is kept in the same container."""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if "EncryptedPackage".encode("utf-16-le") in piece:
                raise BadInput("file.password", name=path.name)
    return Kind.WORKBOOK

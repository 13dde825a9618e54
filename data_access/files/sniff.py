"""What is this file really? Kind, encoding and delimiter, judged by its bytes and never by its name alone."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from data_access.statement import BadInput, Unreachable

HEAD = 65_536
DELIMITERS = (",", "\t", ";", "|")
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Kind(StrEnum):
    """The kinds of file that can be read."""

    TEXT = "csv"
    EXCEL = "xlsx"
    PARQUET = "parquet"
    DUCKDB = "duckdb"


NAMED = {
    ".csv": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".txt": Kind.TEXT,
    ".xlsx": Kind.EXCEL,
    ".xlsm": Kind.EXCEL,
    ".parquet": Kind.PARQUET,
    ".pq": Kind.PARQUET,
    ".duckdb": Kind.DUCKDB,
    ".ddb": Kind.DUCKDB,
}
# first bytes of files that people rename to .csv or .xlsx, and the text that names each
FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "file.old_excel"),
    (b"\x1f\x8b", "file.compressed"),
    (b"%PDF", "file.pdf"),
    (b"SQLite format 3\x00", "file.sqlite"),
    (b"Rar!", "file.compressed"),
    (b"7z\xbc\xaf", "file.compressed"),
)
HTML = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE)


def kind_of(path: Path) -> Kind:
    """The kind of a file by its content. Raises Unreachable when it is missing, BadInput when it cannot be read."""
    head = head_of(path)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    if head[8:12] == b"DUCK":
        return Kind.DUCKDB
    for start, key in FOREIGN:
        if head.startswith(start):
            raise BadInput(key, name=path.name)
    if HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise BadInput("file.html", name=path.name)
    if b"\x00" in head and not _is_utf16(head):
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
    return head


def _zipped(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise BadInput("file.damaged", name=path.name) from error
    if "xl/workbook.xml" in names:
        return Kind.EXCEL
    raise BadInput("file.excel_binary" if "xl/workbook.bin" in names else "file.compressed", name=path.name)


def _is_utf16(head: bytes) -> bool:
    return bool(_utf16(head))


def _utf16(head: bytes) -> str | None:
    """UTF-16 with a mark, or without one where every second byte of ASCII text is zero."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    pairs = max(len(head[:2000]) // 2, 1)
    if odd > 0.3 * pairs and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * pairs and odd == 0 else None


def encoding_of(path: Path) -> tuple[str, bool]:
    """The encoding of a text file and whether it had to be guessed.

    "mixed" means that some lines are UTF-8 and others are GBK. All lines are read: one wrong line in a million is
    what breaks an import later.
    """
    head = head_of(path)
    for mark, name in BOMS:
        if head.startswith(mark):
            return (name, False) if name == "utf-16" or _all_utf8(path) else ("mixed", True)
    wide = _utf16(head)
    if wide:
        return wide, True
    if _all_utf8(path):
        return "utf-8", False
    return _eight_bit(path), True


def _all_utf8(path: Path) -> bool:
    decoder_errors = io.TextIOWrapper(path.open("rb"), encoding="utf-8", errors="strict", newline="")
    with decoder_errors as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _eight_bit(path: Path) -> str:
    """GB18030 (which holds GBK), Western Windows where high bytes stand alone, or a mixture."""
    seen: Counter[str] = Counter()
    single = runs = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            found = HIGH_RUN.findall(line)
            runs, single = runs + len(found), single + sum(len(r) == 1 for r in found)
            seen[line_encoding(line)] += 1
    if single > 0.5 * runs:
        return "cp1252"
    if not seen["utf-8"] and not seen["unknown"]:
        return "gb18030"
    return "mixed"


def line_encoding(line: bytes) -> str:
    """How one line is written: "utf-8", "gb18030", or "unknown".

    Two-byte UTF-8 letters (Greek, Cyrillic, accents) are also two-byte GBK characters, so a line counts as UTF-8
    only with a character of three bytes or more.

    >>> line_encoding("满意度".encode("gbk")), line_encoding("满意度".encode())
    ('gb18030', 'utf-8')
    """
    for name in ("utf-8", "gb18030"):
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "gb18030" or any(c > "\u07ff" for c in text):
            return name
    return "unknown"


def lines_of(path: Path, encoding: str) -> Iterator[tuple[str, str]]:
    """Each line of a file and how it was read: the encoding, or "unknown" where signs had to be replaced."""
    if encoding != "mixed":
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for text in file:
                yield text, "unknown" if "\ufffd" in text else encoding
        return
    with path.open("rb") as raw:
        for number, line in enumerate(raw):
            found = "utf-8" if line.isascii() else line_encoding(line)
            text = line.decode("utf-8" if found == "unknown" else found, errors="replace")
            yield (text.removeprefix("\ufeff") if number == 0 else text), found


def delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter that splits the first lines into the most, and equally many, columns; a comma for one column."""
    sample = _first_lines(path, encoding)
    if path.suffix.lower() == ".tsv" and "\t" in sample.split("\n", 1)[0]:
        return "\t"
    return max(DELIMITERS, key=lambda d: _fit(sample, d))


def _first_lines(path: Path, encoding: str, most: int = 200) -> str:
    found: list[str] = []
    for text, _ in lines_of(path, encoding):
        found.append(text)
        if len(found) >= most or sum(map(len, found[-1:])) > HEAD:
            break
    return "".join(found)


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """Share of records as wide as the header, times more than one column; ties go to the wider table."""
    try:
        widths = [len(record) for record in csv.reader(io.StringIO(sample), delimiter=delimiter) if record]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    return round(sum(w == widths[0] for w in widths) / len(widths), 1), widths[0]

"""What does the XML of a workbook say beyond its values? Hidden rows, errors, formulas never computed; its true size.

Sheets are read as bytes in pieces and searched by linear patterns: no tree is built and no entity is resolved.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from data_access.convert.limits import (
    MOST_XML_BYTES,
    TIMES,
    Refused,
    most_unpacked,
)

PIECE = 1 << 22
MOST_NOTES = 60
SHEET = re.compile(rb"<(?:\w{1,9}:)?sheet\s([^<>]{1,2000})>")
RELATION = re.compile(rb"<(?:\w{1,9}:)?Relationship\s([^<>]{1,4000})>")
ATTRIBUTE = re.compile(rb"""([\w:]{1,40})\s?=\s?(?:"([^"]{0,2000})"|'([^']{0,2000})')""")
CELL = rb'<(?:\w{1,9}:)?c r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,60}'
HIDDEN = re.compile(rb'<(?:\w{1,9}:)?row [^<>]{0,300}?hidden="(?:1|true)"')
FORMULA = rb"<f[^<>]{0,200}>[^<>]{0,9000}</f>"
WRONG = re.compile(CELL + rb' t="e"[^<>]{0,60}>(?:' + FORMULA + rb")?<v>([^<]{1,20})</v>")
EMPTY_FORMULA = re.compile(
    CELL + rb"><f(?:/>|[^<>]{0,200}/>|[^<>]{0,200}>([^<>]{0,9000})</f>)(?:<v ?/>|<v></v>)?</c>"
)
NOTED = (("file.excel_error", b't="e"', WRONG), ("file.uncomputed", b"<f", EMPTY_FORMULA))
ODS_TABLE = re.compile(rb'<table:table [^<>]{0,300}?table:name="([^"]{1,200})"')
ODS_ROW = re.compile(rb"<table:table-row ([^<>]{0,400})>")


@dataclass
class SheetFacts:
    """What calamine does not tell of a sheet. A note is a key with its row from 1 and its column from 0.

    cells: at most so many say something; None where that is not known.
    """

    hidden_rows: int = 0
    cells: int | None = None
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def facts_of(source: Path) -> dict[str, SheetFacts]:
    """The facts of each sheet by its name; nothing for the formats that are not XML. Raises Refused."""
    if not zipfile.is_zipfile(source):
        return {}
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist())
            _check_true_size(archive, most_unpacked(source.stat().st_size, MOST_XML_BYTES))
            if "content.xml" in names:
                return _ods(archive)
            return {name: _sheet(archive, part) for name, part in _parts(archive, names) if part.endswith(".xml")}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, NotImplementedError, KeyError) as error:
        raise Refused("file.damaged") from error


def _check_true_size(archive: zipfile.ZipFile, most: int) -> None:
    """Every part is unpacked and counted once: what an archive says about its size need not be true."""
    total = 0
    for part in archive.infolist():
        if part.flag_bits & 1:
            raise Refused("file.password")
        with archive.open(part) as file:
            while piece := file.read(PIECE):
                total += len(piece)
                if total > most:
                    raise Refused("file.unpacks", times=TIMES)


def _parts(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part of the archive that holds it."""
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return
    relations = [_attributes(m) for m in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))]
    targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
    for sheet in (_attributes(m) for m in SHEET.findall(archive.read("xl/workbook.xml"))):
        target = targets.get(next((v for k, v in sheet.items() if k.endswith(":id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if part in names:
            yield sheet.get("name", ""), part


def _attributes(tag: bytes) -> dict[str, str]:
    return {k.decode(): unescape((a or b).decode("utf-8", "replace")) for k, a, b in ATTRIBUTE.findall(tag)}


def _sheet(archive: zipfile.ZipFile, part: str) -> SheetFacts:
    facts, cells = SheetFacts(), 0
    for piece in _pieces(archive, part, b"</c>"):
        cells += piece.count(b"c>")
        facts.hidden_rows += len(HIDDEN.findall(piece)) if b"hidden=" in piece else 0
        for key, sign, pattern in NOTED:
            found = pattern.findall(piece) if sign in piece else []
            for column, row, value in found[: MOST_NOTES - len(facts.notes)]:
                said = unescape(value.decode("utf-8", "replace"))[:80]
                said = f"={said}" if key == "file.uncomputed" else said
                facts.notes.append((key, {"row": int(row), "column": _number(column) - 1, "value": said}))
    facts.cells = cells
    return facts


def _pieces(archive: zipfile.ZipFile, part: str, end: bytes) -> Iterator[bytes]:
    """A part piece by piece, each ending behind a whole element."""
    with archive.open(part) as file:
        rest = b""
        while piece := file.read(PIECE):
            rest += piece
            cut = rest.rfind(end) + len(end)
            if cut >= len(end):
                yield rest[:cut]
                rest = rest[cut:]
        yield rest


def _number(letters: bytes) -> int:
    """
    >>> _number(b"A"), _number(b"AA")
    (1, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _ods(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """Hidden rows of an OpenDocument sheet."""
    found: dict[str, SheetFacts] = {}
    for piece in _pieces(archive, "content.xml", b"</table:table>"):
        for table in piece.split(b"<table:table ")[1:]:
            name = ODS_TABLE.match(b"<table:table " + table[:600])
            if name is None:
                continue
            rows = [_attributes(row) for row in ODS_ROW.findall(table) if b"visibility" in row]
            hidden = sum(
                int(row.get("table:number-rows-repeated", "1"))
                for row in rows
                if row.get("table:visibility") in ("collapse", "filter")
            )
            found[unescape(name[1].decode("utf-8", "replace"))] = SheetFacts(hidden)
    return found

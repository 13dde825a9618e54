"""One table of contacts, written in every layout and format that people use, must be read as the same cells."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import openpyxl
import pandas as pd
import pyreadstat
import pytest

from data_access.files.load import load_file
from data_access.files.options import LoadedFile, ReadOptions
from data_access.statement import BadInput
from tests.data_access.files.conftest import rows_of

pytestmark = pytest.mark.usefixtures("read_here")
NAMES = ["contact id", "opened at", "team", "wait (s)", "score"]
Grid = list[list[object]]


def contacts(n: int = 40) -> Grid:
    """Rows in order of time, a few cells of them blank."""
    draw = random.Random(7)
    start, rows = dt.datetime(2026, 9, 1, 8, 0), []
    for i in range(n):
        score = None if i % 9 == 4 else draw.randint(1, 5)
        team = draw.choice(["Delivery", "Billing", "Returns"])
        rows.append([f"K{i:04}", start + dt.timedelta(hours=5 * i), team, draw.randint(10, 900) + 0.5, score])
    return rows


ROWS = contacts()


def blank(n: int = 5) -> list[object]:
    return [None] * n


def plain() -> Grid:
    return [list(NAMES), *ROWS]


def under_group_names() -> Grid:
    return [[None, None, "Service", None, "Answer"], *plain()]


LAYOUTS: dict[str, Callable[[], Grid]] = {
    "plain": plain,
    "title": lambda: [["Contacts of autumn 2026", *blank(4)], *plain()],
    "title and blank rows": lambda: [["Contacts", *blank(4)], blank(), blank(), *plain()],
    "keys and values above": lambda: [
        ["Printed", "2026-11-01", *blank(3)],
        ["By:", "Li", *blank(3)],
        blank(),
        *plain(),
    ],
    "total": lambda: [*plain(), ["Total", None, None, 18123.5, 120]],
    "sums in Chinese": lambda: [*plain(), ["合计", *blank(4)], ["平均", None, None, 451.2, 3.2]],
    "notes below": lambda: [*plain(), blank(), ["Source: hotline", *blank(4)], ["Page 1 of 1", *blank(4)]],
    "title and total": lambda: [["Report", *blank(4)], *plain(), ["Grand total", None, "40 rows", 18123.5, None]],
    "blank rows between": lambda: [*plain()[:11], blank(), *plain()[11:25], blank(), blank(), *plain()[25:]],
    "a blank column": lambda: [[*row[:2], None, *row[2:]] for row in plain()],
    "begins at B3": lambda: [blank(6), blank(6), *[[None, *row] for row in plain()]],
    "group names": under_group_names,
    "questions below": lambda: [
        list(NAMES),
        ["Number", "When did it open?", "Which team?", "How long?", "How was it?"],
        *ROWS,
    ],
    "units below": lambda: [list(NAMES), [None, None, None, "seconds", "points"], *ROWS],
    "names for machines": lambda: [list(NAMES), [json.dumps({"ImportId": f"Q{i}"}) for i in range(5)], *ROWS],
    "header on every page": lambda: [*plain()[:15], list(NAMES), *plain()[15:30], list(NAMES), *plain()[30:]],
    "trailing blanks": lambda: [*[[*row, None, None] for row in plain()], blank(7), blank(7)],
}


def text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)


def delimited(
    sign: str = ",", encoding: str = "utf-8", ends: str = "\r\n", first: str = ""
) -> Callable[[Grid], bytes]:
    def write(grid: Grid) -> bytes:
        target = io.StringIO()
        csv.writer(target, delimiter=sign, lineterminator=ends).writerows([[text(v) for v in row] for row in grid])
        return (first + target.getvalue()).encode(encoding)

    return write


def excel(grid: Grid) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in grid:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def opendocument(grid: Grid) -> bytes:
    """The least that is an .ods."""
    rows = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in grid)
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="T">{rows}</table:table></office:spreadsheet>'
    content = f'<?xml version="1.0"?><office:document-content{spaces}>{body}</office:body></office:document-content>'
    return zipped("content.xml", content.encode(), mimetype="application/vnd.oasis.opendocument.spreadsheet")


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    if isinstance(value, dt.datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


MANIFEST = '<?xml version="1.0"?><manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def zipped(name: str, content: bytes, mimetype: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
            archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr(name, content)
    return target.getvalue()


FORMATS: dict[str, tuple[str, Callable[[Grid], bytes]]] = {
    "csv": ("d.csv", delimited()),
    "semicolons": ("d.csv", delimited(";")),
    "tabs": ("d.txt", delimited("\t", ends="\n")),
    "sep line": ("d.csv", delimited(";", first="sep=;\r\n")),
    "gb18030": ("d.csv", delimited(encoding="gb18030")),
    "utf-16": ("d.csv", delimited("\t", encoding="utf-16")),
    "carriage returns": ("d.csv", delimited(ends="\r")),
    "gzip": ("d.csv.gz", lambda grid: gzip.compress(delimited()(grid))),
    "zip": ("d.zip", lambda grid: zipped("folder/d.csv", delimited()(grid))),
    "xlsx": ("d.xlsx", excel),
    "ods": ("d.ods", opendocument),
}
PAIRS = [
    (layout, kind)
    for layout in LAYOUTS
    for kind in FORMATS
    if kind in ("csv", "xlsx") or layout in ("plain", "title and total", "notes below")
]


def read(tmp_path: Path, name: str, content: bytes, **options: object) -> LoadedFile:
    path = tmp_path / name
    path.write_bytes(content)
    return load_file(path, cache=tmp_path / "cache", options=ReadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(("layout", "kind"), PAIRS)
def test_every_layout_in_every_format_gives_the_same_cells(tmp_path: Path, layout: str, kind: str) -> None:
    name, write = FORMATS[kind]
    loaded = read(tmp_path, name, write(LAYOUTS[layout]()))
    assert [c.name for c in loaded.columns] == NAMES
    assert rows_of(loaded) == [tuple(row) for row in ROWS]
    assert not {"file.not_a_number", "file.not_a_date", "file.short_row"} & {told.key for told in loaded.report}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_header_in_any_format(tmp_path: Path, kind: str) -> None:
    name, write = FORMATS[kind]
    loaded = read(tmp_path, name, write(ROWS))
    assert rows_of(loaded) == [tuple(row) for row in ROWS]
    assert loaded.account is not None and loaded.account.header is None


def test_what_is_found_can_be_said_otherwise(tmp_path: Path) -> None:
    content = delimited()(LAYOUTS["title and total"]())
    given = read(tmp_path, "d.csv", content, header=(2, 2), skip_last=0)
    assert [c.name for c in given.columns] == NAMES and given.rows == len(ROWS) + 1
    none = read(tmp_path, "d.csv", delimited()(plain()), header=(0, 0))
    assert none.rows == len(ROWS) + 1 and none.columns[0].name == "column 1"


@pytest.mark.parametrize("ending", ["", "K9999,too,short\n"])
def test_more_rows_are_never_skipped_silently_than_can_be(tmp_path: Path, ending: str) -> None:
    """Of a file's last rows only some are looked at: of 70, skipping 60 left 30 without a word."""
    grid, more = [list(NAMES), *contacts(70)], int(bool(ending))
    content = delimited()(grid) + ending.encode()
    assert read(tmp_path, "d.csv", content, skip_last=7 + more).rows == 63
    for asked in (60, 70 + more, 500):
        with pytest.raises(BadInput) as problem:
            read(tmp_path, "d.csv", content, skip_last=asked)
        assert problem.value.statement.key == "file.skip_too_many" and problem.value.statement.values["n"] == asked
    few = delimited()(grid[:4])
    with pytest.raises(BadInput) as problem:
        read(tmp_path, "few.csv", few, skip_last=3)
    assert problem.value.statement.values["most"] == 2 and read(tmp_path, "few.csv", few, skip_last=2).rows == 1


def test_questions_become_labels(tmp_path: Path) -> None:
    loaded = read(tmp_path, "d.csv", delimited()(LAYOUTS["questions below"]()))
    assert [c.label for c in loaded.columns][1:3] == ["When did it open?", "Which team?"]


def test_formats_without_a_layout(tmp_path: Path) -> None:
    """JSON, JSON Lines, Parquet and SPSS know their names: nothing is looked for."""
    frame = pd.DataFrame(ROWS, columns=NAMES)
    records = [
        {name: text(v) if isinstance(v, dt.datetime) else v for name, v in zip(NAMES, row, strict=True)}
        for row in ROWS
    ]
    frame.to_parquet(tmp_path / "p.parquet")
    given = {
        "j.json": json.dumps({"meta": {"total": 40}, "contacts": records}).encode(),
        "l.jsonl": "\n".join(map(json.dumps, records)).encode(),
        "p.parquet": (tmp_path / "p.parquet").read_bytes(),
    }
    for name, content in given.items():
        loaded = read(tmp_path, name, content)
        assert [c.name for c in loaded.columns] == NAMES, name
        assert rows_of(loaded) == [tuple(row) for row in ROWS], name
        assert loaded.account is not None and loaded.account.left_out == ()


def test_an_spss_file_brings_its_questions_and_words(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "opened": [row[1] for row in ROWS],
            "team": [float(i % 3) for i in range(40)],
            "q1": [row[4] for row in ROWS],
        }
    )
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "s.sav"),
        column_labels={"opened": "Opened", "team": "Which team?", "q1": "How satisfied were you?"},
        variable_value_labels={
            "team": {0.0: "Delivery", 1.0: "Billing", 2.0: "Returns"},
            "q1": {1.0: "bad", 5.0: "good"},
        },
    )
    loaded = load_file(tmp_path / "s.sav", cache=tmp_path / "cache")
    assert [(c.name, c.label) for c in loaded.columns] == [
        ("opened", "Opened"), ("team", "Which team?"), ("q1", "How satisfied were you?"),
    ]  # fmt: skip
    assert rows_of(loaded)[:3] == [
        (row[1], ["Delivery", "Billing", "Returns"][i], row[4]) for i, row in enumerate(ROWS[:3])
    ]


def test_records_are_flattened_by_one_level(tmp_path: Path) -> None:
    record = {
        "ContactId": "a",
        "Queue": {"Name": "Billing", "Arn": "x"},
        "Tags": ["new", "vip"],
        "Score": 4,
        "Deep": {"a": {"b": 1}},
    }
    records = [record | {"ContactId": c, "Score": i} for c, i in (("a", 3), ("b", 4))]
    loaded = read(tmp_path, "c.jsonl", "\n".join(map(json.dumps, records)).encode())
    assert [c.name for c in loaded.columns] == ["ContactId", "Queue.Name", "Queue.Arn", "Tags", "Score", "Deep.a"]
    assert rows_of(loaded) == [(c, "Billing", "x", "new|vip", i, '{"b": "1"}') for c, i in (("a", 3), ("b", 4))]


def test_uneven_sheets_are_not_mixed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, names in (("one", ["id", "score"]), ("two", ["score", "ID"]), ("other", ["id", "team", "x"])):
        sheet = book.create_sheet(title)
        sheet.append(names)
        for i in range(5):
            sheet.append([i + 10 if name.lower() == "id" else 3 for name in names])
    book.save(tmp_path / "b.xlsx")
    loaded = load_file(tmp_path / "b.xlsx", cache=tmp_path / "cache")
    assert loaded.rows == 10 and {row[0] for row in rows_of(loaded)} == {10, 11, 12, 13, 14}
    assert loaded.account is not None and loaded.account.sheets == ("one", "two")
    with duckdb.connect(str(loaded.database), read_only=True) as db:
        assert db.execute('SELECT sheet, max(score) FROM "b" GROUP BY 1 ORDER BY 1').fetchall() == [
            ("one", 3),
            ("two", 3),
        ]

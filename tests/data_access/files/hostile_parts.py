"""What hostile files are made of: tables, workbooks, Parquet, archives, each broken in some way drawn from a seed."""

from __future__ import annotations

import contextlib
import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

Draw = random.Random
Maker = Callable[[Draw], tuple[str, bytes]]
ALPHABET = "abc ,;\t\"'\n\r|=+-@0123456789.%★满意一般\u202e\ufeff\x00é🙂"
MARKUP = [
    "...",
    ".",
    "a.b",
    "te![h](http://x)am",
    "<img src=x>",
    "=1+1",
    "$x$",
    "@SUM(A1)",
    "[a](javascript:1)",
    "`x`",
]
BIDI = ["\u202etxet", "\u2066a\u2069", "\u200bzero", "\u200fmark", "e\u0301\u0301\u0301", "\ufeffx"]
NAMES = ['"; DROP TABLE staged; --', "rowid", "c0", "staged", "w", "n", "week", "score)", "' OR 1=1", "select", "%s"]
ENCODINGS = ["utf-16", "utf-16-le", "utf-32", "utf-7", "gbk", "big5", "shift_jis", "koi8-r", "mac_roman", "cp037"]
SMALL_BOOK: list[list[object]] = [["score", "team"], *([[3, "a"]] * 50)]
CONTENT = b'<?xml version="1.0"?>'


def table(draw: Draw, rows: int = 60, sign: str = ",") -> str:
    lines = [sign.join(("id", "team", "score", "wait"))]
    lines += [
        sign.join((str(i), draw.choice("abc"), str(draw.randint(1, 5)), str(draw.randint(5, 90))))
        for i in range(rows)
    ]
    return "\n".join(lines) + "\n"


def column_of(name: str, values: list[str], draw: Draw) -> bytes:
    """A score beside a column of any of these values."""
    rows = [f"{draw.randint(1, 5)},{draw.choice(values)}" for _ in range(60)]
    return "\n".join([f"score,{name}", *rows]).encode("utf-8", "replace")


def workbook(rows: list[list[object]]) -> bytes:
    book, place = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(place)
    return place.getvalue()


def with_part(whole: bytes, name: str, content: bytes) -> bytes:
    """A workbook of which one part holds something else."""
    place = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return place.getvalue()


def sheet(rows: bytes) -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(
        workbook(SMALL_BOOK), "xl/worksheets/sheet1.xml", CONTENT + head + rows + b"</sheetData></worksheet>"
    )


def strings(draw: Draw) -> bytes:
    """Many cells of one long word."""
    word = b"x" * draw.choice([30_000, 1_000_000])
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    shared = CONTENT + head + b"<si><t>" + word + b"</t></si></sst>"
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d"><v>3</v></c></row>' % (i, i, i)
        for i in range(1, 40_000)
    )
    return with_part(sheet(rows), "xl/sharedStrings.xml", shared)


def sparse(draw: Draw) -> bytes:
    """Cells far apart, so that the area between them is huge."""
    step = draw.choice([50, 1_000, 50_000])
    return sheet(b"".join(b'<row r="%d"><c r="BA%d"><v>1</v></c></row>' % (i, i) for i in range(1, 1_040_000, step)))


def entities(draw: Draw) -> bytes:
    """A billion laughs."""
    levels = b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10))
    told = CONTENT + b'<!DOCTYPE x [<!ENTITY e0 "ha">' + levels + b"]><sst><si><t>&e9;</t></si></sst>"
    return with_part(workbook(SMALL_BOOK), "xl/sharedStrings.xml", told)


def ods(draw: Draw) -> bytes:
    """A few cells repeated a million times."""
    rows = draw.choice([1_000, 1_048_576])
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="s"><table:table-row table:number-rows-repeated="{rows}">'
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="3">'
        "<text:p>3</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind.encode(), "content.xml": content.encode()})


def packed(inner: dict[str, bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in inner.items():
            file.writestr(name, content)
    return place.getvalue()


def parquet(columns: pa.Table | pd.DataFrame) -> bytes:
    place = io.BytesIO()
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.Table.from_pandas(columns), place)
    return place.getvalue()


def lists(draw: Draw) -> bytes:
    scores = [draw.randint(1, 5) for _ in range(50)]
    odd = draw.choice([["a", "b"], {"k": 1, "m": [1]}, [[1], [2]], b"\xff\x00", None])
    return parquet(pd.DataFrame({"score": scores, "tags": [odd] * 50}))


def bad_header(draw: Draw) -> bytes:
    """A name of bytes that are no text."""
    whole = parquet(pd.DataFrame({"score": [1, 2, 3] * 20, "qqqq": ["a", "b", "c"] * 20}))
    return whole.replace(b"qqqq", draw.choice([b"\xff\xfe\xfd\xfc", b"q\x00qq", b"\xc3\x28qq"]))


def long_run(draw: Draw) -> bytes:
    """Very many rows of one value in a few bytes."""
    n = draw.choice([100_000, 60_000_000])
    word = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), n), pa.array(["a" * 100]))
    return parquet(pa.table({"score": pa.repeat(pa.scalar(3, pa.int8()), n), "team": word}))


def beyond(draw: Draw) -> bytes:
    """Moments that no calendar has."""
    far = pa.array([draw.choice([-(2**62), 2**62, 0]) for _ in range(60)], pa.timestamp("us"))
    return parquet(pa.table({"score": [1, 2, 3] * 20, "created_at": far}))


def sav(draw: Draw) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "d.sav"
        frame = pd.DataFrame({"satisf": [float(draw.randint(1, 5)) for _ in range(60)], "team": ["a", "b"] * 30})
        pyreadstat.write_sav(frame, str(path))
        return path.read_bytes()


def database(draw: Draw) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "d"
        if draw.random() < 0.5:
            with duckdb.connect(str(path)) as db:
                db.execute("CREATE TABLE t (score INTEGER)" if draw.random() < 0.5 else "CREATE VIEW v AS SELECT 3")
        else:
            with contextlib.closing(sqlite3.connect(path)) as lite:
                lite.execute("CREATE TABLE t (score INTEGER)")
                lite.commit()
        return path.read_bytes()


def noise(draw: Draw, most: int = 4_000) -> bytes:
    return draw.randbytes(draw.randint(1, most))


def cut(draw: Draw, whole: bytes) -> bytes:
    return whole[: draw.randint(1, len(whole) - 1)]


def spoiled(draw: Draw, whole: bytes) -> bytes:
    changed = bytearray(whole)
    for _ in range(draw.randint(1, 30)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def broken(draw: Draw, whole: bytes) -> bytes:
    return draw.choice([cut, spoiled])(draw, whole)


def signs(draw: Draw, most: int) -> str:
    return "".join(draw.choice(ALPHABET) for _ in range(draw.randint(0, most)))


def nested(draw: Draw) -> bytes:
    depth = draw.choice([5, 500, 50_000])
    return draw.choice([b'{"a":' * depth + b"1" + b"}" * depth, b'[{"a":' + b"[" * depth + b"]" * depth + b"}]"])


def records(draw: Draw) -> bytes:
    odd = [1, "2", None, [3], {"v": 4}, "\ud800", "\x00", 10**400, 1e308, "x" * 40_000, True]
    lines = [json.dumps({"score": draw.choice([1, 5]), "odd": draw.choice(odd)}) for _ in range(80)]
    return "\n".join([*lines, draw.choice(['{"score": NaN}', '{"score": 1, "score": 2}', '{"": 1}', "{"])]).encode()


def keys(draw: Draw) -> bytes:
    """Objects that each have keys of their own."""
    return json.dumps([{f"k{draw.randrange(10**6)}": 1 for _ in range(50)} for _ in range(100)]).encode()


def ragged(draw: Draw) -> bytes:
    return b"".join(b"x," * draw.randint(0, draw.choice([3, 30])) + b"x\n" for _ in range(120))


def renamed(draw: Draw, names: list[str]) -> bytes:
    return table(draw).replace("team", draw.choice(names), 1).replace("wait", draw.choice(names), 1).encode()


def huge_cell(draw: Draw) -> bytes:
    cell = draw.choice(["1" * 40_000 + "x", "a@" * 100_000, "1," * 20_000, "\n" * 50_000, "x" * 1_100_000])
    return table(draw).replace("7,", f'7,"{cell}"' if draw.random() < 0.7 else cell, 1).encode()


def spelt(draw: Draw) -> bytes:
    text = table(draw).replace("team", "班组").replace(",a,", ",甲,")
    return text.encode(draw.choice(ENCODINGS), "replace")


def marked(draw: Draw) -> bytes:
    mark = b"\xef\xbb\xbf"
    lines = [line + b"\n" for line in table(draw).encode().splitlines()]
    return mark * draw.randint(1, 3) + b"".join(mark * (draw.random() < 0.1) + line for line in lines)


def ends(draw: Draw) -> bytes:
    return "".join(
        line + draw.choice(["\n", "\r\n", "\r", "\n\r", "\x0b\n"]) for line in table(draw).splitlines()
    ).encode()


def foreign(draw: Draw) -> bytes:
    starts = [b"%PDF-1.7", b"\x7fELF", b"\x89PNG\r\n\x1a\n", b"Rar!", b"7z\xbc\xaf", b"BZh9", b"<!DOCTYPE html>",
              b"SQLite format 3\x00", bytes(8) + b"DUCK", b"ORC",
              b"Obj\x01", b"\xd0\xcf\x11\xe0", b"PK\x05\x06"]  # fmt: skip
    return draw.choice(starts) + noise(draw)


def wide(draw: Draw) -> bytes:
    n = draw.choice([1_000, 3_000])
    return ("\n".join([",".join(f"q{i}" for i in range(n)), *[",".join(draw.choice("12345") for _ in range(n))
                                                              for _ in range(12)]])).encode()  # fmt: skip


WAYS: tuple[Callable[[Draw], str], ...] = (
    lambda d: f"{d.randint(0, 2)}:{d.randint(0, 59):02d}:{d.randint(0, 59):02d}",
    lambda d: f"{d.randint(1, 20)}m {d.randint(0, 59)}s",
    lambda d: f"{d.randint(1, 99)}%",
    lambda d: f"2026/10/{d.randint(1, 28):02d} 10:{d.randint(0, 59):02d}",
    lambda d: f'"{d.randint(1, 9)},{d.randint(100, 999)}"',
    lambda d: f"CNY {d.randint(1, 9)}.50",
    lambda d: d.choice(["very satisfied", "satisfied", "neutral", "dissatisfied"]),
)


def wide_of_kinds(draw: Draw) -> bytes:
    """A thousand columns, all written in one way that takes a pattern to read, or each in another."""
    n, ways = 1_000, draw.choice([WAYS, WAYS[:1]])
    rows = [",".join(ways[i % len(ways)](draw) for i in range(n)) for _ in range(12)]
    return "\n".join([",".join(f"q{i}" for i in range(n)), *rows]).encode()


def bomb(draw: Draw) -> bytes:
    row = draw.choice([b"\n", b"3,a\n", b",", b" ", b"3\n"])
    return b"score,team\n" + row * (40_000_000 // len(row))


def paths(draw: Draw) -> bytes:
    name = draw.choice(["../../../etc/x.csv", "/tmp/x.csv", "a/b\\c.csv", "\x01.csv", "." * 100, "con"])
    return packed({name: table(draw).encode()})

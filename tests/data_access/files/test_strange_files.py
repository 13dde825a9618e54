"""Files nobody thought of, made by chance: each is read, or refused in one sentence. No traceback, no hang."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import data_access.__main__ as drafting
from analysis.__main__ import main as analyse

Maker = Callable[[random.Random], tuple[str, bytes]]
ALPHABET = "abc ,;\t\"'\n\r|=+-@0123456789.%★满意一般\u202e\ufeff\x00é🙂"


def table(draw: random.Random, rows: int = 60) -> str:
    lines = ["id,team,score,wait"]
    lines += [f"{i},{draw.choice('abc')},{draw.randint(1, 5)},{draw.randint(5, 90)}" for i in range(rows)]
    return "\n".join(lines) + "\n"


def workbook(rows: list[list[object]]) -> bytes:
    book, place = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(place)
    return place.getvalue()


def noise(draw: random.Random, most: int = 4_000) -> bytes:
    return draw.randbytes(draw.randint(1, most))


def cut(draw: random.Random, whole: bytes) -> bytes:
    return whole[: draw.randint(1, len(whole) - 1)]


def spoiled(draw: random.Random, whole: bytes) -> bytes:
    changed = bytearray(whole)
    for _ in range(draw.randint(1, 30)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def parquet(draw: random.Random) -> bytes:
    place = io.BytesIO()
    pd.DataFrame({"score": [draw.randint(1, 5) for _ in range(50)], "tags": [["a", "b"]] * 50}).to_parquet(place)
    return place.getvalue()


def packed(inner: dict[str, bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as file:
        for name, content in inner.items():
            file.writestr(name, content)
    return place.getvalue()


def nested(depth: int) -> bytes:
    return ('{"a":' * depth + "1" + "}" * depth).encode()


def signs(draw: random.Random, most: int) -> str:
    return "".join(draw.choice(ALPHABET) for _ in range(draw.randint(0, most)))


SMALL_BOOK: list[list[object]] = [["score", "team"], *([[3, "a"]] * 50)]
WEB_PAGE = b"<html><table><tr><td>score</td></tr><tr><td>3</td></tr></table>"
MIXED = "分数,班组\n".encode() + "5,甲\n".encode("gb18030") * 40 + b"\xff\xfe4,b\n"
MARKUP = ["...", "<img src=x>", "te![h](http://a/b)am", "=1+1", "a.b", "$x$"]


def column_of(name: str, values: list[str], draw: random.Random) -> bytes:
    """A score beside a column of any of these values."""
    rows = [f"{draw.randint(1, 5)},{draw.choice(values)}" for _ in range(60)]
    return "\n".join([f"score,{name}", *rows]).encode()


MAKERS: dict[str, Maker] = {
    "noise": lambda draw: (f"n.{draw.choice(['csv', 'xlsx', 'json', 'sav', 'parquet', 'zip', 'gz'])}", noise(draw)),
    "any signs": lambda draw: ("s.csv", signs(draw, 6_000).encode()),
    "lines of any signs": lambda draw: ("l.csv", "\n".join(signs(draw, 40) for _ in range(200)).encode()),
    "a cut workbook": lambda draw: ("c.xlsx", cut(draw, workbook(SMALL_BOOK))),
    "a spoiled workbook": lambda draw: ("p.xlsx", spoiled(draw, workbook(SMALL_BOOK))),
    "a cut parquet": lambda draw: ("c.parquet", cut(draw, parquet(draw))),
    "a spoiled parquet": lambda draw: ("p.parquet", spoiled(draw, parquet(draw))),
    "a parquet with lists": lambda draw: ("l.parquet", parquet(draw)),
    "a cut archive": lambda draw: ("c.zip", cut(draw, packed({"t.csv": table(draw).encode()}))),
    "archives within": lambda draw: ("z.zip", packed({"a.zip": packed({"t.csv": table(draw).encode()})})),
    "an empty archive": lambda draw: ("e.zip", packed({})),
    "an empty gz": lambda draw: ("e.csv.gz", gzip.compress(b"")),
    "a cut gz": lambda draw: ("c.csv.gz", cut(draw, gzip.compress(table(draw).encode()))),
    "deep json": lambda draw: ("d.json", nested(draw.choice([5, 500, 50_000]))),
    "odd json": lambda draw: ("o.json", draw.choice([b"3", b"[]", b"{}", b'[1,"a",null]', b'[[1],[2]]', b'"x"'])),
    "json of mixed records": lambda draw: (
        "m.jsonl",
        "\n".join(json.dumps({"score": draw.choice([1, "2", None, [3], {"v": 4}])}) for _ in range(80)).encode(),
    ),
    "an unclosed quote": lambda draw: ("q.csv", table(draw).replace("\n7,", '\n"7,').encode()),
    "rows of any width": lambda draw: ("w.csv", b"".join(b"x," * draw.randint(0, 30) + b"x\n" for _ in range(120))),
    "very many columns": lambda draw: ("m.csv", ",".join(map(str, range(3_000))).encode() + b"\n" + b"1," * 2_999),
    "one name for all": lambda draw: ("d.csv", b"score," * 40 + b"score\n" + (b"3," * 40 + b"3\n") * 30),
    "numbers beyond": lambda draw: ("b.csv", column_of("v", ["1e400", "-1e400", "inf", "nan", "9" * 40], draw)),
    "years beyond": lambda draw: ("y.csv", column_of("date", ["0000-01-01", "9999-12-31", "0001-01-01"], draw)),
    "mixed encodings": lambda draw: ("e.csv", MIXED),
    "names of dots and markup": lambda draw: ("x.csv", table(draw).replace("team", draw.choice(MARKUP)).encode()),
    "a score that never varies": lambda draw: ("v.csv", b"score,team\n" + draw.choice([b"0,a\n", b"5,a\n"]) * 60),
    "a blank workbook": lambda draw: ("b.xlsx", workbook([[None], [None, None]])),
    "a page of the web": lambda draw: ("t.xls", WEB_PAGE),
    "a header and nothing": lambda draw: ("h.csv", b"id,team,score\n"),
    "nothing": lambda draw: ("n.csv", b""),
}  # fmt: skip


def run(command: Callable[[list[str]], int], arguments: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = command(arguments)
    return code, out.getvalue(), err.getvalue()


def read_or_refused(kind: str, seed: int, folder: Path) -> None:
    """Draft and overview either answer, or say in one sentence why not."""
    name, content = MAKERS[kind](random.Random(f"{kind} {seed}"))
    (folder / name).write_bytes(content)
    code, out, err = run(drafting.main, ["draft", str(folder / name)])
    assert code in (0, 2), (kind, seed)
    if code == 2:
        assert err.strip().splitlines()[-1].rstrip().endswith((".", "?")), (kind, seed, err)
        assert not out
    code, out, err = run(analyse, ["overview", "--source", str(folder / name), "--lang", "zh-CN"])
    assert code in (0, 2) and (code == 0 or "。" in err or "？" in err), (kind, seed, err)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SATRACE_DATA", str(tmp_path / "data"))
    return tmp_path


@pytest.mark.parametrize("kind", MAKERS)
def test_a_strange_file(kind: str, folder: Path) -> None:
    read_or_refused(kind, 1, folder)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(2, 16))
@pytest.mark.parametrize("kind", MAKERS)
def test_more_strange_files(kind: str, seed: int, folder: Path) -> None:
    read_or_refused(kind, seed, folder)

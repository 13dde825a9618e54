"""Files that wish ill, or were made badly: kinds by name, each drawn anew from a seed. Nothing here is random.

python -m tests.data_access.files.hostile FOLDER FIRST LAST     what the commands say of files FIRST to LAST
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import data_access.__main__ as drafting
from analysis.__main__ import main as analyse
from data_access.files.account import Why
from data_access.files.load import load_file
from tests.data_access.files.hostile_parts import (
    BIDI,
    MARKUP,
    NAMES,
    SMALL_BOOK,
    Draw,
    Maker,
    bad_header,
    beyond,
    bomb,
    broken,
    column_of,
    database,
    ends,
    entities,
    foreign,
    huge_cell,
    keys,
    lists,
    long_run,
    marked,
    nested,
    noise,
    ods,
    packed,
    paths,
    ragged,
    records,
    renamed,
    sav,
    signs,
    sparse,
    spelt,
    strings,
    table,
    wide,
    wide_of_kinds,
    with_part,
    workbook,
)

MODELS: dict[str, str] = {
    "dots": "a" + ".a" * 30_000 + " = 1",
    "deep": "a = " + "[" * 20_000,
    "deeper": "a = " + "{ a = " * 20_000,
    "no toml": "\x00\x01",
    "types": "table = 3\nscore = 4\ndimensions = 5",
    "lists": 'table = "t"\ndimensions = { team = { column = ["a"], order = 3 } }\nscore = { column = "score" }',
    "numbers": 'table = "t"\n[score]\ncolumn = "score"\nscale = [1, 1e400]',
    "big": f'table = "t"\n[score]\ncolumn = "score"\nscale = [1, {"9" * 5_000}]',
    "long": "# " + "x" * 2_000_000,
    "names": f'table = "t"\n[dimensions.{"a" * 5_000}]\ncolumn = "team"',
    "reserved": 'table = "t"\nscore = { column = "score", scale = [1, 5] }\nreasons = { w = { column = "team" } }',
    "zone": 'table = "t"\ntime = { column = "id", timezone = "../../etc/passwd" }\nscore = { column = "score" }',
}

ROWS = tuple(why for why in Why if why not in (Why.BLANK_ROWS, Why.BLANK_COLUMN, Why.OTHER_SHEET, Why.HIDDEN_SHEET))
SHARED = "xl/sharedStrings.xml"
MAKERS: dict[str, Maker] = {
    "noise": lambda d: (f"n.{d.choice(['csv', 'xlsx', 'json', 'sav', 'parquet', 'zip', 'gz', 'duckdb'])}", noise(d)),
    "any signs": lambda d: ("s.csv", signs(d, 6_000).encode()),
    "lines of any signs": lambda d: ("l.csv", "\n".join(signs(d, 40) for _ in range(200)).encode()),
    "encodings": lambda d: ("e.csv", spelt(d)),
    "mixed encodings": lambda d: ("m.csv", "分数,组\n".encode() + "5,甲\n".encode("gbk") * 40 + b"\xff\xfe4,b\n"),
    "delimiters": lambda d: ("d.csv", table(d, sign=d.choice(["^", ":", " ", "\x01", "||", "~", "\u3001"])).encode()),
    "quotes": lambda d: ("q.csv", table(d).replace("\n7,", d.choice(['\n"7,', "\n'7,", '\n""7",'])).encode()),
    "noughts": lambda d: ("z.csv", table(d).replace("7", "7\x00").encode()),
    "huge cells": lambda d: ("h.csv", huge_cell(d)),
    "marks": lambda d: ("b.csv", marked(d)),
    "ends of lines": lambda d: ("r.csv", ends(d)),
    "ragged": lambda d: ("w.csv", ragged(d)),
    "markup": lambda d: ("x.csv", renamed(d, MARKUP)),
    "formulas": lambda d: ("f.csv", column_of("note", ["=cmd|' /C calc'!A0", "+1+1", "@x", "-2+3", "\t=1"], d)),
    "two ways": lambda d: ("u.csv", renamed(d, BIDI)),
    "names of ours": lambda d: ("o.csv", renamed(d, NAMES)),
    "one name for all": lambda d: ("t.csv", b"score," * 400 + b"score\n" + (b"3," * 400 + b"3\n") * 30),
    "long names": lambda d: ("g.csv", renamed(d, ["n" * 300, "n" * 70_000, "名" * 5_000])),
    "nothing": lambda d: ("n.csv", d.choice([b"", b"\n", b" \t\n" * 50, b"\xef\xbb\xbf", b"\x00", b",,,\n,,,\n"])),
    "a header and nothing": lambda d: ("h.csv", d.choice([b"id,score\n", b"score", b"sep=;\n", b"\n\nscore\n"])),
    "blank lines": lambda d: ("k.csv", table(d).encode() + b"\n" * 500_000),
    "numbers beyond": lambda d: ("b.csv", column_of("v", ["1e400", "-1e400", "inf", "nan", "9" * 40, "1e-400"], d)),
    "years beyond": lambda d: ("y.csv", column_of("date", ["0000-01-01", "9999-12-31", "0001-01-01", "1e9"], d)),
    "a score all alike": lambda d: ("v.csv", b"score,t\n" + d.choice([b"0,a\n", b"1e-400,a\n", b"5,\n"]) * 60),
    "very wide": lambda d: ("w.csv", wide(d)),
    "very wide, of many kinds": lambda d: ("w.csv", wide_of_kinds(d)),
    "foreign": lambda d: (f"f.{d.choice(['csv', 'xlsx', 'parquet', 'json'])}", foreign(d)),
    "a broken workbook": lambda d: ("c.xlsx", broken(d, workbook(SMALL_BOOK))),
    "a blank workbook": lambda d: ("b.xlsx", workbook([[None], [None, None]])),
    "sheets far apart": lambda d: ("a.xlsx", sparse(d)),
    "one long word": lambda d: ("s.xlsx", strings(d)),
    "noughts in a workbook": lambda d: ("z.xlsx", with_part(workbook(SMALL_BOOK), SHARED, bytes(90 << 20))),
    "laughs": lambda d: ("e.xlsx", entities(d)),
    "wrong contents": lambda d: ("t.xlsx", with_part(workbook(SMALL_BOOK), d.choice(
        ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]), noise(d))),
    "links outside": lambda d: ("l.xlsx", workbook([["score", "team"], *[[3, "='[http://x/y.xlsx]S'!A1"]] * 40])),
    "repeated cells": lambda d: ("r.ods", ods(d)),
    "lists": lambda d: ("l.parquet", lists(d)),
    "a bad header": lambda d: ("h.parquet", bad_header(d)),
    "a broken parquet": lambda d: ("c.parquet", broken(d, lists(d))),
    "a long run": lambda d: ("r.parquet", long_run(d)),
    "moments beyond": lambda d: ("m.parquet", beyond(d)),
    "deep json": lambda d: ("d.json", nested(d)),
    "odd json": lambda d: ("o.json", d.choice([b"3", b"[]", b"{}", b'[1,"a",null]', b"[[1],[2]]", b'"x"', b"[{}]"])),
    "mixed records": lambda d: ("m.jsonl", records(d)),
    "keys of their own": lambda d: ("k.json", keys(d)),
    "a broken sav": lambda d: ("c.sav", broken(d, sav(d))),
    "a database": lambda d: (d.choice(["d.csv", "d.duckdb", "d.xlsx", "d.sqlite"]), database(d)),
    "packed twice": lambda d: ("g.csv.gz", gzip.compress(gzip.compress(table(d).encode()))),
    "a bomb": lambda d: ("b.csv.gz", gzip.compress(bomb(d), 9)),
    "a bomb in a zip": lambda d: ("b.zip", packed({"b.csv": bomb(d)})),
    "a broken gz": lambda d: ("c.csv.gz", broken(d, gzip.compress(table(d).encode()))),
    "archives": lambda d: ("z.zip", d.choice([packed({}), packed({"a.zip": packed({"t.csv": b"a"})}), paths(d)])),
    **{f"a model of {name}": (lambda d, text=text: ("m.toml", text.encode())) for name, text in MODELS.items()},
}  # fmt: skip
KINDS = tuple(MAKERS)


def hostile(number: int) -> tuple[str, str, bytes]:
    """The kind, name and content of one file: the kinds in turn."""
    kind = KINDS[number % len(KINDS)]
    return kind, *MAKERS[kind](Draw(f"{kind} {number // len(KINDS)}"))


def said(command: Callable[[list[str]], int], arguments: list[str]) -> dict[str, object]:
    """What a command says of a file and how it ends; a traceback is an end of its own."""
    out, err = io.StringIO(), io.StringIO()
    begun = sum(os.times()[:4])  # processor seconds: other tests run beside this one
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code: object = command(arguments)
        except SystemExit as end:
            code = end.code
        except Exception:
            code = traceback.format_exc(limit=-4)
    return {
        "code": code,
        "seconds": sum(os.times()[:4]) - begun,
        "out": out.getvalue()[:200],
        "err": err.getvalue()[:2_000],
    }


def lost(path: Path) -> int | None:
    """How many records of a text file are neither rows nor said to be left out; None where that cannot be counted."""
    loaded = load_file(path, cache=Path(os.environ["SATRACE_DATA"]) / "files")
    account = loaded.account
    if account is None or account.kind != "csv" or path.suffix != ".csv":
        return None
    try:
        with path.open(encoding=account.encoding, errors="replace", newline="") as file:
            records = sum(any(map(says, record)) for record in csv.reader(file, delimiter=account.delimiter))
    except (LookupError, csv.Error):
        return None
    names = account.header[1] - account.header[0] + 1 if account.header else 0
    left = sum(one.n for one in account.left_out if one.why in ROWS)
    return records - names - left - loaded.rows


def says(cell: str) -> bool:
    """Whether a cell says something; a mark of the encoding does not."""
    return bool(cell.strip(" \t\r\n\u00a0\u3000\ufeff\x00"))


def tried(number: int, folder: Path) -> dict[str, object]:
    """What draft and overview say of one file, and the memory this process and those it started have taken so far."""
    kind, name, content = hostile(number)
    path = folder / str(number) / name
    path.parent.mkdir()
    path.write_bytes(content)
    if name.endswith(".toml"):
        good = path.with_name("good.csv")
        good.write_text(table(Draw(1)))
        asked = [["overview", "--source", str(good), "--model", str(path)]]
    else:
        asked = [["draft", str(path)], ["overview", "--source", str(path), "--lang", "zh-CN"]]
    ends = [said(drafting.main if a[0] == "draft" else analyse, a) for a in asked]
    used = [_most_kb() // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024]
    unsaid = lost(path) if name.endswith(".csv") and ends[0]["code"] == 0 else None
    return {"number": number, "kind": kind, "name": name, "ends": ends, "mb": used, "lost": unsaid}


def _most_kb() -> int:
    """The most memory of this process; what `getrusage` says of it counts its parent's before it became itself."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def main(folder: str, *numbers: str) -> None:
    os.environ["SATRACE_DATA"] = str(Path(folder) / "data")
    for number in map(int, numbers):
        print(json.dumps(tried(number, Path(folder))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

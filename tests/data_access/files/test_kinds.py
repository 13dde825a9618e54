"""Excel, Parquet, DuckDB, and files that are not what their name says."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from data_access.files.load import load_file
from data_access.statement import BadInput, Unreachable
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.data_access.files.conftest import Load, rows_of, types_of


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_excel_with_dates_numbers_and_chinese(load: Load) -> None:
    rows = [
        ["时间", "评分", "班组", "x"],
        [dt.datetime(2026, 9, 1, 8, 4), 9, "一班", 0.5],
        [dt.datetime(2026, 9, 2), 10, "二班", 1],
    ]
    loaded = load(workbook(表=rows), "数据.xlsx")
    assert loaded.table == "data"
    assert rows_of(loaded) == [
        (dt.datetime(2026, 9, 1, 8, 4), 9, "一班", 0.5),
        (dt.datetime(2026, 9, 2), 10, "二班", 1.0),
    ]


def test_excel_takes_the_first_filled_sheet_and_says_so(load: Load) -> None:
    book = workbook(leer=[], one=[["a"], [1]], two=[["b"], [2]])
    loaded = load(book, "d.xlsx")
    assert [c.name for c in loaded.columns] == ["a"]
    doubt = loaded.doubts[0]
    assert (doubt.key, doubt.values["sheet"], doubt.values["others"]) == ("file.sheet_taken", "one", ["two"])
    assert [c.name for c in load(book, "d.xlsx", sheet=("two",)).columns] == ["b"]
    with pytest.raises(BadInput, match=r"file.no_sheet.*near='two'"):
        load(book, "d.xlsx", sheet=("twoo",))


def test_excel_errors_and_formulas_never_computed_are_reported(load: Load) -> None:
    rows = [["a", "b"], *[[i, i] for i in range(20)], ["#DIV/0!", 5], [6, "=A2+1"]]
    loaded = load(workbook(s=rows), "d.xlsx")
    told = [(s.key, s.values["row"], s.values["column"], s.values["value"]) for s in loaded.report]
    assert told == [("file.excel_error", 22, "a", "#DIV/0!"), ("file.uncomputed", 23, "b", "=A2+1")]
    assert rows_of(loaded)[-2:] == [(None, 5), (6, None)]


def test_excel_header_below_blank_rows(load: Load) -> None:
    rows: list[list[object]] = [[None], [None], ["a", "b"], *[[i, 1] for i in range(20)], ["x", 2]]
    loaded = load(workbook(s=rows), "d.xlsx")
    assert loaded.rows == 21
    assert [s.values["row"] for s in loaded.report] == [24]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    duckdb.execute(
        "COPY (SELECT i::SMALLINT AS score, TIMESTAMP '2026-09-01' + i * INTERVAL 1 hour AS at, "
        f"'team ' || i % 2 AS team, [i, 1] AS list, i / 2.0::DECIMAL(9, 2) AS price FROM range(10) t(i)) TO '{path}'"
    )
    loaded = load_file(path, cache=tmp_path / "cache")
    assert types_of(loaded) == {
        "score": "SMALLINT",
        "at": "TIMESTAMP",
        "team": "ENUM",
        "list": "VARCHAR",
        "price": "DOUBLE",
    }
    assert rows_of(loaded)[3] == (3, dt.datetime(2026, 9, 1, 3), "team 1", "[3, 1]", 1.5)


def test_a_duckdb_file_is_given_through(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE a AS SELECT 1 AS x")
    loaded = load_file(path, cache=tmp_path / "cache")
    assert (loaded.database, loaded.table, loaded.rows) == (path, "a", 1)
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE b AS SELECT 2 AS y")
    with pytest.raises(BadInput, match=r"file.which_table"):
        load_file(path, cache=tmp_path / "cache")
    with pytest.raises(BadInput, match=r"file.no_table\("):
        load_file(path, cache=tmp_path / "cache", table="c")
    assert load_file(path, cache=tmp_path / "cache", table="b").columns[0].name == "y"


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*names: str, content: bytes = b"a,b\n1,2\n") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return target.getvalue()


REFUSED = {
    "nothing": (b"", "d.csv", "file.empty"),
    "blanks": (b" \n\n", "d.csv", "file.empty"),
    "mark only": (b"\xef\xbb\xbf", "d.csv", "file.empty"),
    "header only": (b"a,b\n", "d.csv", "file.header_only"),
    "header and blank rows": (b"a,b\n,\n,\n", "d.csv", "file.header_only"),
    "header only, excel": (workbook(s=[["a", "b"]]), "d.xlsx", "file.header_only"),
    "only empty sheets": (workbook(s=[]), "d.xlsx", "file.empty_sheets"),
    "two files in a zip": (zipped("d.csv", "e.csv"), "d.zip", "file.several_inside"),
    "no file in a zip": (zipped("__MACOSX/d.csv"), "d.zip", "file.nothing_inside"),
    "a zip in a zip": (zipped("d.zip", content=zipped("d.csv")), "d.zip", "file.compressed"),
    "a database in a zip": (zipped("d.csv", content=bytes(8) + b"DUCK" + bytes(99)), "d.zip", "file.database"),
    "no xlsb": (zipped("xl/workbook.bin"), "d.xlsb", "file.damaged"),
    "half a gzip": (b"\x1f\x8b\x08abc", "d.csv.gz", "file.damaged"),
    "xz": (b"\xfd7zXZ\x00abc", "d.csv.xz", "file.compressed"),
    "password": (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le") + bytes(600), "d.xlsx", "file.password"),
    "json without records": (b"[{}, {}]", "d.json", "file.no_records"),
    "half a json": (b'{"a": 1,\n "b": [', "d.json", "file.bad_json"),
    "half an spss file": (b"$FL2@(#) SPSS" + bytes(60), "d.sav", "file.damaged"),
    "stata": (b"<stata_dta><header>", "d.dta", "file.other_statistics"),
    "html named xlsx": (b"<html><table><tr><td>1</td></tr></table></html>", "d.xlsx", "file.html"),
    "old excel": (OLD_OFFICE + bytes(600), "d.xls", "file.damaged"),
    "pdf": (b"%PDF-1.7", "d.csv", "file.pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "d.csv", "file.binary"),
    "half a zip": (workbook(s=[["a"], [1]])[:500], "d.xlsx", "file.damaged"),
    "half a parquet": (b"PAR1abc", "d.parquet", "file.damaged"),
    "quote never closed": (b'a,b\n1,2\n3,"4\n' + b"5,6\n" * 300_000, "d.csv", "file.open_quote"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_by_one_sentence(load: Load, tmp_path: Path, case: str) -> None:
    content, name, key = REFUSED[case]
    with pytest.raises(BadInput) as caught:
        load(content, name)
    assert caught.value.statement.key == key
    for language in LANGUAGES:
        said = Catalogue.load(language).say(caught.value.statement)
        assert name in said and "\n" not in said
    left = list((tmp_path / "cache").glob("*")) if (tmp_path / "cache").exists() else []
    assert left == []


@pytest.mark.parametrize(
    ("content", "name", "kind"), [(b"a,b\n1,2\n", "d.xlsx", "csv"), (workbook(s=[["a"], [1]]), "d.csv", "xlsx")]
)
def test_a_readable_file_under_a_wrong_name_is_read_and_said(
    load: Load, content: bytes, name: str, kind: str
) -> None:
    loaded = load(content, name)
    assert loaded.rows == 1
    assert [(s.key, s.values["kind"]) for s in loaded.doubts] == [("file.other_kind", kind)]


def test_a_missing_file_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"file.missing"):
        load_file(tmp_path / "none.csv", cache=tmp_path)
    with pytest.raises(BadInput, match=r"file.folder"):
        load_file(tmp_path, cache=tmp_path)


def test_an_unknown_encoding_is_refused(load: Load) -> None:
    with pytest.raises(BadInput, match=r"file.unknown_encoding"):
        load("a,score\n1,2\n", encoding="utf-9")

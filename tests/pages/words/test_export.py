"""What is exported reads back as it was: every number bit for bit, no text as a formula."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO, StringIO
from math import nan

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.pandas import column, data_frames
from openpyxl.utils.escape import unescape

from data_access.statement import BadInput
from pages.words.writers.csv_rows import ACTIVE
from pages.words.writers.spreadsheet import sheet_names, to_csv, to_excel
from tests.proof import examples

DOUBLES = st.floats(allow_nan=True, allow_infinity=False)
TABLES = data_frames([column("number", elements=DOUBLES), column("n", elements=st.integers(-(2**53), 2**53))])


def sheet(content: bytes, name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return [tuple(cell.value for cell in row) for row in book[name].iter_rows()]


@pytest.mark.slow
@examples(60)
@given(TABLES)
def test_excel_gives_every_number_back(table: pd.DataFrame) -> None:
    read = sheet(to_excel({"t": table}, facts={}), "t")[1:]
    for (number, n), (was, n_was) in zip(read, table.itertuples(index=False), strict=True):
        assert (
            (number is None and np.isnan(was)) or float(number).hex() == float(was + 0.0).hex() or number == was == 0
        )
        assert n == n_was


@pytest.mark.slow
@examples(60)
@given(TABLES)
def test_csv_gives_every_number_back(table: pd.DataFrame) -> None:
    read = pd.read_csv(BytesIO(to_csv(table)), dtype={"number": float, "n": "int64"})
    pd.testing.assert_frame_equal(read, table.reset_index(drop=True), check_exact=True)


@pytest.mark.parametrize("sign", ACTIVE)
def test_no_text_becomes_a_formula(sign: str) -> None:
    evil = sign + 'HYPERLINK("http://x","y")'
    table = pd.DataFrame({evil: [evil, "固话"]})
    content = to_excel({"t": table}, facts={evil: evil})
    for name, cells in (("t", [evil, evil, "固话"]), ("Satrace", [evil, evil])):
        found = [unescape(v) for row in sheet(content, name) for v in row]
        assert found == [v if v == "固话" else "'" + v for v in cells]
    book = openpyxl.load_workbook(BytesIO(content))
    assert {c.data_type for s in book for row in s.iter_rows() for c in row} == {"s"}
    read = pd.read_csv(BytesIO(to_csv(table)))
    assert [*read.columns, *read.iloc[:, 0]] == ["'" + evil, "'" + evil, "固话"]


@pytest.mark.parametrize("sign", [sign for sign in ACTIVE if sign not in "\t\r"])
@pytest.mark.parametrize("before", ["a;", ";", "a; ", 'a;"', "a\n", "a\t", "x,y;"])
def test_no_text_becomes_a_formula_where_semicolons_part_columns(before: str, sign: str) -> None:
    """Such a country's spreadsheet knows quotes only where a cell of its own begins."""
    evil = f"{before}{sign}cmd|' /C calc'!A0"
    content = to_csv(pd.DataFrame({"first": ["b"], evil: [evil]})).decode("utf-8-sig")
    cells = re.split(r"[;\t\r\n]", content)
    assert not [cell for cell in cells if cell.strip(' "').startswith(sign)]
    read = pd.read_csv(StringIO(content))
    assert read.columns[1].replace("'", "") == evil.replace("'", "") == read.iat[0, 1].replace("'", "")


def test_csv_begins_with_the_mark_and_keeps_chinese() -> None:
    content = to_csv(pd.DataFrame({"业务": ["固话", None], "得分": [85.0, nan]}))
    assert content == "﻿业务,得分\r\n固话,85.0\r\n,\r\n".encode()


def test_types_and_facts_and_order_of_sheets() -> None:
    moment = datetime(2026, 10, 1, 9, 30)
    table = pd.DataFrame(
        {"a": [1], "b": [True], "c": [date(2026, 10, 1)], "d": [moment], "e": [{"业务": "3G"}], "f": [2**60]}
    )
    content = to_excel({"Lost points": table, "empty": pd.DataFrame()}, facts={"Formula": "10 × mean"}, title="事实")
    assert openpyxl.load_workbook(BytesIO(content)).sheetnames == ["事实", "Lost points", "empty"]
    assert sheet(content, "事实") == [("Formula", "10 × mean")]
    row = sheet(content, "Lost points")[1]
    assert row == (1, True, datetime(2026, 10, 1), moment, '{"业务": "3G"}', str(2**60))
    assert openpyxl.load_workbook(BytesIO(content))["Lost points"].freeze_panes == "A2"


def test_duplicate_column_names_are_kept() -> None:
    table = pd.DataFrame([[1, 2]], columns=["n", "n"])
    assert sheet(to_excel({"t": table}, facts={}), "t") == [("n", "n"), (1, 2)]
    assert to_csv(table).decode("utf-8-sig") == "n,n\r\n1,2\r\n"


def test_equal_tables_give_equal_files() -> None:
    table = pd.DataFrame({"x": [0.1]})
    assert to_excel({"t": table}, facts={"a": "b"}) == to_excel({"t": table}, facts={"a": "b"})


def testsheet_names_are_ones_excel_accepts() -> None:
    assert sheet_names(["a/b", "A B", "", "history", "业" * 40]) == [
        "a b",
        "A B (2)",
        "Sheet",
        "history (2)",
        "业" * 31,
    ]


def test_a_table_too_long_for_a_sheet_is_refused() -> None:
    with pytest.raises(BadInput, match=r"export\.too_long"):
        to_excel({"t": pd.DataFrame({"x": np.zeros(1_048_576, dtype="int8")})}, facts={})


def test_a_very_long_text_is_cut_where_a_cell_ends() -> None:
    [[_, kept]] = sheet(to_excel({}, facts={"SQL": "x" * 40_000}), "Satrace")
    assert len(kept) == 32_767
    assert kept.endswith("x…")


def test_counts_with_a_missing_one_stay_whole_and_heads_stand_over_their_numbers() -> None:
    table = pd.DataFrame({"who": ["a", "b"], "n": [749.0, np.nan], "score": [1.5, 2.0]})
    sheet = openpyxl.load_workbook(BytesIO(to_excel({"t": table}, facts={})))["t"]
    assert [cell.number_format for cell in sheet[2]] == ["General", "#,##0", "#,##0.000"]
    assert [cell.alignment.horizontal for cell in sheet[1]] == [None, "right", "right"]

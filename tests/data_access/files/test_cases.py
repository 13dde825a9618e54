"""Files as people have them, each of which was read wrongly once: what is the table, and what was left out?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data_access.files.account import Account, Why
from data_access.files.draft import draft_model
from data_access.files.load import load_file
from data_access.files.options import LoadedFile, ReadOptions
from data_access.model_file import parse_model

Case = Callable[..., LoadedFile]
CASES = Path(__file__).resolve().parents[2] / "cases"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    def _case(name: str, **options: object) -> LoadedFile:
        return load_file(CASES / name, cache=tmp_path, options=ReadOptions(**options))  # type: ignore[arg-type]

    return _case


def ask(loaded: LoadedFile, query: str) -> tuple[object, ...]:
    """One row of a query that calls the table t."""
    with duckdb.connect(str(loaded.database), read_only=True) as db:
        found = db.execute(query.replace(" t", f' "{loaded.table}"')).fetchone()
    assert found is not None
    return found


def account(loaded: LoadedFile) -> Account:
    assert loaded.account is not None
    return loaded.account


def left(loaded: LoadedFile) -> dict[Why, int]:
    return {one.why: one.n for one in account(loaded).left_out}


def test_three_header_rows(case: Case) -> None:
    loaded = case("01-qualtrics-three-headers/export.csv")
    labels = {c.name: c.label for c in loaded.columns}
    assert loaded.rows == 300
    assert labels["Q1"] == "How satisfied were you with the call?"
    assert labels["Progress"] == ""
    assert account(loaded).header == (1, 3) and left(loaded) == {Why.TECHNICAL: 1}
    assert ask(loaded, 'SELECT round(20 * avg("Q1"), 2) FROM t') == (71.33,)
    assert ask(loaded, 'SELECT round(20 * avg("Q1"), 2) FROM t WHERE "Q2" = \'Returns\'') == (56.41,)
    model = parse_model(draft_model(loaded).text)
    assert model.metric("score").column == "Q1"
    assert model.metric("score").labels.get("en") == "How satisfied were you with the call?"


@pytest.mark.parametrize("name", ["bericht.csv", "bericht_ohne_sep.csv"])
def test_a_line_that_names_the_delimiter_and_decimal_commas(case: Case, name: str) -> None:
    loaded = case(f"06-sep-line-decimal-comma/{name}")
    assert [c.name for c in loaded.columns][:3] == ["Vorgang", "Datum", "Kanal"]
    assert loaded.rows == 250 and left(loaded) == {}
    assert ask(loaded, 'SELECT round(20 * avg("Zufriedenheit"), 2), round(avg("Wartezeit (min)"), 3) FROM t') == (
        74.48,
        4.613,
    )


def test_title_above_total_and_page_line_below(case: Case) -> None:
    loaded = case("18-totals-and-footer/report.csv")
    assert loaded.rows == 200
    assert account(loaded).header == (4, 4) and account(loaded).first_row == 5
    assert left(loaded) == {Why.ABOVE: 2, Why.TOTAL: 1, Why.FOOTER: 1}
    query = 'SELECT round(20 * avg("Satisfaction"), 2), round(avg("Handling (s)"), 2) FROM t'
    assert ask(loaded, query) == (73.2, 478.94)
    assert not [told for told in loaded.report if told.key in ("file.short_row", "file.not_a_number")]
    kept = case("18-totals-and-footer/report.csv", skip_last=1)
    assert kept.rows == 201 and left(kept) == {Why.ABOVE: 2, Why.ASKED: 1}


def test_titles_merged_headers_and_merged_cells(case: Case) -> None:
    loaded = case("19-chinese-title-merged/客服月报.xlsx")
    assert [c.name for c in loaded.columns] == [
        "工单编号", "受理时间", "业务 大类", "业务 小类", "评价 满意度得分", "评价 不满意原因", "客服工号",
    ]  # fmt: skip
    assert (loaded.rows, account(loaded).sheets, account(loaded).header) == (246, ("明细",), (3, 4))
    assert left(loaded) == {Why.ABOVE: 2, Why.TOTAL: 1, Why.FOOTER: 1, Why.OTHER_SHEET: 1}
    query = 'SELECT count("评价 满意度得分"), round(20 * avg("评价 满意度得分"), 2), count("业务 大类") FROM t'
    assert ask(loaded, query) == (219, 76.07, 246)
    assert ask(loaded, 'SELECT round(20 * avg("评价 满意度得分"), 2) FROM t WHERE "业务 大类" = \'套餐\'') == (75.49,)
    assert ask(loaded, 'SELECT round(20 * avg("评价 满意度得分"), 2) FROM t WHERE "业务 小类" = \'投诉\'') == (74.41,)


def test_a_cover_a_hidden_sheet_and_two_months(case: Case) -> None:
    loaded = case("25-sheets-hidden/book.xlsx")
    assert (loaded.rows, account(loaded).sheets, account(loaded).hidden_rows) == (240, ("Sept", "Oct"), 40)
    assert left(loaded) == {Why.OTHER_SHEET: 1, Why.HIDDEN_SHEET: 1}
    assert ask(loaded, "SELECT count(*) FILTER (sheet = 'Oct') FROM t") == (120,)
    assert case("25-sheets-hidden/book.xlsx", sheet=("Oct",)).rows == 120
    assert case("25-sheets-hidden/book.xlsx", sheet=("old",)).rows == 5


def test_a_column_without_a_value(case: Case) -> None:
    loaded = case("28-blank-column/blank.csv")
    assert (loaded.rows, account(loaded).empty) == (60, ("note",))
    query = "SELECT round(20 * avg(score), 2), round(20 * avg(score) FILTER (team = 'Returns'), 2) FROM t"
    assert ask(loaded, query) == (73.33, 52.31)
    assert parse_model(draft_model(loaded).text).dimension("team").column == "team"


def test_no_header(case: Case) -> None:
    loaded = case("35-no-header-and-cr/noheader.csv")
    assert [c.name for c in loaded.columns] == [f"column {i}" for i in range(1, 6)]
    assert account(loaded).header is None and [told.key for told in loaded.doubts] == ["file.no_names"]
    query = 'SELECT count(*), round(20 * avg("column 5"), 2) FROM t'
    assert ask(loaded, query) == (100, 76.8)
    assert ask(loaded, 'SELECT round(20 * avg("column 5"), 2) FROM t WHERE "column 4" = \'Returns\'') == (54.44,)


def test_carriage_returns_alone(case: Case) -> None:
    loaded = case("35-no-header-and-cr/cr_only.csv")
    assert [c.name for c in loaded.columns] == ["id", "date", "channel", "csat"]
    assert loaded.rows == 100

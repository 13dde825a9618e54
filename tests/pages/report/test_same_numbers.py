"""One number, however it is read: page, Excel, CSV and command line agree in every cell, bit for bit."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from analysis.__main__ import main
from pages.words.catalogue import Catalogue
from pages.words.columns import TEXT, Column
from pages.words.format import spaced
from pages.words.methods import presentation_of
from tests.pages.conftest import MODEL, OpenPage

EN = Catalogue.load("en")
OCTOBER = {"from": "2026-10-01", "to": "2026-11-01"}
SEPTEMBER = {"baseline-from": "2026-09-01", "baseline-to": "2026-10-01"}
WITHHELD = {
    "overview": {"n": ("score", "low", "high", "change", "p", "p_adjusted"), "n0": ("baseline_score", "change", "p")},
    "contribution": {"n": ("score", "low", "high", "index", "contribution_low", "contribution_high")},
    "change": {"n0": ("score0", "difference", "p", "p_adjusted", "low", "high"), "n1": ("score1", "difference", "p")},
}
KEPT = {
    "overview": ("n", "n0"),
    "contribution": ("n", "share", "contribution", "lost_points", "cumulative"),
    "change": ("n0", "n1", "share0", "share1", "rate_effect", "mix_effect", "total_effect"),
}
TOTAL = {  # the statistic under each column of a table that closes with a total
    "change": {"n0": "baseline_n", "n1": "n", "score0": "baseline_score", "score1": "score", "total_effect": "change",
               "difference": "change", "rate_effect": "rate_effect", "mix_effect": "mix_effect", "low": "low",
               "high": "high", "p": "p"},
}  # fmt: skip
CASES = {  # page and analysis, what is asked, and whether some of its segments have fewer than ten answers
    "overview by unit": ("overview", {"by": "unit"}, True),
    "contribution by unit": ("contribution", {"by": "unit", "target": "87"}, True),
    "contribution by reason": ("contribution", {"by": "reason", "target": "87"}, True),
    "contribution of a rate": ("contribution", {"by": "team", "metric": "resolved", "target": "85"}, False),
    "contribution to a target": ("contribution", {"by": "region", "target": "90"}, False),
    "change by unit": ("change", {"by": "unit"}, True),
    "change by business": ("change", {"by": "business"}, False),
}
Downloads = dict[str, Callable[[], bytes]]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """What each download button of a page gives, by its file's name; made outside of any run, as in life."""
    offered: Downloads = {}
    original = MediaFileManager.add_deferred

    def remembered(self: MediaFileManager, make: Callable[[], bytes], *given: Any, **named: Any) -> str:
        offered[str(named["file_name"])] = make
        return original(self, make, *given, **named)

    monkeypatch.setattr(MediaFileManager, "add_deferred", remembered)
    return offered


def asked(sample: Path, method: str, options: Mapping[str, str]) -> dict[str, Any]:
    """The same question on the command line."""
    given = {**OCTOBER, **SEPTEMBER, **options}
    words = [part for name, value in given.items() for part in (f"--{name}", value)]
    said = io.StringIO()
    with redirect_stdout(said):
        assert main([method, "--source", f"duckdb:///{sample}", "--model", str(MODEL), *words]) == 0
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


def columns(method: str, found: pd.DataFrame) -> dict[str, Column]:
    """Titles of a table's columns and what they hold."""
    known = {}
    for column in presentation_of(method).columns:
        key = f"columns.{method}.{column.name}"
        title = spaced(EN.text(key if EN.has(key) else f"column.{column.name}"))
        known |= {shown: column for shown in found.columns if shown == title or shown.startswith(f"{title}, ")}
    return known


def same(one: Any, other: Any) -> bool:
    """Equal to the last bit; a blank is a blank."""
    if other is None or one is None or (isinstance(one, float) and math.isnan(one)):
        return other is None and (one is None or math.isnan(one))
    return float(one) == float(other)


def compare(found: pd.DataFrame, rows: Sequence[Mapping[str, Any]], method: str, *, percent: bool) -> set[str]:
    """Compare every cell of a table with the command line's; answers with the columns compared."""
    found = found.rename(columns=spaced)
    known = columns(method, found)
    closes = method in TOTAL
    assert len(found) == len(rows) + closes
    assert (found.iloc[-1, 0] == EN.text("table.total")) == closes
    for title, column in known.items():
        if column.spec == TEXT:
            continue
        times = 100 if percent and column.bar else 1
        for value, row in zip(found[title].tolist()[: len(rows)], rows, strict=True):
            wanted = row[column.name]
            assert same(value, wanted * times if wanted is not None else None), (title, row["segment"])
    return {column.name for column in known.values()}


def compare_total(found: pd.DataFrame, statistics: Mapping[str, Any], method: str) -> None:
    """The last row, where there is one, holds the statistics; a sum of shares is the whole."""
    found = found.rename(columns=spaced)
    for title, column in columns(method, found).items() if method in TOTAL else ():
        if column.spec == TEXT:
            continue
        value, name = found[title].tolist()[-1], TOTAL[method].get(column.name)
        if column.spec == "share":
            assert value == pytest.approx(1), title
        else:
            assert same(value, statistics[name] if name else None), title


@pytest.mark.parametrize("case", CASES)
def test_page_excel_csv_and_command_line_agree(
    case: str, open_page: OpenPage, sample: Path, downloads: Downloads
) -> None:
    method, options, few = CASES[case]
    app = open_page(method, lang="en", depth="advanced", **OCTOBER, **options)
    told = asked(sample, method, options)
    rows = told["table"]
    shown = compare(app.dataframe[0].value, rows, method, percent=True)
    name = f"satrace-{method}-{options['by']}"
    sheet = first_sheet(downloads[f"{name}.xlsx"]())
    assert compare(sheet, rows, method, percent=False) == shown
    csv = pd.read_csv(io.BytesIO(downloads[f"{name}.csv"]()), encoding="utf-8-sig")
    assert compare(csv, rows, method, percent=False) == shown
    for table in (app.dataframe[0].value, sheet, csv):
        compare_total(table, told["statistics"], method)
    filled = {name for row in rows for name, value in row.items() if value not in (None, 0)}
    assert {column.name for column in presentation_of(method).columns} & (filled - {"status"}) <= shown
    check_withheld(method, rows, few)


def first_sheet(content: bytes) -> pd.DataFrame:
    """The table of a workbook, after its sheet of facts."""
    header, *lines = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1].iter_rows(values_only=True)
    return pd.DataFrame(lines, columns=list(header), dtype=object)


def check_withheld(method: str, rows: Sequence[Mapping[str, Any]], few: bool) -> None:
    """Segments with fewer than ten answers keep their counts and their part of the whole, and nothing else."""
    for count, names in WITHHELD[method].items():
        small = [row for row in rows if row[count] < 10]
        assert bool(small) == few
        assert [row[name] for row in small for name in names] == [None] * len(small) * len(names)
        assert None not in [row[name] for row in small for name in KEPT[method]]


def test_parts_sum_with_the_small_ones(sample: Path) -> None:
    lost = asked(sample, "contribution", {"by": "unit"})
    assert math.fsum(row["contribution"] for row in lost["table"]) == pytest.approx(1, abs=1e-9)
    assert math.fsum(row["lost_points"] for row in lost["table"]) == pytest.approx(
        100 - lost["statistics"]["score"], abs=1e-9
    )
    moved = asked(sample, "change", {"by": "unit"})
    assert math.fsum(row["total_effect"] for row in moved["table"]) == pytest.approx(
        moved["statistics"]["change"], abs=1e-9
    )


def test_few_answers_say_so_on_the_page(open_page: OpenPage) -> None:
    units = ["text_outage_check", "ivr_password_reset", "team_01"]
    app = open_page("contribution", lang="en", by="unit", text="large", depth="advanced", unit=units, **OCTOBER)
    drawn = app.table[0].value
    few = drawn[drawn["Answers"] < 10]
    assert len(few) > 0 and few["Score, points"].isna().all() and few["Share of lost points, %"].notna().all()


def test_large_text_parts_a_wide_table_and_keeps_its_total(open_page: OpenPage) -> None:
    whole = open_page("change", lang="en", by="sub_type", depth="advanced", **OCTOBER).dataframe[0].value
    app = open_page("change", lang="en", by="sub_type", depth="advanced", text="large", **OCTOBER)
    first, second = (drawn.value for drawn in app.table[:2])  # those of the likely causes follow
    assert [*first, *second.iloc[:, 1:]] == list(whole)
    for part in (first, second):
        assert len(part) == 13 and part.iloc[-1, 0] == "Total"
        pd.testing.assert_series_equal(part.iloc[-1, 1:], whole[part.columns].iloc[-1, 1:], check_names=False)


def test_large_text_shows_the_first_rows_and_says_so(open_page: OpenPage) -> None:
    app = open_page("contribution", lang="en", by="unit", text="large", **OCTOBER)
    drawn, rest = app.table[0].value, next(c.value for c in app.caption if "more rows" in c.value)
    assert len(drawn) == 12 and drawn["Share of lost points, %"].is_monotonic_decreasing
    assert rest == EN.text("table.more", count=41 - 12)

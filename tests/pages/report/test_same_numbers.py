"""One number, however it is read: page, Excel, CSV and command line agree in every cell, bit for bit."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.model_file import read_model
from pages.words.columns import TEXT
from pages.words.format import spaced
from pages.words.methods import presentation_of
from tests.pages.conftest import MODEL, Downloads, OpenPage, file_of
from tests.pages.report.numbers import EN, OCTOBER, TOTAL, asked, columns, compare, first_sheet, same

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
CASES = {  # page and analysis, what is asked, and whether some of its segments have fewer than ten answers
    "overview by unit": ("overview", {"by": "unit"}, True),
    "contribution by unit": ("contribution", {"by": "unit", "target": "87"}, True),
    "contribution by reason": ("contribution", {"by": "reason", "target": "87"}, True),
    "contribution of a rate": ("contribution", {"by": "team", "metric": "resolved", "target": "85"}, False),
    "contribution to a target": ("contribution", {"by": "region", "target": "90"}, False),
    "change by unit": ("change", {"by": "unit"}, True),
    "change by business": ("change", {"by": "business"}, False),
}


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
    begins, by = EN.text(f"page.{method}"), read_model(MODEL).cuts[options["by"]].labels.get("en")
    sheet = first_sheet(file_of(downloads, begins, ".xlsx", by)())
    assert compare(sheet, rows, method, percent=False) == shown
    csv = pd.read_csv(io.BytesIO(file_of(downloads, begins, ".csv", by)()), encoding="utf-8-sig")
    assert compare(csv, rows, method, percent=False) == shown
    for table in (app.dataframe[0].value, sheet, csv):
        compare_total(table, told["statistics"], method)
    filled = {name for row in rows for name, value in row.items() if value not in (None, 0)}
    assert {column.name for column in presentation_of(method).columns} & (filled - {"status"}) <= shown
    check_withheld(method, rows, few)


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
    parts = [drawn.value for drawn in app.table if len(drawn.value) == 13]  # those of the likely causes follow
    assert [parts[0].columns[0], *(name for part in parts for name in part.columns[1:])] == list(whole)
    for part in parts:
        assert part.iloc[-1, 0] == "Total"
        pd.testing.assert_series_equal(part.iloc[-1, 1:], whole[part.columns].iloc[-1, 1:], check_names=False)


def test_large_text_shows_the_first_rows_and_says_so(open_page: OpenPage) -> None:
    app = open_page("contribution", lang="en", by="unit", text="large", **OCTOBER)
    drawn, rest = app.table[0].value, next(c.value for c in app.caption if "more rows" in c.value)
    assert len(drawn) == 12 and drawn["Share of lost points, %"].is_monotonic_decreasing
    assert rest == EN.text("table.more", count=41 - 12)

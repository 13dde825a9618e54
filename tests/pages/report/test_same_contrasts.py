"""A contrast read anywhere: page, workbook, CSV and command line agree in every cell of every table, bit for bit."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from data_access.metric_kinds import Unit
from pages.words import further_tables
from pages.words.columns import TEXT, Column
from pages.words.format import spaced
from pages.words.methods import presentation_of
from tests.pages.conftest import Downloads, OpenPage, file_of
from tests.pages.report.numbers import EN, OCTOBER, OF_CONTACTS, asked, compare, first_sheet, same

DRAWN = ("ranks", "fair", "pairs", "league", "months", "checks", "alternatives")  # in this order on the page
CASES: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], tuple[str, ...]]] = {
    # the page's options, those of the command line, and the further tables there are
    "groups": ({"ask": "groups", "by": "business"}, {"question": "groups", "by": "business"}, ("pairs", "ranks")),
    "a league with withheld units": (
        {"ask": "rest", "by": "unit"}, {"question": "rest", "by": "unit"}, ("pairs", "ranks", "league"),
    ),
    "a rate by team": (
        {"ask": "groups", "by": "team", "metric": "resolved"},
        {"question": "groups", "by": "team", "metric": "resolved"}, ("pairs", "league"),
    ),
    "one and the rest": (
        {"ask": "rest", "by": "business", "segment": "mobile_5g"},
        {"question": "rest", "by": "business", "segment": "mobile_5g"}, ("pairs", "ranks", "alternatives"),
    ),
    "each now and before": (
        {"ask": "period", "by": "business"}, {"question": "period", "by": "business"}, ("pairs",),
    ),
    "a target": ({"ask": "target", "by": "business", "against": "target"},
                 {"question": "target", "by": "business", "against": "target"}, ("pairs",)),
    "the group by month": ({"ask": "benchmark", "by": "business", "against": "group"},
                           {"question": "benchmark", "by": "business", "against": "group"}, ("pairs", "months")),
    "the same mix": (
        {"ask": "groups", "by": "channel", "alike": "business", "complexity": "handling"},
        {"question": "groups", "by": "channel", "alike": "business", "effort": "handling"}, ("fair", "pairs"),
    ),
    "a waiting time": (
        {"ask": "groups", "by": "business", "measure": "wait"},
        {"question": "groups", "by": "business", "metric": "wait"}, ("pairs",),
    ),
}  # fmt: skip

PLAIN = ("groups", "each now and before", "a target")  # their tables are among those of the others
PARTS = presentation_of("contrast").parts


def table_agrees(found: pd.DataFrame, rows: Sequence[Mapping[str, Any]], *, percent: bool) -> set[str]:
    """The table itself."""
    return compare(found, rows, "contrast", percent=percent)


def named(part: str, found: pd.DataFrame, unit: Unit) -> dict[str, Column]:
    """Titles of a part's numeric columns and what they hold."""
    known = {}
    for column in PARTS[part]:
        of = SimpleNamespace(unit=unit, method="contrast")
        titles = [spaced(further_tables.header(column, of, words)) for words in (EN, OF_CONTACTS)]  # type: ignore[arg-type]
        for shown in (*titles, *(title.removesuffix(", %") for title in titles)):
            if column.spec != TEXT and shown in found.columns:
                known[shown] = column
    return known


def agree(found: pd.DataFrame, rows: Sequence[Mapping[str, Any]], part: str, unit: Unit) -> set[str]:
    """Every number of a part is the command line's; answers with the columns compared."""
    found = found.rename(columns=spaced)
    known = named(part, found, unit)
    assert len(found) == len(rows)
    for title, column in known.items():
        for value, row in zip(found[title].tolist(), rows, strict=True):
            assert same(value, row[column.name]), (part, title, row)
    return {column.name for column in known.values()}


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, marks=[pytest.mark.prove] * (case in PLAIN)) for case in CASES])
def test_every_table_of_a_contrast_agrees(case: str, open_page: OpenPage, sample: Path, downloads: Downloads) -> None:
    options, words, expected = CASES[case]
    app = open_page("contrast", lang="en", depth="advanced", **OCTOBER, **options)
    told = asked(sample, "contrast", words)
    unit = {"resolved": Unit.RATE, "wait": Unit.RAW}.get(words.get("metric", ""), Unit.POINTS)
    parts = {"pairs": told["pairs"], **told["parts"]}
    frames = [frame.value for frame in (*app.dataframe, *app.table)]
    shown = table_agrees(frames[0], told["table"], percent=True)
    assert {"n", "score", "low", "high"} <= shown
    drawn = [part for part in DRAWN if parts.get(part)]
    assert set(expected) <= set(drawn) and len(frames) == 1 + len(drawn)
    begins = EN.text("page.contrast")
    content = file_of(downloads, begins, ".xlsx")()
    assert table_agrees(first_sheet(content), told["table"], percent=False) == shown
    csv = pd.read_csv(io.BytesIO(file_of(downloads, begins, ".csv")()), encoding="utf-8-sig")
    assert table_agrees(csv, told["table"], percent=False) == shown
    for part, frame in zip(drawn, frames[1:], strict=True):
        columns = agree(frame, parts[part], part, unit)
        assert agree(sheet(content, EN.text(f"contrast_page.part.{part}")), parts[part], part, unit) == columns
        given = {c.name for c in PARTS[part] if c.spec != TEXT}
        assert {k for row in parts[part] for k, v in row.items() if v is not None} & given <= columns


def sheet(content: bytes, title: str) -> pd.DataFrame:
    """One table of a workbook by its title."""
    header, *lines = openpyxl.load_workbook(io.BytesIO(content))[title[:31]].iter_rows(values_only=True)
    return pd.DataFrame(lines, columns=list(header), dtype=object)

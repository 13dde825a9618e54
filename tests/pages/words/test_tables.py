"""Tables as they are shown and exported: columns by depth, headers with units, withheld cells that say so."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.result import Result
from data_access.metric_kinds import Unit
from data_access.model_file import parse_model
from data_access.selection import Selection
from data_access.taxonomy import load_taxonomy
from pages.words import tables
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.columns import DEPTHS
from pages.words.format import NBSP, spaced
from pages.words.methods import presentation_of
from pages.words.names import Names

MODEL = parse_model(
    """
table = "calls"
score = { column = "score", scale = [1, 10] }
[dimensions]
team = { column = "team", labels = { en = "Team", "zh-CN" = "班组" } }
shift = { column = "shift", labels = { en = "Shift", "zh-CN" = "班次" } }
"""
)
NAN = float("nan")
LOST = {
    "n": [20.0, 9.0], "share": [20 / 29, 9 / 29], "score": [85.123456, NAN], "low": [80.0, NAN], "high": [90.0, NAN],
    "lost_points": [1 / 3, 0.1], "contribution": [0.1 + 0.2, 0.7], "contribution_low": [0.2, NAN],
    "contribution_high": [0.4, NAN], "index": [0.435, NAN], "cumulative": [0.3, 1.0],
}  # fmt: skip
MOVED = {
    "n0": [30.0, 0.0], "n1": [40.0, 12.0], "share0": [1.0, 0.0], "share1": [0.8, 0.2], "score0": [80.0, NAN],
    "score1": [70.0, 60.0], "rate_effect": [-9.0, 0.0], "mix_effect": [0.0, -1.0], "total_effect": [-9.0, -1.0],
    "status": ["both", "new"],
}  # fmt: skip


def result(
    method: str, columns: dict[str, Any], *, by: tuple[str, ...] = ("team",), unit: Unit = Unit.POINTS
) -> Result:
    segments = [("red",) * len(by), (None,) * len(by)]
    table = pd.DataFrame({"segment": pd.Series(segments, dtype=object), **columns})
    return Result(
        method=method,
        metric="score",
        unit=unit,
        selection=Selection(),
        data_version="v1",
        statistics={},
        table=table,
        options={"by": by},
    )


def named(words: Catalogue) -> Catalogue:
    return words.with_names(Names(MODEL, load_taxonomy(), words, {}))


def shown(found: Result, language: str = "en", depth: str = "advanced") -> pd.DataFrame:
    words = Catalogue.load(language)
    frame = tables.presented(found, named(words), depth=depth)
    return frame.rename(columns=spaced)


def test_numbers_stay_unrounded() -> None:
    frame = shown(result("contribution", LOST))
    assert frame["Share of lost points, %"].tolist() == [0.1 + 0.2, 0.7]
    assert frame["Score, points"].iloc[0] == 85.123456 and pd.isna(frame["Score, points"].iloc[1])


def test_a_column_for_each_dimension() -> None:
    frame = shown(result("contribution", LOST, by=("team", "shift")))
    assert list(frame.columns[:2]) == ["Team", "Shift"]
    assert frame.iloc[:, :2].to_numpy().tolist() == [["red", "red"], ["not recorded", "not recorded"]]


def test_depth_adds_columns_and_changes_no_number() -> None:
    basic, deeper, deepest = (shown(result("contribution", LOST), depth=depth) for depth in DEPTHS)
    assert list(deepest.columns[: len(basic.columns)]) == list(basic.columns)
    assert len(basic.columns) < len(deeper.columns) <= len(deepest.columns)
    pd.testing.assert_frame_equal(deepest[list(basic.columns)], basic)


def test_a_column_that_holds_nothing_is_left_out_but_an_effect_of_nought_is_told() -> None:
    empty = {**LOST, "contribution_low": [NAN, NAN], "contribution_high": [NAN, NAN], "score": [NAN, NAN]}
    columns = list(shown(result("contribution", empty)).columns)
    assert "Its 95 % from, %" not in columns and "Score, points" in columns
    still = {**MOVED, "mix_effect": [0.0, 0.0]}
    assert "Mix, points" in shown(result("change", still)).columns


def test_what_is_new_is_called_new() -> None:
    assert shown(result("change", MOVED))["Present in"].tolist() == ["both periods", "new"]
    assert "Present in" not in shown(result("change", {**MOVED, "status": ["both", "both"]})).columns


@pytest.mark.parametrize(
    ("unit", "words"), [(Unit.POINTS, "Score, points"), (Unit.RATE, "Rate, %"), (Unit.NPS, "Score, NPS")]
)
def test_headers_carry_the_unit_of_the_metric(unit: Unit, words: str) -> None:
    assert words in shown(result("contribution", LOST, unit=unit)).columns


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_names_no_percent_above_shares_of_one(language: str) -> None:
    words = Catalogue.load(language)
    found = result("contribution", LOST)
    frame = tables.exported(found, named(words))
    title = words.text("column.contribution")
    assert frame[title].tolist() == LOST["contribution"]
    assert NBSP not in "".join(frame.columns), "who looks for a column types a space"
    assert not [name for name in frame.columns if "%" in name and name.startswith(words.text("column.share"))]
    assert frame.to_numpy().tolist()[0] == shown(found, language).to_numpy().tolist()[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_as_the_screen_writes_them(language: str) -> None:
    words, columns = Catalogue.load(language), {c.name: c for c in presentation_of("contribution").columns}
    few = words.text("chart.few", n=10)
    assert tables.cell(NAN, columns["score"], 9, words) == few and "10" in few
    assert tables.cell(NAN, columns["low"], 9, words) == words.text("format.none")
    assert tables.cell(0.373, columns["share"], 9, words) == "37.3"
    assert tables.cell(84.74, columns["score"], 10, words) == "84.7"
    assert tables.cell(0.333, columns["lost_points"], 9, words) == "0.33"
    assert tables.cell(1234.0, columns["n"], 1234, words) == "1,234"


def test_each_score_answers_to_its_own_count() -> None:
    found = result("change", MOVED)
    counts = {c.name: tables.counts_of(found.table, c) for c in presentation_of("change").columns}
    assert (counts["score0"], counts["score1"]) == ([30.0, 0.0], [40.0, 12.0])
    lost, known = result("contribution", LOST), {c.name: c for c in presentation_of("contribution").columns}
    assert tables.counts_of(lost.table, known["score"]) == [20.0, 9.0]
    assert tables.counts_of(lost.table, known["n"]) == [float("inf")] * 2

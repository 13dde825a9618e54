"""What was not recorded leads nothing, and is said; members with an order of their own keep it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.change import change
from analysis.contrast import contrast
from analysis.contribution import contribution
from analysis.overview import overview
from analysis.result import Result
from analysis.segments import segments
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse

MODEL = """
time = { column = "day" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
region = { column = "region" }
step = { column = "step", level = "ordinal", order = ["low", "middle", "high"] }
"""
ASKED = Selection(
    period=Period(date(2026, 2, 1), date(2026, 3, 1)), baseline=Period(date(2026, 1, 1), date(2026, 2, 1))
)


@pytest.fixture(scope="module")
def warehouse(warehouse_of: MakeWarehouse) -> Warehouse:
    """Most answers have no region; theirs are the worst and fell most. The worst step is the middle one."""
    rows = []
    for month in (1, 2):
        for i in range(600):
            region = [None, None, None, "east", "west", "north"][i % 6]
            step = ["low", "middle", "high", None][i % 4]
            score = 9 - (i % 3) - (3 if region is None else 0) * month - 4 * (step == "middle") - (step is None)
            rows.append(
                {"day": date(2026, month, 1 + i % 28), "region": region, "step": step, "score": max(score, 1)}
            )
    return warehouse_of(pd.DataFrame(rows), MODEL)


def first_member(result: Result) -> str | None:
    """The member that the answer speaks of."""
    named = [s.values["segment"] for s in result.findings if "segment" in s.values]
    return next(iter(named[0].values()))


@pytest.mark.parametrize("analyse", [contribution, change, contrast, overview])
def test_it_is_last_in_the_table_and_first_in_no_finding(analyse: object, warehouse: Warehouse) -> None:
    result = analyse(warehouse, ASKED, by=("region",))  # type: ignore[operator]
    assert [segment == (None,) for segment in result.table["segment"]] == [False, False, False, True]
    if analyse in (contribution, change):
        assert first_member(result) in ("east", "west", "north")
        assert result.findings[-1].key.endswith(".not_recorded")
    if analyse is contrast:
        assert (None,) not in (result.parts["pairs"]["a"][0], result.parts["pairs"]["b"][0])


def test_a_cause_that_was_recorded_comes_first(warehouse: Warehouse) -> None:
    table = segments(warehouse, ASKED).table
    blank = [
        any(member is None for _, member in segment) for segment in table.loc[table["kind"] == "rate", "segment"]
    ]
    assert blank == sorted(blank)


@pytest.mark.parametrize("analyse", [contribution, change, contrast, overview])
def test_steps_stand_in_their_order_whatever_they_lose(analyse: object, warehouse: Warehouse) -> None:
    result = analyse(warehouse, ASKED, by=("step",))  # type: ignore[operator]
    assert [segment[0] for segment in result.table["segment"]] == ["low", "middle", "high", None]


def test_the_headline_of_steps_is_still_about_the_worst(warehouse: Warehouse) -> None:
    assert first_member(contribution(warehouse, ASKED, by=("step",))) == "middle"

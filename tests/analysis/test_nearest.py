"""Where nothing matches: the nearest selection that holds answers, checked by asking for it again."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.contribution import contribution
from analysis.nearest import Nearest, nearest
from data_access.selection import Filter, Period, Selection
from data_access.statement import NothingToShow
from data_access.warehouse import Warehouse

from .conftest import MakeWarehouse

MODEL = """
time = { column = "at", timezone = "UTC" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
team = { column = "team" }
city = { column = "city" }
"""
ROWS = [  # team a answers in March, June and July, team b in June only; city x never has team b
    ("2026-03-10", "a", "x"), ("2026-06-05", "a", "x"), ("2026-07-31", "a", "x"),
    ("2026-06-10", "b", "y"), ("2026-06-11", "b", "y"),
]  # fmt: skip
A, B, X, Y = Filter("team", ("a",)), Filter("team", ("b",)), Filter("city", ("x",)), Filter("city", ("y",))


def month(number: int, months: int = 1) -> Period:
    return Period(date(2026, number, 1), date(2026, number + months, 1))


@pytest.fixture(scope="module")
def warehouse(warehouse_of: MakeWarehouse) -> Warehouse:
    frame = pd.DataFrame([(pd.Timestamp(day), 8, team, city) for day, team, city in ROWS])
    return warehouse_of(frame.set_axis(["at", "score", "team", "city"], axis=1), MODEL)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Selection(period=month(11)), Nearest(Selection(period=month(7)), 1)),
        (Selection(period=month(4)), Nearest(Selection(period=month(3)), 1)),  # earlier before later
        (Selection(period=month(5), filters=(B,)), Nearest(Selection(period=month(6), filters=(B,)), 2)),
        (Selection(period=month(1, 2)), Nearest(Selection(period=month(3, 2)), 1)),  # as many months
        (  # three days stay three days
            Selection(period=Period(date(2026, 7, 26), date(2026, 7, 29))),
            Nearest(Selection(period=Period(date(2026, 7, 29), date(2026, 8, 1))), 1),
        ),
        (Selection(period=month(6), filters=(B, X)), Nearest(Selection(period=month(6), filters=(B,)), 2, ("city",))),
        (Selection(filters=(B, X)), Nearest(Selection(filters=(X,)), 3, ("team",))),
        (  # nothing in May whatever is given up: another month, no filter
            Selection(period=month(5), filters=(B, X)),
            Nearest(Selection(period=month(6)), 3, ("team", "city")),
        ),
    ],
)  # fmt: skip
def test_the_nearest_selection(warehouse: Warehouse, asked: Selection, found: Nearest) -> None:
    with pytest.raises(NothingToShow):
        contribution(warehouse, asked, by=("team",))
    assert nearest(warehouse, asked) == found
    assert contribution(warehouse, found.selection, by=("team",)).statistics["n"] == found.answers


def test_a_scope_is_never_given_up(warehouse: Warehouse) -> None:
    asked = Selection(period=month(6), filters=(Y,)).within([A])
    assert nearest(warehouse, asked, scope=[A]) == Nearest(Selection(period=month(6), filters=(A,)), 1, ("city",))
    elsewhere = Selection(period=month(5), filters=(Y,)).within([A])  # another month, and only the city given up
    assert nearest(warehouse, elsewhere, scope=[A]) == Nearest(Selection(period=month(6), filters=(A,)), 1, ("city",))
    asked = Selection(period=month(6)).within([Filter("team", ("c",))])
    assert nearest(warehouse, asked, scope=[Filter("team", ("c",))]) is None
    narrowed = Selection(filters=(Filter("team", ("c",)),))
    found = nearest(warehouse, narrowed, scope=[Filter("team", ("a", "c"))])
    assert found == Nearest(Selection(filters=(Filter("team", ("a", "c")),)), 3, ("team",))


def test_a_comparison_needs_both_periods(warehouse: Warehouse) -> None:
    june = Selection(period=month(6), baseline=month(5))
    assert nearest(warehouse, june) is None  # June itself holds answers
    assert nearest(warehouse, june, with_baseline=True) == Nearest(Selection(period=month(7), baseline=month(6)), 1)
    kept = Selection(period=month(8), baseline=month(3))  # a baseline of one's own stays
    assert nearest(warehouse, kept, with_baseline=True) == Nearest(Selection(period=month(7), baseline=month(3)), 1)
    empty = Selection(period=month(7), baseline=month(1))  # but not where it holds nothing
    assert nearest(warehouse, empty, with_baseline=True) == Nearest(Selection(period=month(7), baseline=month(6)), 1)
    only_once = Selection(period=month(6), baseline=month(5), filters=(B,))
    assert nearest(warehouse, only_once, with_baseline=True) == Nearest(
        Selection(period=month(7), baseline=month(6)), 1, ("team",)
    )


def test_data_without_time(warehouse_of: MakeWarehouse) -> None:
    frame = pd.DataFrame({"score": [5, 9], "team": ["a", "b"], "city": ["x", "y"]})
    timeless = warehouse_of(frame, MODEL.replace("time =", "# time ="))
    assert nearest(timeless, Selection(filters=(A, Y))) == Nearest(Selection(filters=(Y,)), 1, ("team",))
    assert nearest(timeless, Selection(filters=(A,))) is None

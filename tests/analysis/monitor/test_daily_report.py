"""The daily report against proportions by hand: Wilson, Newcombe, and what a row of few ratings may say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.daily_report import bad_rating, daily_report
from analysis.stats.intervals import wilson_interval
from analysis.stats.proportions import newcombe
from data_access.selection import Filter, Selection
from data_access.statement import BadInput, NothingToShow

from ..conftest import MakeWarehouse

MODEL = """
time = { column = "at" }
score = { column = "score", scale = [1, 10], satisfied_from = 9, dissatisfied_to = 6 }
[metrics]
nps = { column = "nps", formula = "nps", scale = [0, 10] }
solved = { column = "solved", values = [0, 1], better = "high" }
[dimensions]
business = { column = "business" }
channel = { column = "channel" }
"""
DAY = date(2026, 10, 9)


def ratings(day: int, business: str, channel: str, bad: int, n: int) -> pd.DataFrame:
    """n ratings of a day in October, of which so many were bad."""
    score = np.where(np.arange(n) < bad, 3, 10)
    return pd.DataFrame({"at": pd.Timestamp(2026, 10, day, 9), "score": score, "nps": 9, "solved": 1,
                         "business": business, "channel": channel})  # fmt: skip


@pytest.fixture(scope="module")
def rated() -> pd.DataFrame:
    before = [ratings(day, "mobile", "phone", 4, 40) for day in range(2, 9)]
    before += [ratings(day, "fixed", "app", 4, 40) for day in range(2, 9)]
    now = [ratings(9, "mobile", "phone", 20, 40), ratings(9, "fixed", "app", 3, 40), ratings(9, "iot", "app", 5, 9)]
    return pd.concat([*before, *now], ignore_index=True)


def test_a_day_beside_its_seven_days(warehouse_of: MakeWarehouse, rated: pd.DataFrame) -> None:
    result = daily_report(warehouse_of(rated, MODEL), Selection())
    table = result.table.assign(name=[segment[0] for segment in result.table["segment"]]).set_index("name")
    mobile, wilson, change = table.loc["mobile"], wilson_interval(20, 40), newcombe(28, 280, 20, 40)
    assert (mobile["n"], mobile["bad"], mobile["n0"]) == (40, 20, 280)
    assert mobile["score"] == pytest.approx(50) and mobile["baseline_score"] == pytest.approx(10)
    assert (mobile["low"], mobile["high"]) == pytest.approx((100 * wilson.low, 100 * wilson.high))
    assert (mobile["change_low"], mobile["change_high"]) == pytest.approx((100 * change.low, 100 * change.high))
    assert list(table["state"]) == ["worse", "none", "few"]  # the worst first, what is withheld last
    assert table.loc["iot", "n"] == 9 and np.isnan(table.loc["iot", ["score", "low", "bad"]].astype(float)).all()
    assert result.metric == "dissatisfied" and result.options == {
        "by": ("business",), "beside": ("channel",), "as_of": DAY,
    }  # fmt: skip
    assert [statement.key for statement in result.findings] == ["daily_report.whole", "daily_report.worse"]
    assert result.statistics["n"] == 89 == result.parts["beside"]["n"].sum()


def test_chance_is_shared_among_the_rows(warehouse_of: MakeWarehouse) -> None:
    """A change that one row alone would prove does not stand out among thirty."""
    one = [ratings(day, "b0", "c", 4, 40) for day in range(2, 9)] + [ratings(9, "b0", "c", 9, 40)]
    many = [ratings(day, f"b{i}", "c", 4, 40) for day in range(2, 10) for i in range(1, 30)]
    alone, among = (daily_report(warehouse_of(pd.concat(rows), MODEL), Selection()) for rows in (one, one + many))
    assert alone.statistics["worse"] == 1 and among.statistics["worse"] == 0
    assert among.findings[1].key == "daily_report.none_worse"


def test_weights_count_as_much_as_they_are_worth(warehouse_of: MakeWarehouse, rated: pd.DataFrame) -> None:
    weighted = MODEL.replace("time =", 'weight = { column = "weight", kind = "survey" }\ntime =')
    equal = daily_report(warehouse_of(rated.assign(weight=2.5), weighted), Selection())
    plain = daily_report(warehouse_of(rated, MODEL), Selection())
    assert np.allclose(equal.table["low"], plain.table["low"], equal_nan=True)
    uneven = rated.assign(weight=np.where(np.arange(len(rated)) % 2, 1.0, 4.0))
    wider = daily_report(warehouse_of(uneven, weighted), Selection())
    assert (wider.table["high"] - wider.table["low"])[:2].mean() > (equal.table["high"] - equal.table["low"])[
        :2
    ].mean()


def test_an_earlier_day_and_a_part_of_the_data(warehouse_of: MakeWarehouse, rated: pd.DataFrame) -> None:
    warehouse = warehouse_of(rated, MODEL)
    earlier = daily_report(warehouse, Selection(), as_of=date(2026, 10, 5))
    assert earlier.options["as_of"] == date(2026, 10, 5) and earlier.statistics["worse"] == 0
    part = daily_report(warehouse, Selection(filters=(Filter("business", ("fixed",)),)), by=("channel",))
    assert list(part.table["segment"]) == [("app",)]
    first = daily_report(warehouse, Selection(), as_of=date(2026, 10, 2))
    assert first.findings[0].key == "daily_report.alone"


def test_what_cannot_be_reported(warehouse_of: MakeWarehouse, rated: pd.DataFrame) -> None:
    warehouse = warehouse_of(rated, MODEL)
    assert bad_rating(warehouse.model, "score").name == "dissatisfied"
    assert bad_rating(warehouse.model, "nps").name == "nps_detractors"
    with pytest.raises(BadInput, match="no_time"):
        daily_report(warehouse_of(rated, MODEL.replace("time =", "#")), Selection())
    with pytest.raises(NothingToShow):
        daily_report(warehouse, Selection().where("channel", "fax"))
    with pytest.raises(BadInput, match="no_dimension"):
        daily_report(warehouse_of(rated, MODEL.split("[dimensions]")[0]), Selection())


def test_no_day_before_the_data(warehouse_of: MakeWarehouse, rated: pd.DataFrame) -> None:
    for day in (date.min, date(2026, 10, 1)):
        with pytest.raises(NothingToShow, match=r"selection\.empty"):
            daily_report(warehouse_of(rated, MODEL), Selection(), as_of=day)

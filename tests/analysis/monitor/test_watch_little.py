"""Where there is little to watch, that is said: it is no quiet day."""

from __future__ import annotations

import warnings
from datetime import date

import pandas as pd
import pytest

from analysis.monitor.watch import monitor
from data_access.selection import Period, Selection
from data_access.statement import NothingToShow

from ..conftest import MakeWarehouse

MODEL = """
time = { column = "at" }
score = { column = "score", scale = [1, 5] }
[dimensions]
team = { column = "team" }
"""


def scores(per_day: int) -> pd.DataFrame:
    """Over 120 days, in two teams."""
    days = pd.date_range("2026-07-01", periods=120).repeat(per_day)
    return pd.DataFrame({"at": days, "score": [5, 4, 5] * (len(days) // 3), "team": ["a", "b"] * (len(days) // 2)})


def test_nothing_watched_is_not_quiet(warehouse_of: MakeWarehouse) -> None:
    """One answer a day is too little for any segment, and no warning of the arithmetic is written."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = monitor(warehouse_of(scores(1), MODEL), Selection())
    assert result.statistics["family"] == 0 and result.statistics["too_small"] == 3
    assert [statement.key for statement in result.findings] == ["monitor.unwatched"]


def test_no_watch_before_the_data_or_on_a_baseline_without_them(warehouse_of: MakeWarehouse) -> None:
    warehouse = warehouse_of(scores(6), MODEL)
    for day in (date.min, date(2026, 6, 30)):
        with pytest.raises(NothingToShow, match=r"selection\.empty"):
            monitor(warehouse, Selection(), as_of=day)
    with pytest.raises(NothingToShow, match=r"control_chart\.no_baseline"):
        monitor(warehouse, Selection(), baseline=Period(date(2020, 1, 1), date(2020, 2, 1)))

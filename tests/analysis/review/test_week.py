"""Which week is reviewed?"""

from datetime import date

import pandas as pd
import pytest

from analysis.review.week import last_week, of_week
from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow

from ..conftest import MakeWarehouse


@pytest.mark.parametrize(
    ("last", "start"),
    [(date(2026, 10, 25), date(2026, 10, 19)), (date(2026, 10, 31), date(2026, 10, 19)),
     (date(2026, 11, 1), date(2026, 10, 26))],
)  # fmt: skip
def test_the_last_week_whose_sunday_the_data_have(last: date, start: date) -> None:
    week, before = last_week(date(2026, 1, 1), last)
    assert (week.start, week.days, before.days, before.end) == (start, 7, 28, start)


def test_fewer_weeks_before_where_the_data_begin_late() -> None:
    assert last_week(date(2026, 10, 6), date(2026, 10, 31))[1] == Period(date(2026, 10, 12), date(2026, 10, 19))


def test_no_week_without_one_before_it() -> None:
    with pytest.raises(NothingToShow, match=r"review\.no_week"):
        last_week(date(2026, 10, 16), date(2026, 10, 31))


def test_no_week_without_a_time(warehouse_of: MakeWarehouse) -> None:
    """It is not the filters that are to be changed."""
    scores = pd.DataFrame({"score": [1, 5]})
    with pytest.raises(BadInput, match=r"model\.no_time"):
        of_week(warehouse_of(scores, 'score = { column = "score", scale = [1, 5] }'), Selection())

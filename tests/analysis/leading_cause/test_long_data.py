"""Twenty years of days: what the line-up takes grows with the days, not with their square."""

from __future__ import annotations

import tracemalloc
from datetime import date, timedelta

import numpy as np

from analysis.suspects.daily import Daily, _Side
from analysis.suspects.lineup import _rows
from analysis.suspects.onset import onset
from data_access.model_file import parse_model
from data_access.selection import Period

METRIC = parse_model('table = "t"\nscore = { column = "score", scale = [1, 10] }').metric("score")
EVENT = {"date": date(2000, 1, 1) + timedelta(days=700), "share": 1.0, "overlap": 1.0}
EVENTS = [EVENT | {"until": None}, EVENT | {"until": EVENT["date"] + timedelta(days=30)}]


def long(days: int) -> Daily:
    """Eight answers a day of two teams that fall by two points after 700 days, beside everything else."""
    rng, sums = np.random.default_rng(3), np.zeros((2, 6, 3, days + 1))
    x = rng.integers(5, 10, (2, 2, days, 4)).astype(float)
    x[0, :, 700:] -= 2
    parts = (np.full(x.shape[:3], 4.0), np.full(x.shape[:3], 4.0), x.sum(axis=3), np.full(x.shape[:3], 4.0),
             x.sum(axis=3), (x**2).sum(axis=3))  # fmt: skip
    for place, part in enumerate(parts):
        sums[:, place, :2, 1:] = part
    own, rest = sums.cumsum(axis=3)
    span = Period(date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=days))
    halves = (np.array([0, days // 2]), np.array([days // 2, days]))
    return Daily(span, halves, METRIC, _Side(own), _Side(rest), True, ())


def memory_of(days: Daily) -> int:
    tracemalloc.start()
    breaks, table = onset(days, days.direction), _rows(days, EVENTS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert breaks.best == EVENT["date"] and table[0]["better"] == 0 and table[0]["change"] < -1.5
    return peak


def test_what_ten_times_the_days_take_is_about_ten_times_as_much() -> None:
    memory_of(long(1_460))  # what is made once
    assert memory_of(long(14_600)) < 15 * memory_of(long(1_460))

"""Words beside a level of the trend lie on no line, wherever the lines run."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pages.charts import Level, trend
from pages.charts.clearing import Line, clear_room
from tests.pages.charts.figures import BEFORE, LOOK, NOW

lines = st.lists(st.lists(st.floats(0, 200), min_size=2, max_size=6), max_size=3)


@given(lines, st.floats(0, 200))
def test_words_cross_no_line_unless_none_is_free(heights: list[list[float]], at: float) -> None:
    drawn: list[Line] = [[(i * 300 / (len(ys) - 1), y) for i, y in enumerate(ys)] for ys in heights]
    room = clear_room(drawn, [(0, at), (150, at)], wide=100, high=20, top=200)
    left = 0 if room.anchor == "left" else 50
    low = at + room.dy - (20 if room.dy < 0 else 0)
    if room.tight:
        return
    assert low >= 0 and low + 20 <= 200
    for line in drawn:
        ys = np.interp(np.linspace(left, left + 100, 60), [x for x, _ in line], [y for _, y in line])
        assert not ((ys > low) & (ys < low + 20)).any()


def test_a_line_on_both_sides_leaves_words_their_plate() -> None:
    wall: Line = [(0, 0), (0.5, 200), (1, 0), (300, 200)]
    assert clear_room([wall], [(0, 100), (150, 100)], wide=100, high=200, top=200).tight


def test_the_baseline_is_named_where_the_weeks_are_not() -> None:
    def label(scores: list[float]) -> tuple[float, str]:
        starts = pd.date_range("2026-08-31", periods=9, freq="7D").date
        weeks = pd.DataFrame({"start": starts, "n": 100, "score": scores}).assign(low=80.0, high=92.0)
        figure = trend(weeks, look=LOOK, current=NOW, baseline=BEFORE)
        (found,) = [a for a in figure.layout.annotations if "September" in a.text]
        return found.yshift, found.yanchor

    above, below = [86.5, 87.0, 87.0, 86.9, 84.0], [86.1, 85.6, 85.6, 85.7, 86.0]
    assert label([*below, 84, 84, 85, 84]) == (4, "bottom")
    shift, edge = label([*above, 84, 84, 85, 84])
    assert edge == "top" or shift > 4, "the line runs just above the level"


def test_a_level_without_an_end_stands_in_the_margin() -> None:
    weeks = pd.DataFrame(
        {"start": pd.date_range("2026-08-31", periods=2, freq="7D").date, "n": 9, "score": [84, 85.0]}
    )
    figure = trend(weeks.assign(low=80.0, high=90.0), look=LOOK, current=NOW, baseline=Level("Before", 86.0))
    assert [a.xref for a in figure.layout.annotations if "Before" in a.text] == ["paper"]

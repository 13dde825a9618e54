"""The picture of an effect says what the verdict says: four levels, the gap to what would have been, the days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pandas as pd
import pytest

from data_access.selection import Period
from pages.charts import Look, alt_text, effect, effect_gaps
from pages.charts.effect import Course
from pages.charts.look import DARK, LIGHT
from pages.words.catalogue import LANGUAGES, Catalogue

from .figures import LOOK, words

START = date(2026, 9, 15)  # a Tuesday
FIRST = date(2026, 7, 20)
LEVELS = pd.DataFrame(
    [("before", "treated", 1200, 81.0, 80.2, 81.8), ("after", "treated", 1200, 84.6, 83.9, 85.3),
     ("before", "control", 1200, 82.1, 81.4, 82.8), ("after", "control", 1200, 83.2, 82.5, 83.9)],
    columns=["period", "group", "n", "score", "low", "high"],
)  # fmt: skip
DAYS = [*(FIRST + timedelta(weeks=week) for week in range(9)), START, date(2026, 9, 21), date(2026, 9, 28)]
WEEKS = pd.DataFrame([
    {"week": day, "group": group, "n": 150, "score": score + 3 * (day >= START)}
    for group, score in (("treated", 81.0), ("control", 82.0)) for day in DAYS
])  # fmt: skip
COURSE = Course(start=START, treated="treated", control="Control (6)", check_on=date(2026, 10, 20),
                before=Period(FIRST, START), noticed=Period(date(2026, 8, 1), date(2026, 9, 1)), effect=2.5, low=1.72,
                high=3.28, verdict="gain")  # fmt: skip


def lines(figure: Any, *, dash: str) -> list[tuple[float, float]]:
    """Heights of the level lines with a dash."""
    drawn = [shape for shape in figure.layout.shapes if shape.type == "line" and shape.line.dash == dash]
    return [(shape.y0, shape.y1) for shape in drawn if (shape.xref, shape.yref) == ("x", "y")]


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_look(language: str, dark: bool, large: bool) -> None:
    look = Look(Catalogue.load(language), dark=dark, large=large)
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    for figure in (effect(WEEKS, LEVELS, COURSE, look=look), effect_gaps(WEEKS, COURSE, look=look)):
        assert alt_text(figure).strip()
        assert {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())} <= palette


def test_the_gap_to_what_would_have_been_is_the_effect() -> None:
    figure = effect(WEEKS, LEVELS, COURSE, look=LOOK)
    said = " ".join(words(figure))
    for text in ("+2.50", "[1.72, 3.28]", "84.6", "83.2", "82.1"):
        assert text in said, text
    (without,) = lines(figure, dash="dash")
    assert without == (pytest.approx(82.1), pytest.approx(82.1))
    assert (pytest.approx(82.1), pytest.approx(84.6)) in lines(figure, dash="solid")
    assert LIGHT.gain in figure.to_json()
    undecided = effect(WEEKS, LEVELS, replace(COURSE, verdict="none"), look=LOOK)
    assert LIGHT.gain not in undecided.to_json() and LIGHT.loss not in undecided.to_json()


def test_a_week_that_holds_the_start_stands_on_both_sides_of_it() -> None:
    figure = effect(WEEKS, LEVELS, COURSE, look=LOOK)
    days = [pd.Timestamp(day) for trace in figure.data for day in trace.x]
    last_before, first_after = (pd.Timestamp("2026-09-14 12:00"), pd.Timestamp("2026-09-18"))
    assert {last_before, first_after} <= set(days)


def test_without_a_control_there_is_one_line_and_no_gap_by_week() -> None:
    alone = effect(WEEKS[WEEKS["group"] == "treated"], LEVELS[LEVELS["group"] == "treated"], COURSE, look=LOOK)
    assert "Control (6)" not in " ".join(words(alone)) and "+2.50" in " ".join(words(alone))

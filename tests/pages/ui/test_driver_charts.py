"""The figures of the drivers page hold their numbers; what has no evidence is grey and keeps its length."""

from __future__ import annotations

import re
from itertools import product
from math import nan

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.ui.catalogue import LANGUAGES, Catalogue
from pages.ui.charts import Look, alt_text, dose, drivers
from pages.ui.charts.look import DARK, LIGHT
from pages.ui.format import spaced

from .figures import LOOK, words

BARS = pd.DataFrame({
    "label": ["Wait", "Handling", "Business"], "key": ["wait", "handling", "business"],
    "importance": [0.05, 0.02, 0.01], "low": [0.03, 0.0, nan], "high": [0.08, 0.05, nan],
    "share": [0.625, 0.25, 0.125],
    "sure": [True, False, True], "words": ["▼ more goes with less", "? not enough evidence", "≠ by group"],
})  # fmt: skip
BINS = pd.DataFrame({
    "x": [5.0, 20.0, 40.0, 90.0, 200.0], "n": [500, 500, 500, 12, 500], "score": [88.0, 87.0, nan, 82.0, 80.0],
    "score_low": [86.0, 85.0, nan, 76.0, 78.0], "score_high": [90.0, 89.0, nan, 88.0, 82.0],
})  # fmt: skip
KNEE = (36.0, 25.0, 60.0)


def figures(look: Look) -> dict[str, go.Figure]:
    return {
        "drivers": drivers(BARS, look=look),
        "dose": dose(BINS, look=look, title="Wait, seconds", unit="s", knee=KNEE),
    }


def lines(figure: go.Figure, width: float) -> list[tuple[float, float, float, float]]:
    return [(s.x0, s.x1, s.y0, s.y1) for s in figure.layout.shapes if s.type == "line" and s.line.width == width]


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_figure_in_every_look(language: str, dark: bool, large: bool) -> None:
    catalogue = Catalogue.load(language)
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    plain = figures(Look(catalogue, dark=dark))
    for name, figure in figures(Look(catalogue, dark=dark, large=large)).items():
        assert figure.layout.height == pytest.approx(plain[name].layout.height * (1.2 if large else 1))
        assert alt_text(figure).strip()
        assert {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())} <= palette


def test_bars_hold_importance_with_its_interval_and_say_share_and_direction() -> None:
    figure = drivers(BARS, look=LOOK)
    bars = figure.data[0]
    assert list(bars.x) == pytest.approx([5.0, 2.0, 1.0]) and list(bars.y) == [0, -1, -2]
    assert lines(figure, 4) == [(3.0, 8.0, 0, 0), (0.0, 5.0, -1, -1)]
    assert figure.layout.xaxis.range[0] == 0 and figure.layout.xaxis.range[1] > 8
    assert {" 62.5 % ", "▼ more goes with less", "? not enough evidence"} <= set(words(figure))
    assert list(figure.data[-1].customdata) == ["wait", "handling", "business"]
    assert "Handling 25.0 % of what they explain together; 2.0 % of all differences" in spaced(alt_text(figure))


def test_a_driver_without_evidence_is_grey_and_keeps_its_length() -> None:
    bars = drivers(BARS, look=LOOK).data[0]
    assert list(bars.marker.color) == [LIGHT.brand_pale, LIGHT.faint, LIGHT.brand_pale]
    unsure = drivers(BARS.assign(sure=False), look=LOOK)
    assert set(unsure.data[0].marker.color) == {LIGHT.faint} and list(unsure.data[0].x) == list(bars.x)


def test_dose_draws_a_dot_a_bin_and_marks_the_knee() -> None:
    figure = dose(BINS, look=LOOK, title="Wait, seconds", unit="s", knee=KNEE)
    dots = figure.data[0]
    assert list(zip(dots.x, dots.y, strict=True)) == [(5.0, 88.0), (20.0, 87.0), (90.0, 82.0), (200.0, 80.0)]
    assert list(dots.marker.color) == [LIGHT.brand, LIGHT.brand, LIGHT.neutral, LIGHT.brand]
    assert (5.0, 5.0, 86.0, 90.0) in lines(figure, 5)
    (band,) = [s for s in figure.layout.shapes if s.type == "rect"]
    assert (band.x0, band.x1) == (25.0, 60.0)
    assert (36.0, 36.0, 0, 1) in lines(figure, 1.6)
    assert any("bends at 36.0 s (95 % interval 25.0 to 60.0)" in text for text in words(figure))
    assert "Wait, seconds" in words(figure)
    assert "at 5.00: 88.0, interval 86.0 to 90.0, n 500" in spaced(alt_text(figure))


def test_dose_without_a_knee_marks_none() -> None:
    figure = dose(BINS, look=LOOK, title="Wait")
    assert not [s for s in figure.layout.shapes if s.type == "rect"] and not lines(figure, 1.6)
    assert "bends" not in alt_text(figure)


def test_few_values_have_a_tick_each() -> None:
    figure = dose(BINS.iloc[:2].assign(x=[0.0, 1.0]), look=LOOK, title="Resolved")
    assert list(figure.layout.xaxis.tickvals) == [0.0, 1.0] and list(figure.layout.xaxis.ticktext) == ["0", "1"]

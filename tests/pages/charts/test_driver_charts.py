"""The figures of the drivers page hold their numbers; what has no evidence is grey and keeps its length."""

from __future__ import annotations

import re
from itertools import product
from math import nan

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.charts import Look, alt_text, dose, drivers, quadrants
from pages.charts.look import DARK, LIGHT
from pages.charts.text_width import width
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.format import spaced

from .figures import LOOK, words

EN = Catalogue.load("en")
BARS = pd.DataFrame({
    "label": ["Wait", "Handling", "Business"], "key": ["wait", "handling", "business"],
    "importance": [0.05, 0.02, 0.01], "low": [0.03, 0.0, nan], "high": [0.08, 0.05, nan],
    "share": [0.625, 0.25, 0.125],
    "significant": [True, False, True], "words": ["▼ the more, the lower", "? not enough evidence", "≠ by group"],
})  # fmt: skip
BINS = pd.DataFrame({
    "x": [5.0, 20.0, 40.0, 90.0, 200.0], "n": [500, 500, 500, 12, 500], "score": [88.0, 87.0, nan, 82.0, 80.0],
    "score_low": [86.0, 85.0, nan, 76.0, 78.0], "score_high": [90.0, 89.0, nan, 88.0, 82.0],
})  # fmt: skip
MAP = pd.DataFrame({
    "label": ["Wait", "Handling", "Load", "Tenure"], "key": ["wait", "handling", "load", "tenure"],
    "importance": [0.05, 0.045, 0.001, 0.0012], "low": [0.04, 0.03, 0.0, nan], "high": [0.06, 0.055, 0.002, nan],
    "performance": [30.0, 80.0, 50.0, 51.0], "performance_low": [25.0, 75.0, 45.0, nan],
    "performance_high": [35.0, 85.0, 55.0, nan], "target": [nan, 90.0, nan, nan],
    "significant": [True, True, False, True], "quadrant": ["concentrate", "keep", "undecided", "undecided"],
    "words": ["concentrate here", "keep it up", "undecided", "undecided"],
})  # fmt: skip
KNEE = (36.0, 25.0, 60.0)


def figures(look: Look) -> dict[str, go.Figure]:
    return {
        "drivers": drivers(BARS, look=look),
        "dose": dose(BINS, look=look, title="Wait, seconds", unit="s", knee=KNEE),
        "quadrants": quadrants(MAP, look=look, lines=(0.02, 55.0)),
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
    assert list(bars.x) == pytest.approx([62.5, 25.0, 12.5]) and list(bars.y) == [0, -1, -2], "the number beside it"
    assert lines(figure, 4) == [(pytest.approx(37.5), 100.0, 0, 0), (0.0, pytest.approx(62.5), -1, -1)]
    assert figure.layout.xaxis.range[0] == 0 and figure.layout.xaxis.range[1] > 100
    assert {" 62.5 % ", "▼ the more, the lower", "? not enough evidence"} <= set(words(figure))
    assert list(figure.data[-1].customdata) == ["wait", "handling", "business"]
    assert "Handling 25.0 % of what they explain together; 2.0 % of all differences" in spaced(alt_text(figure))


def test_a_driver_without_evidence_is_grey_and_keeps_its_length() -> None:
    bars = drivers(BARS, look=LOOK).data[0]
    assert list(bars.marker.color) == [LIGHT.brand_pale, LIGHT.faint, LIGHT.brand_pale]
    unsure = drivers(BARS.assign(significant=False), look=LOOK)
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


def test_the_map_has_a_dot_two_intervals_and_a_name_each() -> None:
    figure = quadrants(MAP, look=LOOK, lines=(0.02, 55.0))
    assert [(dot.x[0], dot.y[0]) for dot in figure.data] == [(30.0, 5.0), (80.0, 4.5), (50.0, 0.1), (51.0, 0.12)]
    bars = lines(figure, 3)
    assert (30.0, 30.0, 4.0, 6.0) in bars and (25.0, 35.0, 5.0, 5.0) in bars and len(bars) == 6
    assert (55.0, 55.0, *figure.layout.yaxis.range) in lines(figure, 1.4)
    corners = {EN.text(f"drivers_page.quadrant.{code}") for code in ("concentrate", "keep", "low", "overkill")}
    assert {*MAP["label"], *corners, "◇"} <= set(words(figure))
    assert "Wait: importance 5.0 %, performance 30.0; concentrate here" in spaced(alt_text(figure))


def test_the_map_greys_what_has_no_evidence_and_leaves_hollow_what_is_undecided() -> None:
    marks = [dot.marker for dot in quadrants(MAP, look=LOOK, lines=(0.02, 55.0)).data]
    assert [mark.line.color for mark in marks] == [LIGHT.loss, LIGHT.brand, LIGHT.neutral, LIGHT.brand]
    assert [mark.color for mark in marks] == [LIGHT.loss, LIGHT.brand, LIGHT.background, LIGHT.background]


@pytest.mark.parametrize("large", [False, True])
def test_names_on_the_map_do_not_meet(large: bool) -> None:
    crowd = pd.concat([MAP.iloc[[2]].assign(key=f"d{i}", label=f"Driver number {i}", performance=48.0 + i)
                       for i in range(7)])  # fmt: skip
    figure = quadrants(pd.concat([MAP, crowd]), look=Look(EN, large=large), lines=(0.02, 55.0))
    named = [w for w in figure.layout.annotations if str(w.text) in {*MAP["label"], *crowd["label"]}]
    assert len(named) == 11
    x, y = figure.layout.xaxis.range, figure.layout.yaxis.range
    scale = 1.2 if large else 1
    high = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    wide = 880 - figure.layout.margin.l - figure.layout.margin.r
    spans = []
    for w in named:
        left = (w.x - x[0]) / (x[1] - x[0]) * wide + w.xshift
        size = width(w.text, w.font.size)
        left -= {"left": 0, "center": size / 2, "right": size}[w.xanchor]
        middle = (w.y - y[0]) / (y[1] - y[0]) * high + w.yshift
        middle += {"bottom": 8, "middle": 0, "top": -8}[w.yanchor] * scale
        spans.append((left, left + size, middle))
    for i, (a0, a1, a) in enumerate(spans):
        for b0, b1, b in spans[i + 1 :]:
            assert a1 <= b0 or b1 <= a0 or abs(a - b) > 12 * scale, (spans, i)

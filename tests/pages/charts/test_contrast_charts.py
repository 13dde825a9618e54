"""The figures of a contrast hold their numbers, and colour only what is different and matters."""

from __future__ import annotations

import re
from itertools import combinations, product
from math import log10, nan

import pandas as pd
import plotly.graph_objects as go
import pytest

from data_access.metric_kinds import Unit
from pages.charts import Look, alt_text, distribution, forest, forest_of_differences, funnel, months
from pages.charts.look import DARK, LIGHT
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.format import spaced

from .contrasts import ASKED, CELLS, GAPS, GROUPS, LEAGUE, MONTHS, contrasts
from .figures import LOOK, bars, said, words

COLOURED = {LIGHT.loss, LIGHT.gain, LIGHT.loss_text, LIGHT.gain_text}


def dots(figure: go.Figure) -> list[tuple[float, float, str]]:
    return [(t.x[0], t.y[0], t.marker.color) for t in figure.data if t.type == "scatter" and t.mode == "markers"]


def lines(figure: go.Figure) -> list[tuple[float, float]]:
    """Ends of the thick horizontal intervals."""
    return [(s.x0, s.x1) for s in figure.layout.shapes if s.type == "line" and s.line.width == 5]


def band(figure: go.Figure) -> list[dict[str, float]]:
    return [{k: s[k] for k in ("x0", "x1", "y0", "y1")} for s in figure.layout.shapes if s.type == "rect"]


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_figure_in_every_look(language: str, dark: bool, large: bool) -> None:
    words = Catalogue.load(language)
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    plain = contrasts(Look(words, dark=dark))
    for name, figure in contrasts(Look(words, dark=dark, large=large)).items():
        assert figure.layout.height == pytest.approx(plain[name].layout.height * (1.2 if large else 1))
        assert alt_text(figure).strip()
        assert {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())} <= palette


def test_differences_of_nothing_have_no_scale() -> None:
    """All are 0: ticks from -0.4 to 0.4 would be a scale of nothing."""
    nothing, some = (GAPS.assign(value=0.0, low=-end, high=end) for end in (0.0, 0.3))
    ticks = [forest_of_differences(g, look=LOOK, threshold=0.0).layout.xaxis.ticktext for g in (nothing, some)]
    assert ticks[0] == ("0",) and len(ticks[1]) > 3
    empty, known = (MONTHS.assign(gap=gap, gap_low=gap, gap_high=gap) for gap in (nan, 0.0))
    for rows in (empty, known):
        assert not {"0.4", "−0.4", "0.2"} & set(words(months(rows, look=LOOK, threshold=0.0)))


def test_a_forest_colours_what_matters_and_withholds_the_few() -> None:
    figure = forest(GROUPS, look=LOOK, reference=84.7, threshold=1.5, reference_label="all 84.7")
    assert dots(figure) == [(88.0, 0, LIGHT.gain), (85.0, -1, LIGHT.neutral), (81.0, -3, LIGHT.loss)]
    assert lines(figure) == [(86.9, 89.1), (83.1, 86.9), (79.4, 82.6)]
    assert band(figure) == [{"x0": 83.2, "x1": 86.2, "y0": 0, "y1": 1}]
    shown = words(figure)
    assert {"all 84.7", "▲ above 2", "▼ below 1", "n < 10", "n 600"} <= set(shown)
    assert " 83.0 " not in shown
    assert list(figure.data[-1].customdata) == ["2G", "固话", "宽带", "3G"]
    assert "3G 81.0, interval 79.4 to 82.6, ▼ below 1, n 600" in spaced(alt_text(figure))


def test_nothing_is_coloured_without_a_verdict() -> None:
    plain = GROUPS.assign(verdict="none")
    figure = forest(plain, look=LOOK, reference=84.7, threshold=1.5, reference_label="all")
    assert not COLOURED & set(re.findall("#[0-9A-F]{6}", figure.to_json()))


def test_differences_stand_around_nought_with_both_counts() -> None:
    figure = forest_of_differences(GAPS, look=LOOK, threshold=1.0)
    assert dots(figure) == [(-5.3, 0, LIGHT.loss), (0.2, -1, LIGHT.neutral)]
    assert band(figure) == [{"x0": -1.0, "x1": 1.0, "y0": 0, "y1": 1}]
    assert {" −5.3 ", "n 600 / 1,400", "n 800"} <= set(words(figure))
    low, high = figure.layout.xaxis.range
    assert low < -7.1 and high > 1.4


def test_a_difference_of_rates_is_in_points_of_percent() -> None:
    figure = forest_of_differences(GAPS, look=Look(Catalogue.load("en"), unit=Unit.RATE), threshold=1.0)
    assert {" −5.3 pp ", " +0.2 pp "} <= set(words(figure))


def test_more_groups_than_marks_are_summed_up() -> None:
    many = pd.concat([GROUPS.iloc[[0]]] * 30, ignore_index=True).assign(label=[f"u{i}" for i in range(30)])
    figure = forest(many, look=LOOK, reference=84.7, threshold=1.0, reference_label="all")
    assert len(dots(figure)) == 12 and "others (19)" in said(figure) and "n 15,200" in said(figure)
    assert dots(figure)[-1][2] == LIGHT.neutral, "a sum has no verdict"
    differences = forest_of_differences(pd.concat([GAPS] * 15, ignore_index=True), look=LOOK, threshold=1.0)
    assert "others (19)" in said(differences) and "n 13,400" in said(differences)
    assert len(dots(differences)) == 11, "differences of several groups have no mean"


def test_distributions_share_one_scale() -> None:
    figure = distribution(CELLS, ASKED, look=LOOK)
    first, second = bars(figure)
    assert list(first.x) == [10, 90, 100] and list(second.x) == [10, 100]
    assert first.y[2] / second.y[1] == pytest.approx(0.6 / 0.5)
    shown = words(figure)
    assert {"60.0 %", "50.0 %", " 88.0 ", "n 600"} <= set(shown)
    assert "1.0 %" not in shown, "too small to be written"
    assert list(figure.layout.xaxis.ticktext) == ["10", "90", "100"]
    assert "3G: 10.0 50.0 %, 100.0 50.0 %" in spaced(alt_text(figure))


def test_many_values_are_gathered_and_lose_nothing() -> None:
    waits = pd.DataFrame({"s": 0, "value": [float(v) for v in range(300)], "share": 1 / 300})
    figure = distribution(waits, ASKED.iloc[:1], look=LOOK)
    (columns,) = bars(figure)
    assert len(columns.x) == 24
    assert sum(columns.y) / columns.y[0] == pytest.approx(1 / (13 / 300))


def test_a_single_value_has_a_column_too() -> None:
    figure = distribution(pd.DataFrame({"s": [0], "value": [100.0], "share": [1.0]}), ASKED.iloc[:1], look=LOOK)
    assert list(bars(figure)[0].x) == [100.0]


def test_a_funnel_names_only_units_outside() -> None:
    figure = funnel(LEAGUE, look=LOOK, mean=84.7)
    units = next(t for t in figure.data if t.mode == "markers")
    assert list(units.x) == pytest.approx([log10(n) for n in LEAGUE["n"]])
    assert list(units.marker.color) == [
        LIGHT.neutral, LIGHT.brand_pale, LIGHT.brand_pale, LIGHT.brand, LIGHT.brand_pale, LIGHT.brand,
    ]  # fmt: skip
    assert {w for w in words(figure) if w.startswith("Team")} == {"Team 0", "Team 3", "Team 5"}
    assert [t.y[0] for t in figure.data if t.mode == "lines"] == [LEAGUE[f"limit{k}"][0] for k in (
        "95_low", "95_high", "998_low", "998_high")]  # fmt: skip
    assert not COLOURED & set(re.findall("#[0-9A-F]{6}", figure.to_json())), "chance limits are no verdict"
    assert "Outside the 95 % limits: 3" in spaced(alt_text(figure))


def test_names_in_a_funnel_never_cover_each_other() -> None:
    crowd = pd.concat([LEAGUE.iloc[[5]]] * 9, ignore_index=True).assign(label=[f"A long name {i}" for i in range(9)])
    figure = funnel(crowd.assign(n=range(2500, 2509)), look=LOOK, mean=84.7)
    named = [a for a in figure.layout.annotations if a.text.startswith("A long")]
    places = [(round(a.x, 3), a.y, a.xanchor, a.yanchor) for a in named]
    assert 0 < len(named) < 9
    assert all(a[2:] != b[2:] for a, b in combinations(places, 2))


def test_a_withheld_unit_is_left_out_of_the_funnel() -> None:
    figure = funnel(LEAGUE.assign(score=[nan, *LEAGUE["score"][1:]]), look=LOOK, mean=84.7)
    assert len(next(t for t in figure.data if t.mode == "markers").x) == 5


def test_months_name_what_is_missing_and_colour_what_matters() -> None:
    figure = months(MONTHS, look=LOOK, threshold=1.0)
    assert dots(figure) == [(0, -2.0, LIGHT.loss), (2, -3.0, LIGHT.neutral), (3, 0.4, LIGHT.neutral)]
    shown = said(figure)
    assert "not published" in shown and "−2.0" in shown and "Jul 2026" in shown
    assert "2026-08 not published" in alt_text(figure)
    assert band(figure)[0] == {"x0": 0, "x1": 1, "y0": -1.0, "y1": 1.0}


def test_a_gap_without_an_interval_is_never_coloured() -> None:
    unknown = MONTHS.assign(gap_low=nan, gap_high=nan)
    assert {colour for *_, colour in dots(months(unknown, look=LOOK, threshold=1.0))} == {LIGHT.neutral}


def test_a_measure_of_its_own_scale_has_as_many_decimals_as_it_needs() -> None:
    figure = forest_of_differences(GAPS, look=Look(Catalogue.load("en"), unit=Unit.RAW), threshold=0.2)
    assert {" −5.30 ", " +0.200 "} <= set(words(figure))
    assert not any("%" in t for t in figure.layout.xaxis.ticktext)

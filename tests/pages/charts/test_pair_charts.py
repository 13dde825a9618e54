"""The figures of the correlation page hold their numbers; what may be chance is pale, too little is not drawn."""

from __future__ import annotations

import re
from itertools import product
from math import nan

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.charts import Look, Whole, alt_text, boxes, coefficients, matrix, scatter, shares
from pages.charts.look import DARK, LIGHT
from pages.words.catalogue import LANGUAGES, Catalogue

from .figures import LOOK, said, words

NAMES = [("score", "Satisfaction"), ("wait", "Wait in the queue"), ("team", "Team")]
PAIRS = pd.DataFrame({
    "x": ["score", "score", "wait"], "y": ["wait", "team", "team"], "value": [-0.3, 0.15, nan],
    "signed": [True, False, False], "significant": [True, False, False], "words": ["−0.30", "0.15", "–"],
    "key": ["score|wait", "score|team", "wait|team"],
})  # fmt: skip
BOXES = pd.DataFrame({
    "label": ["Basic", "Gold", "VIP"], "n": [400, 20, 6], "value": [84.0, 88.0, nan], "p5": [50.0, 60, nan],
    "q25": [70.0, 80, nan], "q50": [90.0, 90, nan], "q75": [100.0, 100, nan], "p95": [100.0, 100, nan],
})  # fmt: skip
CELLS = pd.DataFrame({
    "row": ["Basic", "Basic", "VIP", "VIP", "Gold", "Gold"], "column": ["yes", "no"] * 3,
    "n": [300, 100, 90, 10, 3, 2], "share": [0.75, 0.25, 0.9, 0.1, nan, nan],
})  # fmt: skip
DOTS = pd.DataFrame({"x": [1.0, 2, 3, 4, 100], "y": [10.0, 20, 30, 40, 50]})
BINS = pd.DataFrame({
    "x": [1.5, 3.5], "n": [40, 40], "value": [12.0, 33.0], "low": [10.0, 30.0], "high": [14.0, 36.0],
})  # fmt: skip
PARTS = pd.DataFrame({
    "label": ["Calls", "Chat", "Bot"], "n": [900, 60, 4], "value": [-0.3, 0.2, nan], "low": [-0.35, 0.05, nan],
    "high": [-0.25, 0.34, nan], "turns": [False, True, False], "spec": "factor_change",
})  # fmt: skip


def figures(look: Look) -> dict[str, go.Figure]:
    return {
        "matrix": matrix(PAIRS, NAMES, look=look),
        "boxes": boxes(BOXES, look=look, title="Satisfaction, points"),
        "shares": shares(CELLS, look=look, rows=["Basic", "VIP", "Gold"], columns=["yes", "no"], ordered=True),
        "scatter": scatter(DOTS, BINS, look=look, x_title="Wait", y_title="Handling"),
        "coefficients": coefficients(PARTS, look=look, whole=Whole(-0.2, "factor_change")),
    }


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_figure_in_every_look(language: str, dark: bool, large: bool) -> None:
    catalogue = Catalogue.load(language)
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    plain = figures(Look(catalogue, dark=dark))
    for figure, small in zip(figures(Look(catalogue, dark=dark, large=large)).values(), plain.values(), strict=True):
        assert figure.layout.height == pytest.approx(small.layout.height * (1.2 if large else 1))
        assert alt_text(figure).strip()
        assert {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())} <= palette


def cells_of(figure: go.Figure) -> list[tuple[float, str, float]]:
    return [(s.x0 + 0.48, s.fillcolor, s.opacity) for s in figure.layout.shapes if s.type == "rect"]


def test_a_cell_is_the_darker_the_stronger_and_pale_where_it_may_be_chance() -> None:
    figure = matrix(PAIRS, NAMES, look=LOOK)
    (_, colour, half), (_, pale, _), (_, empty, _) = cells_of(figure)
    assert colour == LIGHT.brand and half == pytest.approx(0.1 + 0.9 * 0.3 / 0.6)
    assert pale == empty == LIGHT.band
    assert {"−0.30", "0.15", "·"} <= {word.strip() for word in words(figure)}, "no sign without a direction"
    assert [list(trace.customdata) for trace in figure.data] == [["score|wait", "score|team", "wait|team"]]
    assert "Satisfaction and Wait in the queue −0.30" in alt_text(figure) and "Team" not in alt_text(figure)


def test_many_columns_show_their_signs_only() -> None:
    names = [(str(i), f"Column {i}") for i in range(20)]
    pairs = pd.DataFrame([
        {"x": str(i), "y": str(j), "value": -0.4 if i == 0 else 0.4, "signed": True, "significant": True, "words": "",
         "key": f"{i}|{j}"} for i in range(20) for j in range(i + 1, 20)
    ])  # fmt: skip
    found = [word.strip() for word in words(matrix(pairs, names, look=LOOK))]
    assert found.count("−") == 19 and found.count("+") == 171


def test_boxes_hold_the_middle_half_and_withhold_the_smallest_group() -> None:
    figure = boxes(BOXES, look=LOOK, title="Satisfaction, points")
    drawn = [(s.x0, s.x1, s.fillcolor) for s in figure.layout.shapes if s.type == "rect"]
    assert drawn == [(70.0, 100.0, LIGHT.brand_pale), (80.0, 100.0, LIGHT.palest)]
    assert [trace.x[0] for trace in figure.data if trace.type == "scatter"] == [84.0, 88.0]
    assert "n < 10" in said(figure) and "84.0" in said(figure)


def test_shares_fill_their_row_and_its_thickness_its_size() -> None:
    figure = figures(LOOK)["shares"]
    parts = [s for s in figure.layout.shapes if s.xref == "x" or s.xref is None]
    assert [(s.x0, s.x1) for s in parts] == [(0.0, 0.75), (0.75, 1.0), (0.0, 0.9), (0.9, 1.0)]
    assert parts[0].y1 - parts[0].y0 > parts[2].y1 - parts[2].y0
    assert "75.0 %" in said(figure) and "n < 10" in said(figure)


def test_far_dots_do_not_squash_the_others() -> None:
    dots = pd.DataFrame({"x": [*range(200), 1e6], "y": range(201)})
    figure = scatter(dots, BINS, look=LOOK, x_title="Wait", y_title="Handling")
    assert figure.layout.xaxis.range[1] < 300 and len(figure.data[0].x) >= 190
    assert list(figure.data[1].y) == [12.0, 33.0]


def test_a_part_that_turns_has_a_colour_and_too_few_no_dot() -> None:
    figure = figures(LOOK)["coefficients"]
    dots = [(trace.x[0], trace.marker.color) for trace in figure.data if trace.type == "scatter"]
    assert dots == [(-0.3, LIGHT.brand), (0.2, LIGHT.loss)]
    assert {"−0.30", "+0.20", "n < 10"} <= {word.strip() for word in words(figure)}

"""The pictures of a model hold its numbers in both languages and looks."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from pages.charts import Look, alt_text, gains, reliability
from pages.words.catalogue import LANGUAGES, Catalogue

from .figures import LOOK

GROUPS = pd.DataFrame({
    "predicted": [5.0, 12.0, 38.0], "observed": [4.0, 15.0, 40.0], "low": [3.0, 11.0, 35.0],
    "high": [6.0, 19.0, 45.0], "n": [200, 200, 201],
})  # fmt: skip
CURVE = pd.DataFrame({"part": [10.0, 50.0, 100.0], "caught": [30.0, 80.0, 100.0]})


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_both_in_every_look(language: str, dark: bool, large: bool) -> None:
    look = Look(Catalogue.load(language), dark=dark, large=large)
    for figure in (reliability(GROUPS, look=look), gains(CURVE, look=look, chosen=20.0)):
        assert alt_text(figure).strip() and figure.layout.height == pytest.approx(330 * (1.2 if large else 1))


def test_predicted_stands_beside_observed() -> None:
    figure = reliability(GROUPS, look=LOOK)
    assert list(figure.data[0].x) == [5, 12, 38] and list(figure.data[0].y) == [4, 15, 40]
    intervals = [(line.x0, line.y0, line.y1) for line in figure.layout.shapes if line.x0 == line.x1]
    assert intervals == [(5, 3, 6), (12, 11, 19), (38, 35, 45)]


def test_the_list_stands_on_the_curve() -> None:
    figure = gains(CURVE, look=LOOK, chosen=20.0)
    mark = next(line for line in figure.layout.shapes if line.x0 == line.x1)
    assert (mark.x0, mark.y1) == (20, pytest.approx(42.5))  # a quarter of the way from 30 to 80
    assert any("42.5" in note.text for note in figure.layout.annotations)
    assert not any(line.x0 == line.x1 for line in gains(CURVE, look=LOOK).layout.shapes)

"""The waterfall walks from the baseline to now, service and mix apart, whatever their signs."""

from __future__ import annotations

import re
from math import nan

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.charts import Look, waterfall
from pages.charts.look import LIGHT
from pages.charts.walk import Part
from pages.words.catalogue import Catalogue
from tests.pages.charts.figures import (
    EFFECTS,
    LABELS,
    LOOK,
    bars,
    said,
    words,
)

effects = st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=30)


def walls(steps: list[tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame({
        "label": [f"s{i}" for i in range(len(steps))], "rate_effect": [r for r, _ in steps],
        "mix_effect": [m for _, m in steps], "total_effect": [r + m for r, m in steps], "status": "both",
    })  # fmt: skip


def blocks(figure: go.Figure) -> tuple[list[Part], list[Part]]:
    """The blocks of service and of mix, whether the waterfall stands or lies."""
    found = []
    for bar in bars(figure):
        along, across = (bar.x, [-y for y in bar.y]) if bar.orientation == "h" else (bar.y, bar.x)
        found.append([Part(*part) for part in zip(across, bar.width, bar.base, along, strict=True)])
    return found[0], found[1]


@pytest.mark.slow
@given(effects)
def test_the_waterfall_walks_from_start_to_end(steps: list[tuple[float, float]]) -> None:
    end = 80 + sum(r + m for r, m in steps)
    rate, mix = blocks(waterfall(80, end, walls(steps), look=LOOK, labels=LABELS))
    level = 80.0
    for first, second in zip(rate, mix, strict=True):
        assert first.base == pytest.approx(level, abs=1e-9)
        assert second.base == pytest.approx(first.base + first.effect, abs=1e-9)
        level = second.base + second.effect
        apart_ = first.place + first.thick / 2 <= second.place - second.thick / 2 + 1e-9
        ends = sorted(sorted([b.base, b.base + b.effect]) for b in (first, second))
        assert apart_ or ends[0][1] <= ends[1][0] + 1e-3, "two blocks lie upon each other"
    assert level == pytest.approx(end, abs=1e-9)
    assert len(rate) <= 10


def test_waterfall_of_the_hotline() -> None:
    figure = waterfall(86.3, 84.7, EFFECTS, look=LOOK, labels=LABELS[::-1])
    rate, mix = bars(figure)
    assert list(rate.marker.color) == [LIGHT.loss, LIGHT.neutral, LIGHT.loss, LIGHT.loss]
    unclear = waterfall(86.3, 84.7, EFFECTS.assign(p_adjusted=0.2), look=LOOK, labels=LABELS[::-1])
    assert set(bars(unclear)[0].marker.color) == {LIGHT.neutral}, "nothing is coloured that may be chance"
    assert mix.marker.pattern.shape == "/"
    shown = [re.sub(r"\s+", " ", w).strip() for w in words(figure)]
    assert "−1.05 service −0.75 mix −0.30" in shown
    assert "−0.25 mix −0.25" in shown, "nobody at 2G is blamed"
    assert {"September 86.3", "October 84.7"} <= set(shown)


@pytest.mark.parametrize(("lower_better", "up", "down"), [(False, "gain", "loss"), (True, "loss", "gain")])
def test_a_rise_is_a_gain_or_a_loss(lower_better: bool, up: str, down: str) -> None:
    look = Look(Catalogue.load("en"), lower_better=lower_better)
    rate, _ = bars(waterfall(80, 80, walls([(1.0, 0.0), (-1.0, 0.0)]), look=look, labels=LABELS))
    assert list(rate.marker.color) == [getattr(LIGHT, up), getattr(LIGHT, down)]
    assert (look.verdict(0.0), look.verdict(nan)) == ("none", "none")


def test_new_and_gone_segments_are_named_so() -> None:
    rows = walls([(0.0, 0.5), (0.0, -0.4)]).assign(status=["new", "gone"])
    shown = [re.sub(r"\s+", " ", w).strip() for w in words(waterfall(80, 80.1, rows, look=LOOK, labels=LABELS))]
    assert "+0.50 new mix +0.50" in shown
    assert "−0.40 gone mix −0.40" in shown


def test_dust_of_floating_point_is_no_effect() -> None:
    figure = waterfall(80, 79, walls([(1e-16, -1.0)]), look=LOOK, labels=LABELS)
    rate, mix = bars(figure)
    assert (mix.x[0], mix.width[0]) == (rate.x[0], rate.width[0]) == (1, 0.72)
    assert "service" not in said(figure)


LONG = ["Value-added: refund", "Broadband: installation", "September in all its length", "IoT: platform"]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("names", [LONG, [f"{name} {k}" for k in "abc" for name in LONG[:3]], ["5G", "4G"], LONG[:1]])
def test_no_word_of_a_name_is_parted(names: list[str], large: bool) -> None:
    rows = walls([(-0.5, 0.1)] * len(names)).assign(label=names)
    figure = waterfall(80, 80 - 0.4 * len(names), rows, look=Look(LOOK.catalogue, large=large), labels=LABELS)
    shown = [re.sub(r"<[^b][^>]*>|</?b>", "", a.text) for a in figure.layout.annotations]
    assert {n.replace(" ", "") for n in (*names, *LABELS)} <= {
        re.sub(r"<br>.*[\d.]$|<br>| ", "", text) for text in shown
    }  # fmt: skip


def test_many_segments_lie_down_with_their_numbers_in_columns() -> None:
    many = walls([(-0.1, 0.0)] * 8 + [(0.2, -0.3), (0.0, 0.1)]).assign(status=["both"] * 9 + ["new"])
    figure = waterfall(80, 79.2, many.assign(key=range(10)), look=LOOK, labels=LABELS)
    assert {bar.orientation for bar in bars(figure)} == {"h"}
    assert list(figure.data[-1].customdata) == list(range(10)) and list(figure.data[-1].y) == [
        -k for k in range(1, 11)
    ]
    shown = [w.strip() for w in words(figure)]
    assert shown.count("−0.10") == 17 and shown.count("–") == 9 and "new" in shown, "total and service; no mix"
    assert {"80.0", "79.2", *LABELS} <= set(shown) and "service" in said(figure) and "mix" in said(figure)


def test_no_change_draws_flat_steps_on_a_real_axis() -> None:
    figure = waterfall(84.7, 84.7, walls([(0.0, 0.0)]), look=LOOK, labels=LABELS)
    low, high = figure.layout.yaxis.range
    assert low < 84.7 < high
    assert "±0.00" in said(figure)

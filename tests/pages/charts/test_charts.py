"""The figures hold the numbers they were given, in the right place and colour, whatever the table looks like."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from itertools import pairwise, product
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.metric_kinds import Unit
from pages.charts import Level, Look, alt_text, pareto, power_bar, reason_bars, shaded, strip, target_bars, trend
from pages.charts.common import apart, folded, round_ticks, span
from pages.charts.look import DARK, LIGHT
from pages.charts.reasons import hue
from pages.charts.text_width import fitted, width
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.format import NBSP, spaced
from tests.pages.charts.figures import (
    BEFORE,
    CODES,
    GAINS,
    LABELS,
    LOOK,
    NOW,
    POWERS,
    REASONS,
    SCORES,
    SHARES,
    WEEKS,
    bars,
    figures,
    said,
    words,
)


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_figure_in_every_look(language: str, dark: bool, large: bool) -> None:
    look = Look(Catalogue.load(language), dark=dark, large=large)
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    plain = figures(Look(Catalogue.load(language), dark=dark))
    for name, figure in figures(look).items():
        assert figure.layout.height == pytest.approx(plain[name].layout.height * (1.2 if large else 1))
        assert alt_text(figure).strip()
        assert go.Figure(figure.to_dict()).layout.meta == figure.layout.meta, "each part is one that plotly knows"
        assert figure.layout.hovermode == "closest", "without hovering there is no clicking"
        colours = {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())}
        between = {hue(code, look).upper() for code in CODES}
        assert colours <= palette | between


def test_the_palettes_are_the_themes() -> None:
    theme = tomllib.loads((Path(__file__).parents[3] / ".streamlit/config.toml").read_text("utf-8"))["theme"]
    for palette, themed in ((LIGHT, theme["light"]), (DARK, theme["dark"])):
        drawn = [palette.loss, palette.gain, palette.neutral, palette.faint, palette.ink, palette.band,
                 palette.brand, palette.brand_pale, palette.quiet]  # fmt: skip
        assert drawn == themed["chartCategoricalColors"]
        assert palette.background == themed["backgroundColor"]
        assert (palette.loss_text, palette.gain_text) == (themed["orangeTextColor"], themed["blueTextColor"])


def test_pareto_draws_shares_and_contributions() -> None:
    figure = pareto(SHARES, look=LOOK)
    bar = bars(figure)[0]
    assert list(bar.x) == list(SHARES["contribution"])
    assert list(bar.marker.color) == [LIGHT.loss, LIGHT.faint, LIGHT.faint, LIGHT.faint]
    assert [s.x0 for s in figure.layout.shapes] == list(SHARES["share"])
    assert "37.3 % 1.24 × its share" in said(figure)
    assert "14.7 % 0.98 × its share" in said(figure)
    assert "3G 37.3 % of lost points, 30.0 % of answers" in spaced(alt_text(figure))


def test_pareto_answers_to_clicks_with_the_rows_key() -> None:
    figure = pareto(SHARES, look=LOOK)
    for trace in figure.data:
        assert list(trace.customdata) == ["k3", "k2", "kb", "kf"]
        assert trace.unselected.marker.opacity == 1
    assert [trace.hoverinfo for trace in figure.data] == ["text", "none"]
    before = len(figure.layout.shapes)
    assert len(shaded(figure, "nobody", LOOK).layout.shapes) == before
    shade = shaded(figure, "k2", LOOK).layout.shapes[-1]
    assert (shade.y0 + shade.y1) / 2 == -1 and shade.x0 < 0 and shade.x1 > 1, "the whole row, beyond the plot"
    assert list(pareto(SHARES.drop(columns="key"), look=LOOK).data[0].customdata) == ["3G", "2G", "宽带", "固话"]


def test_pareto_draws_the_intervals_that_are_there() -> None:
    spans = [(s.x0, s.x1) for s in pareto(SHARES, look=LOOK, intervals=True).layout.shapes if s.y0 == s.y1]
    assert spans == [(0.33, 0.41), (0.1, 0.2), (0.1, 0.2)]


def test_pareto_greys_few_answers() -> None:
    figure = pareto(SHARES.assign(n=[29, 800, 300, 300]), look=LOOK)
    assert bars(figure)[0].marker.color[0] == LIGHT.faint
    assert "n 29" in said(figure)


def test_forty_rows_become_twelve_and_lose_nothing() -> None:
    many = pd.DataFrame({"label": [f"s{i}" for i in range(40)], "share": 1 / 40, "contribution": 1 / 40, "n": 50})
    rows = folded(many, LOOK, add=("share", "contribution", "n"))
    assert len(rows) == 12
    assert rows[["share", "contribution", "n"]].sum().tolist() == pytest.approx([1, 1, 2000])
    figure = pareto(many.assign(index=1.0, contribution_low=nan, contribution_high=nan), look=LOOK)
    assert "others (29)" in said(figure)
    assert list(figure.data[-1].customdata) == [f"s{i}" for i in range(11)], "others cannot be clicked"
    assert "72.5 % 1.00 × its share" in said(figure)


@pytest.mark.parametrize("chart", [
    lambda rows: pareto(rows.assign(contribution_low=nan, contribution_high=nan), look=LOOK),
    lambda rows: reason_bars(rows.assign(power="unstated", lost=rows["contribution"]), look=LOOK),
])  # fmt: skip
def test_many_others_are_cut_and_squash_nothing(chart: Any) -> None:
    parts = [0.1] + [0.9 / 39] * 39
    figure = chart(pd.DataFrame({"label": [f"s{i}" for i in range(40)], "share": 1 / 40, "contribution": parts,
                                 "n": 50, "index": 1.0}))  # fmt: skip
    assert figure.layout.xaxis.range[1] == pytest.approx(0.1, rel=0.01)
    assert max(bars(figure)[0].x) == bars(figure)[0].x[-1] == 0.1, "the others reach the end, where they are cut"
    slanted = [s for s in figure.layout.shapes if s.x0 != s.x1 and s.y0 != s.y1]
    assert [(s.y0 + s.y1) / 2 for s in slanted] == [-11] and slanted[0].line.color == LIGHT.background
    assert "66.9 %" in said(figure) and "66.9 %" in spaced(alt_text(figure))
    assert all(s.x1 <= 0.1 for s in figure.layout.shapes), "no marker beyond the plot"


def test_few_others_are_drawn_whole() -> None:
    parts = [0.5] + [0.5 / 12] * 12
    rows = pd.DataFrame({"label": [f"s{i}" for i in range(13)], "share": 1 / 13, "contribution": parts, "n": 50})
    figure = pareto(rows.assign(index=1.0, contribution_low=nan, contribution_high=nan), look=LOOK)
    assert bars(figure)[0].x[-1] == pytest.approx(0.5 / 6)
    assert not [s for s in figure.layout.shapes if s.x0 != s.x1]


def test_thirteen_rows_do_not_hide_a_single_one_behind_others() -> None:
    rows = pd.DataFrame({"label": [f"s{i}" for i in range(13)], "gain": 1.0})
    assert folded(rows, LOOK, add=("gain",))["label"].iloc[-1] == "others (2)"
    assert len(folded(rows.iloc[:12], LOOK, add=("gain",))) == 12


def test_the_mean_of_others_is_weighted_and_leaves_out_the_withheld() -> None:
    rows = pd.DataFrame({"label": list("abc"), "n": [10, 30, 5], "score": [80.0, 90.0, nan]})
    others = folded(rows, LOOK, add=("n",), mean=("score",), most=1).iloc[0]
    assert (others["n"], others["score"]) == (45, pytest.approx(87.5))


def dots(figure: go.Figure) -> list[tuple[float, float, str]]:
    return [(t.x[0], t.y[0], t.marker.color) for t in figure.data if t.type == "scatter"]


def test_strip_draws_only_what_may_be_shown() -> None:
    figure = strip(SCORES, look=LOOK, labels=LABELS, target=86.0)
    full = [d for d in dots(figure) if d[2] != LIGHT.background]
    assert full == [(88.0, 0, LIGHT.neutral), (85.0, -1, LIGHT.neutral), (81.0, -3, LIGHT.loss)]
    assert [d[:2] for d in dots(figure) if d[2] == LIGHT.background] == [(88.0, 0), (84.5, -2), (84.0, -3)]
    assert [s.x0 for s in figure.layout.shapes if s.y0 == s.y1] == [86.9, 83.1, 79.4]
    shown = words(figure)
    assert "n < 10" in shown
    assert "▼ 3.0" in shown
    assert "±0.0" in shown
    assert " 83.0 " not in shown
    assert "target 86.0" in shown
    assert {"October", "September"} <= set(shown)


def test_strip_without_a_baseline_or_with_one_row() -> None:
    alone = SCORES.iloc[:1].assign(baseline_score=nan, change=nan)
    figure = strip(alone, look=LOOK, labels=LABELS)
    assert len(dots(figure)) == 1
    assert "October" not in words(figure)
    low, high = figure.layout.xaxis.range
    assert low < 86.9 < 89.1 < high


def test_strip_of_a_rate_has_percent() -> None:
    look = Look(Catalogue.load("en"), unit=Unit.RATE, lower_better=True)
    shown = words(strip(SCORES, look=look, target=86.0))
    assert " 81.0 % " in shown
    assert "target 86.0 %" in shown
    assert all(t.endswith(f"{NBSP}%") for t in strip(SCORES, look=look).layout.xaxis.ticktext)


def test_reasons_repeat_the_hues_of_the_powers() -> None:
    power = power_bar(REASONS.assign(label=POWERS), look=LOOK)
    reasons = reason_bars(REASONS.iloc[::-1], look=LOOK)
    assert [b.marker.color for b in bars(power)] == list(reversed(bars(reasons)[0].marker.color))
    assert len({b.marker.color for b in bars(power)}) == 3
    alone = power_bar(REASONS.assign(label=POWERS).iloc[[1]], look=LOOK)
    assert bars(alone)[0].marker.color == bars(power)[1].marker.color, "a power has one colour, whoever is beside it"
    assert "60.0 % 3.0 points lost" in said(reasons)


def test_power_bar_is_whole_and_names_narrow_parts_below() -> None:
    figure = power_bar(REASONS.assign(label=POWERS), look=LOOK)
    parts = bars(figure)
    assert [p.base[0] for p in parts] == pytest.approx([0, 0.6, 0.98])
    below = [w for a, w in zip(figure.layout.annotations, words(figure), strict=True) if a.y < 0]
    assert [re.sub(r"\s+", " ", w).strip() for w in below] == ["■ Not stated 2.0 %"]


def test_target_bars_are_gains_and_say_who_is_there() -> None:
    figure = target_bars(GAINS, look=LOOK)
    assert list(bars(figure)[0].marker.color) == [LIGHT.gain, LIGHT.faint]
    assert "+1.500" in said(figure)
    assert "−0.800 target met" in said(figure)


def test_trend_breaks_where_a_week_is_withheld() -> None:
    figure = trend(WEEKS, look=LOOK, current=NOW, baseline=BEFORE, target=86.0, verdict="loss")
    lines = [t for t in figure.data if t.fill is None and t.hoverinfo == "skip"]
    assert [list(t.y) for t in lines] == [[86.0, 87.0], [84.0]]
    assert [t.mode for t in lines] == ["lines", "markers"]
    levels = {(s.y0, s.line.color) for s in figure.layout.shapes}
    assert levels == {(86.3, LIGHT.quiet), (84.7, LIGHT.loss), (86.0, LIGHT.ink)}


def test_days_of_the_trend_that_are_still_open_are_grey_and_without_a_level() -> None:
    now = replace(NOW, open_from=date(2026, 10, 29))
    figure = trend(WEEKS, look=LOOK, current=now)
    (grey,) = [s for s in figure.layout.shapes if s.type == "rect"]
    assert (grey.x0, grey.x1, grey.fillcolor) == ("2026-10-29", "2026-11-01", LIGHT.band)
    (level,) = [s for s in figure.layout.shapes if s.type == "line"]
    assert level.x1.startswith("2026-10-29") and "grey: still open" in {a.text for a in figure.layout.annotations}


def test_labels_beside_the_trend_never_overlap() -> None:
    figure = trend(WEEKS, look=LOOK, current=Level("a", 86.0), baseline=Level("b", 86.01), target=86.02)
    beside = [a for a in figure.layout.annotations if a.xref == "paper" and a.yref == "y"]
    scale = (figure.layout.height - figure.layout.margin.t - figure.layout.margin.b) / (
        figure.layout.yaxis.range[1] - figure.layout.yaxis.range[0]
    )
    heights = sorted(a.y * scale + a.yshift for a in beside)
    assert len(heights) == 3
    assert all(b - a > 20 for a, b in pairwise(heights))


def test_trend_of_one_week_and_of_withheld_weeks() -> None:
    assert len(trend(WEEKS.iloc[:1], look=LOOK).data) == 3
    assert len(trend(WEEKS.iloc[2:3], look=LOOK).data) == 0


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=6), st.floats(1, 40))
def test_apart_keeps_order_and_distance(places: list[float], gap: float) -> None:
    moved = apart(places, gap)
    order = sorted(range(len(places)), key=places.__getitem__)
    assert all(moved[b] - moved[a] >= gap - 1e-6 for a, b in pairwise(order))
    assert sum(moved) == pytest.approx(sum(places), abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), max_size=5))
def test_a_span_is_never_empty_and_has_ticks(values: list[float]) -> None:
    low, high = span([*values, nan, None])
    assert high - low >= 0.99
    ticks = round_ticks(low, high)
    assert 3 <= len(ticks) <= 10
    assert all(low - 1e-6 <= t <= high + 1e-6 for t in ticks)


@pytest.mark.parametrize(
    "label", ["宽带装移机预约与改约服务（含企业客户专线及政企一体化）" * 2, "a" * 200, "ab " * 60, "3G"]
)
def test_long_labels_are_cut_to_the_room(label: str) -> None:
    lines = fitted(label, 120, 15).split("<br>")
    assert len(lines) <= 2
    assert all(width(line, 15) <= 120 for line in lines)
    assert (lines[-1][-1] == "…") == (label != "3G")


def test_markup_in_data_is_shown_and_not_obeyed() -> None:
    rows = SHARES.assign(label=["<b>A</b>", "B & C", "", "d"])
    shown: list[Any] = [a.text for a in pareto(rows, look=LOOK).layout.annotations]
    assert "&lt;b&gt;A&lt;/b&gt;" in shown
    assert "B &amp; C" in shown

"""The figures of a trace hold their numbers, name their marks, and lay no mark or word on another."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from math import nan

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.charts import Level, Look, alt_text, before_after, heat_map, kept_bars, timeline
from pages.charts.event_marks import _WIDE, LANE
from pages.charts.look import DARK, LIGHT
from pages.charts.text_width import width
from pages.charts.timeline import _PLOT
from pages.words.catalogue import LANGUAGES, Catalogue
from pages.words.format import spaced
from tests.proof import examples

from .figures import BEFORE, LOOK, NOW, bars, said, words

EN = Catalogue.load("en")
STEPS = pd.DataFrame({  # f1_hotline: everything, 3G, waiting, month start and end
    "label": ["All", "3G", "Waiting, busy", "days 1–3, 28–31"], "key": [0, 1, 2, 3], "n": [2000, 600, 130, 78],
    "kept": [nan, 1.0, 422 / 1140, 253 / 1140], "kept_of_all": [1.0, 1140 / 3060, 422 / 3060, 253 / 3060],
    "lost_raw": [3060.0, 1140.0, 422.0, 253.0],
})  # fmt: skip
CELLS = pd.DataFrame({
    "day": [1, 1, 2, 28, 31], "hour": [9, 10, 9, 10, 12], "n": [40, 30, 20, 30, 0],
    "contribution": [0.5, 0.2, 0.0, 0.3, 0.0],
})  # fmt: skip
DAYS = pd.DataFrame({
    "start": pd.date_range("2026-09-01", "2026-10-31").date, "n": 65, "score": [86.0] * 30 + [84.0] * 31,
    "low": [83.0] * 30 + [81.0] * 31, "high": [89.0] * 30 + [87.0] * 31,
})  # fmt: skip
EVENTS = pd.DataFrame({
    "date": pd.to_datetime(["2026-10-05", "2026-09-12", "2026-09-14"]),
    "until": [pd.NaT, pd.NaT, pd.Timestamp("2026-10-08")], "label": ["Rule BR-117", "Fibre cut", "<b>Offer</b>"],
})  # fmt: skip
SIDES = pd.DataFrame({
    "label": ["3G, charges", "All others", "Difference"], "n0": [410, 1590, nan], "n1": [602, 1402, nan],
    "score0": [84.0, 86.5, nan], "score1": [79.6, 86.9, nan], "change": [-4.4, 0.4, -4.8],
    "low": [-6.9, -1.6, -7.6], "high": [-1.9, 2.4, -2.0],
})  # fmt: skip
DATES = ("28 days before", "28 days after")


def figures(look: Look) -> dict[str, go.Figure]:
    return {
        "kept": kept_bars(STEPS, look=look),
        "heat": heat_map(CELLS, look=look),
        "withheld": heat_map(CELLS.assign(contribution=[0.5, nan, 0.2, nan, nan]), look=look),
        "timeline": timeline(DAYS, EVENTS, look=look, current=NOW, baseline=BEFORE),
        "before_after": before_after(SIDES, look=look, labels=DATES, verdict="loss"),
    }


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_figure_in_every_look(language: str, dark: bool, large: bool) -> None:
    catalogue = Catalogue.load(language)
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    plain = figures(Look(catalogue, dark=dark))
    for name, figure in figures(Look(catalogue, dark=dark, large=large)).items():
        assert figure.layout.height == pytest.approx(plain[name].layout.height * (1.2 if large else 1)), name
        assert alt_text(figure).strip()
        assert {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())} <= palette


def test_kept_bars_shrink_and_say_both_parts_and_the_points() -> None:
    figure = kept_bars(STEPS, look=LOOK)
    bar = bars(figure)[0]
    assert list(bar.x) == list(STEPS["kept"][1:])
    assert list(bar.marker.color) == [LIGHT.faint, LIGHT.brand_pale, LIGHT.loss]
    told = said(figure)
    for part in ("100.0 % · 1,140", "37.0 % · 422", "22.2 % · 253", "37.3 %", "13.8 %", "8.3 %", "600", "78"):
        assert part in told
    assert list(figure.data[-1].customdata) == [1, 2, 3], "the whole is no step to go back to"
    assert "Waiting, busy 37.0 %, 422 points lost, 13.8 % of all lost points, 130 answers" in spaced(alt_text(figure))


def test_the_last_step_of_few_answers_has_no_colour() -> None:
    assert LIGHT.loss not in bars(kept_bars(STEPS.assign(n=29), look=LOOK))[0].marker.color


def test_a_single_step_is_where_it_lies_and_parts_of_an_answer_have_a_decimal() -> None:
    figure = kept_bars(STEPS.iloc[1:2].assign(lost_raw=1140.5), look=LOOK)
    assert list(bars(figure)[0].marker.color) == [LIGHT.loss]
    assert "1,140.5" in said(figure)


def test_heat_map_fills_known_cells_and_draws_no_others() -> None:
    figure = heat_map(CELLS, look=LOOK)
    cells = figure.data[0]
    assert list(zip(cells.x, cells.base + 0.45, cells.marker.color, strict=True)) == [
        (1, 9, pytest.approx(0.5 - 40 / 120)), (1, 10, pytest.approx(0.2 - 30 / 120)),
        (2, 9, pytest.approx(-20 / 120)), (28, 10, pytest.approx(0.3 - 30 / 120))]  # fmt: skip
    assert (cells.marker.cmin, cells.marker.cmax) == (pytest.approx(-1 / 6), pytest.approx(1 / 6))
    assert [colour for _, colour in cells.marker.colorscale] == [LIGHT.gain, LIGHT.band, LIGHT.loss]
    assert tuple(figure.layout.yaxis.range) == (10.5, 8.5), "the day begins at the top, empty hours are left out"
    assert list(cells.customdata) == [0, 1, 2, 3], "a click answers with the row"
    assert len(figure.data[1].x) == 0
    assert spaced(alt_text(figure)).startswith(
        "Lost points by day of the month and hour, furthest beyond the share of the answers at: day 1, 9:00: 50.0 %"
    )


def test_the_edges_sum_days_and_hours_and_name_the_largest() -> None:
    figure = heat_map(CELLS, look=LOOK)
    days = {(s.x0 + s.x1) / 2: s.y1 - s.y0 for s in figure.layout.shapes if s.xref == "x"}
    hours = {(s.y0 + s.y1) / 2: s.x1 - s.x0 for s in figure.layout.shapes if s.yref == "y"}
    assert {k: v / days[1] for k, v in days.items()} == pytest.approx({1: 1.0, 28: 0.05 / (0.7 - 70 / 120)})
    assert not hours, "both hours lose as much as their share"
    assert {"+11.7 pp"} <= {word.strip() for word in words(figure)}


def test_withheld_cells_are_hatched_and_nothing_is_summed_over_them() -> None:
    figure = heat_map(CELLS.assign(contribution=[0.5, nan, 0.2, nan, nan]), look=LOOK)
    hatched = figure.data[1]
    assert list(hatched.x) == [1, 28] and hatched.marker.pattern.shape == "/"
    assert list(figure.data[0].marker.color) == pytest.approx([0.5 - 40 / 120, 0.2 - 20 / 120])
    assert len(figure.layout.shapes) == 0 and "n < 10" in said(figure)


def test_a_day_without_loss_is_drawn_all_the_same() -> None:
    figure = heat_map(CELLS.assign(contribution=0.0), look=LOOK)
    assert len(figure.data[0].x) == 4 and not figure.data[0].marker.showscale
    assert len(heat_map(CELLS.iloc[:0], look=LOOK).data[0].x) == 0


def test_events_are_numbered_by_date_and_explained_below() -> None:
    figure = timeline(DAYS, EVENTS, look=LOOK, current=NOW, baseline=BEFORE)
    told = [word.strip() for word in words(figure)]
    assert [t for t in told if t.isdigit() and len(t) == 1] == ["1", "2", "3"] * 2
    assert [t for t in told if "2026" in t] == ["12 Sep 2026  Fibre cut", "14 Sep 2026  &lt;b&gt;Offer&lt;/b&gt;",
                                                "5 Oct 2026  Rule BR-117"]  # fmt: skip
    assert "October 84.7" in said(figure) and "September 86.3" in said(figure)
    spans = [s for s in figure.layout.shapes if s.y0 == s.y1 and s.line.width == 6]
    assert [(s.x0[:10], s.x1[:10]) for s in spans] == [("2026-09-14", "2026-10-08")]
    levels = [(s.y0, s.x0[:10], s.x1[:10]) for s in figure.layout.shapes if s.line.width == 4]
    assert levels == [(86.3, "2026-09-01", "2026-10-01"), (84.7, "2026-10-01", "2026-11-01")]
    assert "1 Sep 2026 to 31 Oct 2026" in spaced(alt_text(figure)) and "Rule BR-117" in alt_text(figure)


def test_without_events_there_is_no_legend() -> None:
    figure = timeline(DAYS, EVENTS.iloc[:0], look=LOOK)
    plain = timeline(DAYS, EVENTS.iloc[:1], look=LOOK)
    assert figure.layout.height < plain.layout.height and "2026" not in said(figure)


def test_events_that_do_not_fit_are_counted() -> None:
    many = pd.DataFrame({"date": pd.date_range("2026-09-01", periods=15), "label": [f"event {i}" for i in range(15)]})
    told = said(timeline(DAYS, many, look=LOOK))
    assert "event 11" in told and "event 12" not in told and "others (3)" in told


def test_a_withheld_day_breaks_the_line() -> None:
    gap = DAYS.assign(score=DAYS["score"].where(DAYS.index != 20))
    lines = [t for t in timeline(gap, EVENTS, look=LOOK).data if t.mode == "lines" and t.fill is None]
    assert [len(t.x) for t in lines] == [20, 40]


@examples(20)
@given(st.lists(st.dates(date(2026, 8, 1), date(2026, 12, 1)), min_size=1, max_size=12), st.booleans())
def test_no_mark_lies_on_another(dates: list[date], large: bool) -> None:
    look = Look(EN, large=large)
    events = pd.DataFrame({"date": pd.to_datetime(dates), "label": "event"})
    figure = timeline(DAYS, events, look=look, current=NOW, baseline=BEFORE)
    plates = [w for w in figure.layout.annotations if w.bgcolor == LIGHT.ink and w.yref == "y"]
    assert len(plates) == len(dates)
    room = 880 - figure.layout.margin.l - figure.layout.margin.r
    first, last = (pd.Timestamp(edge) for edge in figure.layout.xaxis.range)
    low, high = figure.layout.yaxis.range
    tall = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    places = [
        ((pd.Timestamp(w.x) - first) / (last - first) * room, (w.y - low) / (high - low) * tall) for w in plates
    ]
    for i, (x, y) in enumerate(places):
        assert 0 <= x <= room and look.px(_PLOT) < y < tall
        for other_x, other_y in places[i + 1 :]:
            assert abs(x - other_x) >= look.px(_WIDE) - 1e-6 or abs(y - other_y) > look.px(LANE) - 1e-6


def test_before_and_after_stand_as_hollow_and_full_dots_with_their_change() -> None:
    figure = before_after(SIDES, look=LOOK, labels=DATES, verdict="loss")
    dots = [(t.x[0], t.y[0], t.marker.color) for t in figure.data if t.type == "scatter"]
    assert dots == [(84.0, 0, LIGHT.background), (79.6, 0, LIGHT.loss), (86.5, -1, LIGHT.background),
                    (86.9, -1, LIGHT.neutral)]  # fmt: skip
    told = said(figure)
    for part in ("−4.4", "[−6.9, −1.9]", "410 → 602", "−4.8", "[−7.6, −2.0]", "○ 28 days before", "● 28 days after"):
        assert part in told
    coloured = {re.sub("<[^>]*>", "", w.text) for w in figure.layout.annotations if w.font.color == LIGHT.loss_text}
    assert coloured == {"79.6", "−4.4", "−4.8"}


def test_without_a_verdict_nothing_is_coloured() -> None:
    figure = before_after(SIDES, look=LOOK)
    assert LIGHT.loss not in figure.to_json() and "○ before ● after" in said(figure)


def test_too_few_answers_have_no_change() -> None:
    few = SIDES.iloc[:2].assign(n0=[9, 1590], score0=[nan, 86.5], score1=[nan, 86.9], change=[nan, 0.4])
    assert "n < 10" in said(before_after(few, look=LOOK, labels=DATES))


@pytest.mark.parametrize("large", [False, True])
def test_scores_beside_the_dots_stay_within_the_plot(large: bool) -> None:
    figure = before_after(SIDES, look=Look(EN, large=large), labels=DATES)
    room = 880 - figure.layout.margin.l - figure.layout.margin.r
    low, high = figure.layout.xaxis.range
    for w in figure.layout.annotations:
        if w.xref == "x" and w.yref == "y":
            at, wide = (w.x - low) / (high - low) * room + w.xshift, width(re.sub("<[^>]*>", "", w.text), w.font.size)
            left = at - wide if w.xanchor == "right" else at
            assert left >= -1 and left + wide <= room + 1, w.text


def test_a_level_is_drawn_over_all_days_when_it_has_none_of_its_own() -> None:
    figure = timeline(DAYS, EVENTS, look=LOOK, current=Level("all", 85.0))
    assert [(s.x0[:10], s.x1[:10]) for s in figure.layout.shapes if s.line.width == 4] == [
        ("2026-09-01", "2026-11-01")
    ]

"""The figures of the register of plans: every look, what is late and what is promised, twelve marks at most."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from math import nan

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.charts import Bar, Look, Step, alt_text, calibration, gantt, portfolio
from pages.charts.look import DARK, LIGHT
from pages.words.catalogue import LANGUAGES, Catalogue

from .figures import LOOK, bars, said

TODAY = date(2026, 11, 30)
PLANS = [
    Bar("a", "短信提示", date(2026, 9, 1), date(2026, 11, 18), "running", late=TODAY, check=date(2027, 1, 9),
        steps=(Step("Text agreed", date(2026, 10, 1), done=True), Step("<b>Live</b>", date(2026, 11, 10))),
        note="12 days overdue"),
    Bar("b", "Roster by billing days", date(2026, 12, 5), date(2026, 12, 24), "ahead", note="due 24 Dec"),
    Bar("c", "Training", date(2026, 5, 1), date(2026, 7, 1), "over", note="Effective"),
]  # fmt: skip
BLOCKS = pd.DataFrame({
    "label": ["Bot flow", "Training", "No block"], "key": ["bot_flow", "training", "none"], "plans": [3, 2, 1],
    "lost": [1.42, 0.91, 0.0], "lift": [1.22, 0.3, 0.0], "promised": [3, 2, 0], "cumulative": [0.8, 1.0, 1.0],
})  # fmt: skip
PROMISES = pd.DataFrame({
    "label": ["Less", "More", "Unsure", "No interval"], "key": ["l", "m", "u", "n"],
    "promised": [0.5, 0.2, 0.3, 0.3], "verified": [0.1, 0.6, 0.4, 0.2],
    "low": [-0.1, 0.4, 0.1, nan], "high": [0.3, 0.8, 0.7, nan],
})  # fmt: skip


def figures(look: Look) -> dict[str, go.Figure]:
    return {
        "gantt": gantt(PLANS, look=look, today=TODAY),
        "portfolio": portfolio(BLOCKS, look=look),
        "calibration": calibration(PROMISES, look=look),
    }


@pytest.mark.parametrize(("language", "dark", "large"), [*product(LANGUAGES, (False, True), (False, True))])
def test_every_figure_in_every_look(language: str, dark: bool, large: bool) -> None:
    palette = {c.upper() for c in vars(DARK if dark else LIGHT).values()}
    for name, figure in figures(Look(Catalogue.load(language), dark=dark, large=large)).items():
        assert alt_text(figure).strip() and "NaN" not in said(figure), name
        assert {c.upper() for c in re.findall("#[0-9A-Fa-f]{6}", figure.to_json())} <= palette


def test_lateness_is_orange_from_the_due_date_to_today() -> None:
    figure = gantt(PLANS, look=LOOK, today=TODAY)
    late = [(s.x0, s.x1) for s in figure.layout.shapes if s.fillcolor == LIGHT.loss]
    assert late == [(date(2026, 11, 18).toordinal(), TODAY.toordinal())]
    open_step = next(t for t in figure.data if t.x[0] == date(2026, 11, 10).toordinal())
    assert (open_step.marker.color, open_step.marker.line.color) == (LIGHT.background, LIGHT.loss)
    assert "12 days overdue" in said(figure) and "today, 30 Nov" in said(figure)
    assert "Text agreed 1 Oct 2026" in alt_text(figure).replace("\u00a0", " ")
    assert list(figure.data[-1].customdata) == ["a", "b", "c"]


def test_twelve_bars_then_others_and_a_far_date_squashes_nothing() -> None:
    many = [Bar(str(i), f"plan {i}", TODAY, TODAY + timedelta(days=i), "ahead") for i in range(14)]
    figure = gantt([Bar("x", "far", TODAY, date(2099, 1, 1), "ahead"), *many], look=LOOK, today=TODAY)
    assert "others (4)" in said(figure) and "plan 10" not in said(figure)
    assert figure.layout.xaxis.range[1] < (TODAY + timedelta(days=450)).toordinal()
    large = gantt(many, look=replace(LOOK, large=True), today=TODAY)
    assert "others (8)" in said(large)  # seven bars in large text, all of them on a shared screen


def test_blocks_show_what_is_lost_and_what_is_promised() -> None:
    figure = portfolio(BLOCKS, look=LOOK)
    lost, lift = bars(figure)[:2]
    assert list(lost.x) == [1.42, 0.91, 0.0] and list(lift.x) == [1.22, 0.3, 0.0]
    told = said(figure)
    assert "1.42" in told and "+1.22" in told and "80.0 %" in told.replace("\u00a0", " ") and "–" in told


def test_promises_are_coloured_only_beyond_chance() -> None:
    figure = calibration(PROMISES, look=LOOK)
    colours = {trace.customdata[0]: trace.marker.color for trace in figure.data}
    assert colours == {"l": LIGHT.loss, "m": LIGHT.gain, "u": LIGHT.neutral, "n": LIGHT.neutral}
    assert "promised +0.50, verified +0.10" in said(figure)

"""Days on a control chart as they are drawn, and the round signs of how they vary."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis.monitor.charts.icons import Assurance, Variation
from pages.charts import Look, control
from pages.charts.drawing import alt_text
from pages.charts.variation_icons import assurance_icon, variation_icon
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.pages.charts.figures import LOOK

DAYS = 40
MARKS = pd.DataFrame({"date": ["2026-09-20", "2026-10-02"], "label": ["New fee <b>rule</b>", "Plan: call back"]})


def days() -> pd.DataFrame:
    """28 days that make the limits, ten judged of which two are worse and one better, one small, one withheld."""
    value = 85 + np.tile([1.0, -1.0], DAYS // 2)
    value[30:32], value[33], value[39] = 70, 98, np.nan
    variation = ["common"] * DAYS
    variation[30], variation[31], variation[33] = "concerning_low", "concerning_low", "improving_high"
    rules = ["" if v == "common" else "beyond_down" if "low" in v else "beyond_up" for v in variation]
    state = ["baseline"] * 28 + ["judged"] * 12
    state[38] = state[39] = "few"
    low, high = np.full(DAYS, 78.0), np.full(DAYS, 92.0)
    low[38] = 20.0
    time = pd.date_range("2026-09-01", periods=DAYS).strftime("%Y-%m-%d")
    return pd.DataFrame({
        "time": time, "n": 50.0, "value": value, "center": 85.0, "low": low, "high": high, "ewma": 85.0,
        "rules": rules, "variation": variation, "state": state,
    })  # fmt: skip


def points(figure: go.Figure) -> dict[str, Any]:
    """By day the form, colour and edge of its point."""
    (trace,) = (t for t in figure.data if t.mode == "markers" and t.hoverinfo == "skip")
    looks = zip(trace.marker.symbol, trace.marker.color, trace.marker.line.color, strict=True)
    return {str(day)[:10]: look for day, look in zip(trace.x, looks, strict=True)}


@pytest.mark.parametrize("lower_better", [False, True])
def test_what_is_more_than_chance_has_a_form_and_a_colour(lower_better: bool) -> None:
    look = replace(LOOK, lower_better=lower_better)
    found, palette = points(control(days(), look=look)), look.palette
    assert found["2026-10-01"] == ("triangle-down", palette.loss, palette.background)
    assert found["2026-10-04"] == ("triangle-up", palette.gain, palette.background)
    assert found["2026-10-05"][:2] == ("circle", palette.neutral)
    assert found["2026-10-09"] == ("circle", palette.background, palette.neutral)
    assert "2026-10-10" not in found


def test_each_day_says_what_it_is() -> None:
    figure = control(days(), look=LOOK)
    said = {str(x)[:10]: text for t in figure.data if t.hovertext for x, text in zip(t.x, t.hovertext, strict=True)}
    plain = {day: re.sub("<br>", " ", text) for day, text in said.items()}
    assert "70.0 from 50 answers, expected 85.0 (78.0 to 92.0); below the lower limit" in plain["2026-10-01"]
    assert "too few answers to be judged" in plain["2026-10-09"]
    assert "below the lower limit" in alt_text(figure)


def test_a_small_day_does_not_squash_the_others() -> None:
    low, high = control(days(), look=LOOK, target=88.0).layout.yaxis.range
    assert 60 < low < 70 and 98 < high < 110


def test_events_are_numbered_and_their_names_are_no_markup() -> None:
    figure = control(days(), look=LOOK, marks=MARKS)
    texts = [a.text for a in figure.layout.annotations]
    assert any("New fee <b>rule</b>" in text or "New fee &lt;b" in text for text in texts)
    assert sum("&nbsp;1&nbsp;" in text for text in texts) == 2
    assert figure.layout.height > control(days(), look=LOOK).layout.height


def test_the_key_names_only_what_is_there() -> None:
    calm = days().assign(variation="common", rules="", state="judged")
    told = " ".join(a.text for a in control(calm, look=LOOK).layout.annotations)
    assert "worse than chance" not in told and "too few" not in told and "moving average" not in told
    told = " ".join(a.text for a in control(days(), look=LOOK, average=True).layout.annotations)
    assert all(words in told for words in ("worse than chance", "better than chance", "too few", "moving average"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dark", [False, True])
def test_signs_are_pictures_with_words(language: str, dark: bool) -> None:
    look = Look(Catalogue.load(language), dark=dark)
    signs = {f"variation.{v}": variation_icon(v, look) for v in Variation}
    signs |= {f"assurance.{a}": assurance_icon(a, look) for a in Assurance if a is not Assurance.NO_TARGET}
    for key, sign in signs.items():
        assert ElementTree.fromstring(sign).get("aria-label") == look.catalogue.text(f"control_chart.{key}")
    assert len(set(signs.values())) == len(signs)
    assert assurance_icon(Assurance.NO_TARGET, look) == ""


def test_signs_differ_without_colour() -> None:
    shapes = {re.sub("#[0-9A-F]{6}", "", variation_icon(v, LOOK).split("</title>")[1]) for v in Variation}
    assert len(shapes) == 3  # steady, up, down: which of up and down is better is said by colour and in words
    met, missed = (assurance_icon(a, LOOK) for a in (Assurance.PASSING, Assurance.FAILING))
    upside_down = assurance_icon(Assurance.PASSING, replace(LOOK, lower_better=True))
    assert "M12 22" in met and "M12 45" in missed and "M12 45" in upside_down

"""What a verdict says where treated and control moved alike: no 0.0 points of progress or loss."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.effect.asked import Asked
from analysis.effect.before import Before
from analysis.effect.did import Estimated
from analysis.effect.few_clusters import NO_OPINIONS
from analysis.effect.findings import findings
from analysis.effect.guardrails import COLUMNS
from analysis.effect.judged import Judged, Terms
from analysis.effect.looks import Look, Stage
from analysis.effect.verdict import Needed, verdict_of
from data_access.metric_kinds import Unit
from data_access.selection import Period, Selection
from pages.words.catalogue import LANGUAGES, Catalogue
from tests.analysis.effect.test_of_plan import MODEL

START = date(2026, 9, 1)


def _said(value: float, low: float, high: float, design: str = "did") -> str:
    """The key of the verdict, which reads in every language."""
    effect = Estimated(value, (high - low) / 4, 8.0, low, high, 0.04, 12, 6, (0.1, 0.1))
    rows = pd.DataFrame({"n": [500.0]})
    verdict = Judged(
        verdict_of(value, low, high, 1.0), effect, value, NO_OPINIONS, Before(np.array([True])), (),
        Needed(math.nan, math.nan), rows, np.array([True]), Look(date(2026, 12, 1), Stage.PLANNED),
    )  # fmt: skip
    question = Asked(
        selection=Selection("score"), metric=MODEL.metric("score"), treated={}, control={}, filters=(), unit="team",
        cluster="team", whole=Period(date(2026, 6, 1), date(2026, 12, 1)), start=START, starts={}, baseline=None,
        noticed=None, check_on=None, smallest=None, guardrails=(), design=design, planned_share=0.5, options={},
    )  # fmt: skip
    first = findings(verdict, question, Terms(start=START, smallest=1.0), pd.DataFrame(columns=COLUMNS))[0]
    assert MODEL.metric("score").unit is Unit.POINTS
    texts = [Catalogue.load(language).say(first) for language in LANGUAGES]
    assert all("0.0" in text for text in texts) is (abs(value) < 0.05)
    return first.key


@pytest.mark.parametrize("value", [0.0, 0.04, -0.04])
def test_what_moved_alike_neither_improved_nor_fell_behind(value: float) -> None:
    assert _said(value, -0.6, 0.6) == "effect.not_effective_same"
    assert _said(value, -2.6, 2.6) == "effect.chance_same"
    assert _said(value, math.nan, math.nan) == "effect.alone_same"
    for design in ("cohorts", "series", "arms"):
        assert _said(value, -2.6, 2.6, design) == "effect.chance_same"


def test_what_shows_is_more_or_less() -> None:
    assert _said(0.06, -0.6, 0.6) == "effect.not_effective_more"
    assert _said(-0.06, -2.6, 2.6) == "effect.chance_less"

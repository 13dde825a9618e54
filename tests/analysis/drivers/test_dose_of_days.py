"""Answers that fall over days, on the public e-commerce file: bins follow them, the knee is tested against none.

Once it said "beyond 1,022 s ... ±0.0 points" of them: a line in seconds hung on the few that waited for days.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.drivers.dose import dose
from analysis.result import Result
from data_access.selection import Selection
from pages.words.catalogue import Catalogue
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 5], formula = "rescaled" }
[dimensions]
channel = { column = "channel" }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
"""
DAY = 86_400


@pytest.fixture(scope="module")
def answers(shared: Path) -> pd.DataFrame:
    files = sorted((shared / "data" / "ecommerce_support_csat").glob("*.csv"))
    if not files:
        pytest.skip("the public e-commerce file is not here")
    raw = pd.read_csv(files[0])
    asked, answered = (
        pd.to_datetime(raw[name], format="%d/%m/%Y %H:%M") for name in ("Issue_reported at", "issue_responded")
    )
    return pd.DataFrame({
        "wait": (answered - asked).dt.total_seconds(), "score": raw["CSAT Score"], "channel": raw["channel_name"],
    })  # fmt: skip


@pytest.fixture(scope="module")
def found(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> Result:
    return dose(warehouse_of(answers, MODEL), Selection(), driver="wait")


def test_bins_follow_the_answers(found: Result, answers: pd.DataFrame) -> None:
    """Each bin's mean by hand; no bin but a value that many share is much larger than a twentieth."""
    for row in found.table.itertuples():
        own = answers[answers["wait"].between(row.low, row.high)]
        assert len(own) == row.n
        assert row.score == pytest.approx(25 * (own["score"].mean() - 1))
        assert row.n < 1.5 * len(answers) / 20 or row.high - row.low <= 60
    assert found.table["high"].iloc[-1] > DAY and found.table["high"].iloc[0] < 120
    assert found.table["score"].iloc[-1] < found.table["score"].iloc[0] - 20


def test_the_fall_is_scipys_by_doublings(found: Result, answers: pd.DataFrame) -> None:
    s = found.statistics
    line = stats.linregress(np.log2(answers["wait"].clip(lower=s["log_from"])), 25 * (answers["score"] - 1))
    assert s["slope"] == pytest.approx(line.slope, rel=0.05)
    assert s["trend_p"] < 1e-20 and line.pvalue < 1e-20
    said = Catalogue.load("en").say(found.findings[0])
    assert "doubling" in said and "±0.0" not in said


def test_the_knee_is_tested_against_none(found: Result, answers: pd.DataFrame) -> None:
    """F of two lines against one, of all answers at their own place: the p for the best of all places is larger."""
    s = found.statistics
    x, y = np.log2(answers["wait"].clip(lower=s["log_from"])), 25 * (answers["score"] - 1.0)
    one, two = (
        np.column_stack([np.ones(len(x)), x, *more]) for more in ((), (np.maximum(x - np.log2(s["knee_at"]), 0),))
    )
    left = [float(np.sum((y - m @ np.linalg.lstsq(m, y)[0]) ** 2)) for m in (one, two)]
    f = (left[0] - left[1]) / (left[1] / (len(x) - 3))
    assert stats.f.sf(f, 1, len(x) - 3) < s["p"] <= 1
    assert s["improves"] == (s["p"] < 0.05)


@pytest.mark.parametrize("bend", [False, True])
def test_a_knee_is_found_where_one_is(warehouse_of: MakeWarehouse, bend: bool) -> None:
    """Nothing is lost up to ten minutes, then five points a doubling; or two points a doubling all the way."""
    rng, n = np.random.default_rng(3), 8_000
    wait = np.exp(rng.normal(np.log(600), 2.0, n)).round()
    doublings = np.log2(np.maximum(wait, 1)) - np.log2(600)
    lost = 5 * np.maximum(doublings, 0) if bend else 2 * (doublings + 8)
    score = 1 + (95 - lost + rng.normal(0, 8, n)).clip(0, 100) / 25
    rows = pd.DataFrame({"wait": wait, "score": score.round(1), "channel": "web"})
    s = dose(warehouse_of(rows, MODEL), Selection(), driver="wait").statistics
    assert s["log_from"] > 0
    assert bool(s["improves"]) is bend
    if bend:
        assert s["knee_low"] < 600 < s["knee_high"] and s["knee_high"] < 3 * 600

"""Answers in clusters and with survey weights: the error is the design's, never that of so many single answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.contrast import contrast
from data_access.selection import Selection
from tests.analysis.matrices import by_matrices
from tests.analysis.stats.golden import Case

from .houses import OCTOBER, SEPTEMBER

ALL = Selection("score")
PERIODS = Selection("score", OCTOBER, SEPTEMBER)


def test_survey_weights_of_a_mean(csat_as: SimpleNamespace) -> None:
    """The design's own error, not that of so many counted answers."""
    case = Case("survey_weighted_means")
    row = contrast(csat_as.weighted, ALL, against="70").parts["pairs"].iloc[0]
    told = {"mean": (row["difference"] + 70) / 10, "se": row["difference"] / row["statistic"] / 10}
    assert told == {key: case.close(value) for key, value in case.expected["csat_weighted"].items()}


@pytest.mark.parametrize("metric", ["score", "resolved"])
@pytest.mark.parametrize(
    "asked",
    [{"by": ["channel"]}, {"by": ["two"]}, {"by": ["channel"], "question": "rest"}, {"against": "60"},
     {"by": ["channel"], "against": "80"}],
)  # fmt: skip
def test_weights_a_thousand_times_as_large_say_the_same(
    metric: str, asked: dict[str, Any], csat_as: SimpleNamespace
) -> None:
    one, two = (contrast(w, Selection(metric), **asked).parts["pairs"] for w in (csat_as.weighted, csat_as.heavy))
    plain = contrast(csat_as.plain, Selection(metric), **asked).parts["pairs"]
    numbers = ["difference", "low", "high", "p", "p_adjusted", "effect"]
    pd.testing.assert_frame_equal(one[numbers], two[numbers], rtol=1e-7)
    width = [(frame["high_raw"] - frame["low_raw"]).mean() for frame in (one, plain)]
    assert width[0] > width[1]  # answers of unequal weight tell less than as many alike


def test_a_change_beyond_the_rest_with_agents(csat_as: SimpleNamespace, csat: pd.DataFrame) -> None:
    """Four means with one agent in all of them: CR2 by whole matrices."""
    found = contrast(csat_as.agents, PERIODS, by=["two"]).parts["pairs"]
    phone = found[found["a"] == ("phone",)].iloc[0]
    group = 2 * (csat["two"] != "phone").to_numpy() + (csat["period"] == "P1").to_numpy()
    x, signs = 10.0 * csat["score10"].to_numpy(), np.array([1.0, -1.0, -1.0, 1.0])
    error, df, _ = by_matrices(x, group.astype(int), pd.factorize(csat["agent"])[0], np.ones(len(x)), signs)
    value = sum(sign * x[group == k].mean() for k, sign in enumerate(signs))
    assert phone["rest_difference"] == pytest.approx(value, rel=1e-9)
    assert phone["rest_p"] == pytest.approx(2 * stats.t.sf(abs(value) / error, df), rel=1e-6)

"""How good predictions are, as R 4.2.2 (glm, pROC 1.18.0) says it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from analysis.stats.logit import logit, skill
from analysis.stats.predictions import brier_gain, groups

GOLDEN = Path(__file__).parents[2] / "golden"
CASE = json.loads((GOLDEN / "churn_calibration.json").read_text())
EXPECTED, LIMITS = CASE["expected"], CASE["tolerance"]


def close(value: float, name: str) -> bool:
    return bool(value == pytest.approx(EXPECTED[name], rel=LIMITS["rel"], abs=LIMITS["abs"]))


def test_churn_calibration() -> None:
    rows = pd.read_csv(GOLDEN / CASE["data_file"])
    x = np.column_stack([rows["osat"], rows["nps"], *((rows["channel"] == c) for c in ("chat", "email", "shop"))])
    x, churned = x.astype(float), rows["churn"].to_numpy(dtype=float)
    learn = (rows["id"] % 2 == 1).to_numpy()
    names = ["osat", "nps", "channelchat", "channelemail", "channelshop"]
    fit = logit(names, x[learn], churned[learn], 1 - churned[learn])
    expected = [EXPECTED["coef"][name] for name in ("(Intercept)", *names)]
    assert fit.coefficients.tolist() == pytest.approx(expected, rel=LIMITS["rel"], abs=LIMITS["abs"])
    share, came = expit(np.column_stack([np.ones(len(x)), x])[~learn] @ fit.coefficients), churned[~learn]
    found = skill(share, came, 1 - came)
    assert close(found.auc, "auc") and close(found.brier, "brier")
    interval = [found.auc_interval.low, found.auc_interval.high]
    assert interval == pytest.approx(EXPECTED["auc_ci95_delong"], rel=LIMITS["rel"])
    assert close(found.slope, "calibration_slope") and close(found.intercept, "calibration_intercept_joint")
    assert close(groups(share, came).error, "ece10")
    assert close(found.brier + brier_gain(share, came)[0], "brier_reference")
    assert close(float(share.mean()), "mean_pred") and close(float(came.mean()), "mean_obs")

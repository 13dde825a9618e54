"""A year of contacts of which a third was answered, with what makes customers dissatisfied known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from data_access.warehouse import Warehouse
from tests.analysis.conftest import MakeWarehouse

MODEL = """
contact_id = "contact"
customer_id = "customer"
question = "subject"
time = { column = "at", timezone = "Asia/Shanghai" }
score = { column = "score", scale = [1, 10], formula = "mean_of_max", satisfied_from = 9, dissatisfied_to = 6 }
[metrics]
solved_said = { column = "solved_said", values = [0, 1], better = "high", survey = true }
[dimensions]
subject = { column = "subject" }
age = { column = "age" }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
transfers = { column = "transfers", better = "low" }
called_back = { column = "called_back", better = "low" }
[reasons]
reason = { column = "reason", not_stated = "none" }
"""
N = 12_000


def year(*, seed: int = 1, signal: float = 1.0, n: int = N) -> pd.DataFrame:
    """Contacts in order of time; a long wait and a transfer make customers dissatisfied as far as `signal` says."""
    rng = np.random.default_rng(seed)
    wait, transfers = rng.gamma(2.0, 60.0, n), rng.poisson(0.3, n)
    subject = rng.choice(["bill", "fault", "complaint"], n, p=[0.6, 0.35, 0.05])
    line = -2.0 + signal * (0.012 * (wait - 120) + 0.9 * transfers + 0.8 * (subject == "fault"))
    bad = rng.random(n) < expit(line)
    answered = rng.random(n) < np.where(bad, 0.36, 0.30)
    score = np.where(bad, rng.integers(1, 7, n), rng.integers(7, 11, n)).astype(float)
    days = np.sort(rng.random(n)) * 360
    return pd.DataFrame({
        "contact": [f"k{i:05d}" for i in range(n)],
        "customer": [f"p{i}" for i in rng.integers(0, n // 2, n)],
        "at": pd.Timestamp("2025-10-01") + pd.to_timedelta(np.round(days * 86_400), unit="s"),
        "score": np.where(answered, score, np.nan),
        "solved_said": np.where(answered, 1.0 - bad, np.nan),
        "subject": subject,
        "age": rng.choice(["18-39", "40-59", "60+"], n),
        "wait": np.round(wait),
        "transfers": transfers,
        "called_back": np.where(answered, bad.astype(float), np.nan),  # filled because of the rating
        "reason": np.where(answered & bad, "slow", None),
        "truth": bad,
    })  # fmt: skip


@pytest.fixture(scope="module")
def a_year(warehouse_of: MakeWarehouse) -> Warehouse:
    return warehouse_of(year(), MODEL)

"""No interval of a share or a bounded score leaves its range: against statsmodels' Wilson interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.contrast import contrast
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 5], formula = "rescaled" }
cluster = "flow"
[dimensions]
scenario = { column = "scenario" }
flow = { column = "flow" }
[drivers]
verified = { column = "verified" }
length = { column = "length" }
"""


def rows(flows: int) -> pd.DataFrame:
    """A few flows serve each scenario well or badly, as a whole."""
    rng = np.random.default_rng(8)
    flow = np.repeat(np.arange(2 * flows), 20)
    p = np.where(np.arange(2 * flows) % 2, 0.97, 0.05)[flow]
    return pd.DataFrame({
        "scenario": np.where(flow < flows, "bill", "fault"), "flow": flow.astype(str),
        "score": rng.integers(1, 6, len(flow)),
        "verified": (rng.random(len(flow)) < p).astype(int), "length": rng.exponential(3, len(flow)),
    })  # fmt: skip


def test_a_yes_or_no_measure_stays_between_0_and_1(warehouse_of: MakeWarehouse) -> None:
    found = contrast(warehouse_of(rows(6), MODEL), Selection("verified"), by=("scenario",), question="groups")
    assert (found.table[["low", "high"]].to_numpy() > 0).all() and (found.table[["low", "high"]].to_numpy() < 1).all()
    assert -1 <= found.statistics["low"] < found.statistics["high"] <= 1


def test_without_clusters_it_is_wilsons(warehouse_of: MakeWarehouse) -> None:
    frame = rows(6)
    warehouse = warehouse_of(frame, MODEL.replace('cluster = "flow"\n', ""))
    table = contrast(warehouse, Selection("verified"), by=("scenario",), question="groups").table
    for _, row in table.iterrows():
        own = frame[frame["scenario"] == row["segment"][0]]["verified"]
        low, high = proportion_confint(own.sum(), len(own), method="wilson")
        assert (row["score"], row["low"], row["high"]) == pytest.approx((own.mean(), low, high))


def test_other_measures_keep_students_interval(warehouse_of: MakeWarehouse) -> None:
    frame = rows(6)
    warehouse = warehouse_of(frame, MODEL.replace('cluster = "flow"\n', ""))
    table = contrast(warehouse, Selection("length"), by=("scenario",), question="groups").table
    own = frame[frame["scenario"] == table["segment"][0][0]]["length"]
    reach = 1.9801 * own.std() / np.sqrt(len(own))  # Student's quantile of 119 degrees of freedom
    assert (table["low"][0], table["high"][0]) == pytest.approx((own.mean() - reach, own.mean() + reach), rel=1e-4)

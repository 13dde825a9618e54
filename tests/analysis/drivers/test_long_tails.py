"""A driver that runs from seconds to days: its bins follow the answers, and its line is one by doublings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.drivers.dose import dose
from data_access.selection import Selection
from data_access.statement import BadInput
from pages.words.catalogue import Catalogue
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 5] }
[dimensions]
channel = { column = "channel" }
[drivers]
wait = { column = "wait", unit = "s", better = "low" }
"""


def answers(slope: float, bend: float) -> pd.DataFrame:
    """Most wait for minutes, some for days; each doubling beyond the bend costs the slope."""
    rng, n = np.random.default_rng(6), 6_000
    wait = np.round(np.exp(rng.normal(np.log(300), 2.2, n)))
    lost = slope * np.maximum(np.log2(np.maximum(wait, 1)) - np.log2(bend), 0)
    score = np.clip(np.round(4.4 - lost + rng.normal(0, 0.7, n)), 1, 5)
    return pd.DataFrame({"wait": wait, "score": score, "channel": "web"})


def test_a_fall_over_days_is_found(warehouse_of: MakeWarehouse) -> None:
    rows = answers(0.15, 1.0)
    found = dose(warehouse_of(rows, MODEL), Selection(), driver="wait")
    s = found.statistics
    assert s["log_from"] > 0 and s["trend_p"] < 1e-6
    line = stats.linregress(np.log2(np.maximum(rows["wait"], s["log_from"])), 20 * rows["score"])
    assert s["slope"] == pytest.approx(line.slope, rel=0.05)  # scipy, on single answers
    assert found.findings[0].key in ("dose.steady_log", "dose.knee_log")
    assert "doubling" in Catalogue.load("en").say(found.findings[0])


def test_bins_hold_about_as_many_answers_each(warehouse_of: MakeWarehouse) -> None:
    sizes = dose(warehouse_of(answers(0.15, 1.0), MODEL), Selection(), driver="wait").table["n"]
    assert len(sizes) == 20 and sizes.max() < 1.5 * sizes.min()


def test_a_bend_is_a_number_of_the_driver(warehouse_of: MakeWarehouse) -> None:
    s = dose(warehouse_of(answers(0.3, 600.0), MODEL), Selection(), driver="wait").statistics
    assert s["improves"] and s["knee_low"] < 600 < s["knee_high"]
    assert s["before"] == pytest.approx(0, abs=0.8) and s["after"] < -3


def test_no_bend_where_there_is_none(warehouse_of: MakeWarehouse) -> None:
    s = dose(warehouse_of(answers(0.0, 1.0), MODEL), Selection(), driver="wait").statistics
    assert not s["improves"] and s["trend_p"] > 0.01


def test_data_without_drivers_say_so(warehouse_of: MakeWarehouse) -> None:
    with pytest.raises(BadInput) as found:
        dose(warehouse_of(answers(0.1, 1.0), MODEL.split("[drivers]")[0]), Selection(), driver="channel")
    assert found.value.statement.key == "dose.no_drivers"

"""A driver that repeats the score or another driver is named and left out; the others are as without it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.drivers.importance import drivers
from data_access.selection import Selection
from data_access.statement import NothingToShow
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 10] }
[dimensions]
grade = { column = "grade" }
[drivers]
copy = { column = "copy" }
wait = { column = "wait" }
minutes = { column = "minutes" }
noise = { column = "noise" }
"""


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng, n = np.random.default_rng(3), 400
    wait = rng.exponential(60, n)
    score = np.clip(np.round(8 - wait / 40 + rng.normal(0, 1.5, n)), 1, 10)
    return pd.DataFrame({
        "score": score, "copy": 2 * score + 1, "wait": wait, "minutes": np.round(wait / 60, 3),
        "noise": rng.normal(size=n), "grade": score.astype(int).astype(str),
    })  # fmt: skip


def test_copies_are_left_out_and_named(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found = drivers(warehouse_of(answers, MODEL), Selection())
    fit = sm.OLS(answers["score"], sm.add_constant(answers[["wait", "noise"]])).fit()
    assert found.statistics["r2"] == pytest.approx(fit.rsquared)  # statsmodels, of the two that are left
    assert found.table["driver"].tolist() == ["wait", "noise"]
    left = found.parts["left_out"].set_index("driver")["why"].to_dict()
    assert left == {"copy": "score", "minutes": "repeats"}
    named = {s.key: s.values["names"] for s in found.caveats if s.key.startswith("drivers.copies")}
    assert named == {
        "drivers.copies_score": [{"dimension": "copy"}], "drivers.copies_repeats": [{"dimension": "minutes"}]
    }  # fmt: skip


@pytest.mark.parametrize("columns", [("copy",), ("grade",), ("copy", "grade")])
def test_nothing_but_copies_is_one_sentence(
    warehouse_of: MakeWarehouse, answers: pd.DataFrame, columns: tuple[str, ...]
) -> None:
    with pytest.raises(NothingToShow) as found:
        drivers(warehouse_of(answers, MODEL), Selection(), columns=columns)
    assert found.value.statement.key == "drivers.only_copies"
    assert found.value.statement.values["names"] == [{"dimension": name} for name in columns]

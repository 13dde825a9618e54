"""Grouped counts and the same answers as rows say the same: importance, its interval, the tree (against sklearn)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeRegressor

from analysis.drivers.importance import drivers
from analysis.result import Result
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [1, 3], formula = "rescaled" }
[dimensions]
kind = { column = "kind" }
[drivers]
influence = { column = "influence" }
contact = { column = "contact" }
"""


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng, n = np.random.default_rng(12), 1681
    influence, contact = rng.integers(1, 4, n), rng.integers(0, 2, n)
    kind = rng.choice(["tower", "atrium", "terrace"], n)
    latent = 0.6 * influence + 0.3 * contact - 0.4 * (kind == "terrace") + rng.normal(0, 1, n)
    score = np.digitize(latent, [0.9, 1.7]) + 1
    return pd.DataFrame({"score": score, "influence": influence, "contact": contact, "kind": kind})


@pytest.fixture(scope="module")
def both(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> tuple[Result, Result]:
    counts = answers.value_counts().rename("times").reset_index()
    assert len(counts) < 60
    weighed = 'weight = { column = "times", kind = "frequency" }\n' + MODEL
    columns = ("influence", "contact", "kind")
    return (
        drivers(warehouse_of(answers, MODEL), Selection(), columns=columns, deep=True),
        drivers(warehouse_of(counts, weighed), Selection(), columns=columns, deep=True),
    )


def test_importance_and_its_interval_are_those_of_the_answers(both: tuple[Result, Result]) -> None:
    rows, counts = (found.table.set_index("driver") for found in both)
    assert counts["importance"].to_dict() == pytest.approx(rows["importance"].to_dict())
    for driver in rows.index:
        width = [t.loc[driver, "high"] - t.loc[driver, "low"] for t in (rows, counts)]
        assert width[1] == pytest.approx(width[0], rel=0.4)  # both are drawn by chance, from 40 parts


def test_the_tree_is_that_of_the_answers(both: tuple[Result, Result], answers: pd.DataFrame) -> None:
    rows, counts = both
    assert counts.statistics["tree_r2"] == pytest.approx(rows.statistics["tree_r2"])
    x = pd.get_dummies(answers[["influence", "contact", "kind"]], columns=["kind"]).astype(float)
    tree = DecisionTreeRegressor(max_depth=3, min_samples_leaf=30, random_state=0).fit(x, answers["score"])
    assert counts.statistics["tree_r2"] > 0.7 * tree.score(x, answers["score"]) > 0.05
    assert len(counts.parts["tree"]) == len(rows.parts["tree"])

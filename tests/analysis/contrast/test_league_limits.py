"""The limits of the funnel by hand: mean of all plus and minus 1.96 and 3.09 sd / sqrt(n), within the scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.contrast import contrast
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse

MODEL = """
score = { column = "score", scale = [0, 100], formula = "rescaled" }
[dimensions]
g = { column = "g" }
team = { column = "team" }
"""
SIZES = {"a": 400, "b": 200, "c": 100, "d": 60, "e": 40, "f": 20, "h": 10, "j": 15, "i": 9}


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    parts = [
        pd.DataFrame({"g": g, "score": np.clip(np.round(97 + rng.normal(-5 * (g == "b"), 7, n)), 0, 100)})
        for g, n in SIZES.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(team=[f"t{i // 10}" for i in range(len(rows))])


def league(warehouse_of: MakeWarehouse, rows: pd.DataFrame, model: str) -> pd.DataFrame:
    found = contrast(warehouse_of(rows, model), Selection(), by=["g"], question="groups", deep=True)
    return found.parts["league"].assign(g=lambda t: t["segment"].str[0]).set_index("g")


def test_limits_of_independent_answers(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    table = league(warehouse_of, answers, MODEL)
    mean, sd = answers["score"].mean(), answers["score"].std(ddof=0)
    for g, n in SIZES.items():
        for level, reach in ((95, 1.959964), (998, 3.090232)):
            low, high = (table.loc[g, f"limit{level}_{end}"] for end in ("low", "high"))
            if n < 10:  # withheld: no place among the others, and no limits
                assert np.isnan(low) and np.isnan(high)
                continue
            assert low == pytest.approx(mean - reach * sd / np.sqrt(n), rel=1e-4)
            assert high == pytest.approx(min(mean + reach * sd / np.sqrt(n), 100.0), rel=1e-4)
    assert table.loc["h", "limit998_high"] == 100.0  # the scale ends there


def test_who_is_outside(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    table = league(warehouse_of, answers, MODEL)
    assert table.loc["b", "outside"] == pytest.approx(99.8)
    assert np.isnan(table.loc["i", "outside"])
    inside = (table["score"] - table["limit95_low"] >= 0) & (table["score"] <= table["limit95_high"])
    assert (table.loc[inside, "outside"] == 0).all() and inside.sum() >= 2


def test_answers_of_one_team_widen_the_limits(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    """Each answer ten times over by its team: as many answers, a tenth of them worth one."""
    copied = answers.loc[answers.index.repeat(10)].assign(team=[f"t{i // 10}" for i in range(10 * len(answers))])
    free, tied = (league(warehouse_of, copied, model) for model in (MODEL, 'cluster = "team"\n' + MODEL))
    wide, narrow = (t.loc["a", "limit95_low"] for t in (tied, free))
    mean = copied["score"].mean()
    assert (mean - wide) / (mean - narrow) == pytest.approx(np.sqrt(10), rel=0.05)

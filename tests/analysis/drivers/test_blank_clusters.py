"""An answer without a cluster is one of its own in regressions and in the trend of a dose, as in statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.drivers.dose import dose
from analysis.drivers.importance import drivers
from analysis.stats.clustered_regression import clustered_ols
from analysis.stats.regression import CrossProducts
from data_access.selection import Selection
from tests.analysis.conftest import MakeWarehouse

MODEL = """
contact_id = "id"
score = { column = "score", scale = [0, 100], formula = "rescaled" }
cluster = "team"
[dimensions]
team = { column = "team" }
[drivers]
wait = { column = "wait" }
steps = { column = "steps" }
"""


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Teams of forty answers that differ, and answers of nobody, who wait long and score low."""
    rng, teams, blanks = np.random.default_rng(21), 40, 1_200
    team, n = np.repeat(np.arange(teams), 40), 40 * teams + blanks
    low = np.repeat([0.0, 1.0], [40 * teams, blanks])
    both = np.concatenate([rng.normal(size=teams)[team], np.zeros(blanks)])
    wait = np.round(60 + 15 * low + 8 * both + 10 * rng.normal(size=n), 1)
    steps = np.round(5 + rng.normal(size=n), 2)
    score = 60 - 0.1 * wait - 8 * low + 2 * steps + 3 * both + 8 * rng.normal(size=n)
    return pd.DataFrame({
        "id": [f"c{i}" for i in range(n)], "team": [*(f"t{t}" for t in team), *[None] * blanks],
        "wait": wait, "steps": steps, "score": np.clip(np.round(score), 0, 100),
    })  # fmt: skip


def groups(rows: pd.DataFrame, *, alone: bool) -> np.ndarray:
    own = "answer " + rows.index.astype(str) if alone else "nobody"
    return pd.factorize(np.where(rows["team"].isna(), own, rows["team"].astype(object)))[0]


def errors(rows: pd.DataFrame, columns: list[str], cluster: np.ndarray) -> pd.Series:
    x = sm.add_constant(rows[columns])
    return sm.OLS(rows["score"], x).fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_t": True}).bse


def error_of(table: pd.DataFrame, name: str) -> float:
    row = table.set_index("driver").loc[name]
    return float(row["coefficient_high"] - row["coefficient_low"]) / 2 / 2.0


def test_errors_of_coefficients_are_statsmodels(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    found = drivers(warehouse_of(answers, MODEL), Selection())
    wanted, one = (errors(answers, ["wait", "steps"], groups(answers, alone=alone)) for alone in (True, False))
    for name in ("wait", "steps"):
        assert error_of(found.table, name) == pytest.approx(wanted[name], rel=0.12)
    assert one["wait"] > 1.5 * wanted["wait"]  # what it would be with one cluster of all blanks
    assert found.statistics["clusters"] == 40


def test_a_text_of_no_letters_is_as_blank(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    empty = answers.assign(team=answers["team"].fillna(""))
    one, other = (drivers(warehouse_of(rows, MODEL), Selection()).table for rows in (answers, empty))
    columns = ["driver", "importance", "coefficient_low", "coefficient_high", "performance_low"]
    pd.testing.assert_frame_equal(one[columns], other[columns])


def test_few_teams_and_blanks_are_single_answers(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    rows = answers[answers["team"].isin(["t1", "t2"]) | answers["team"].isna()]
    found = drivers(warehouse_of(rows, MODEL), Selection())
    assert found.statistics["clusters"] == 0
    plain = sm.OLS(rows["score"], sm.add_constant(rows[["wait", "steps"]])).fit().bse
    assert error_of(found.table, "wait") == pytest.approx(plain["wait"], rel=0.03)


def test_the_trend_of_a_dose_is_statsmodels(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    """A slope of almost nothing among blanks only: its p with each of them alone, at the centres of the bins."""
    rows = answers.assign(score=np.where(answers["team"].isna(), answers["score"], answers["score"] - 7.5))
    found = dose(warehouse_of(rows, MODEL), Selection(), driver="wait")
    place = np.searchsorted(found.table["high"], rows["wait"])
    binned = rows.assign(wait=found.table["x"].to_numpy()[place])
    p = {}
    for alone in (True, False):
        fit = sm.OLS(binned["score"], sm.add_constant(binned["wait"]))
        p[alone] = fit.fit(cov_type="cluster", cov_kwds={"groups": groups(rows, alone=alone), "use_t": True}).pvalues[
            "wait"
        ]
    assert found.statistics["clusters"] == 40
    assert abs(np.log(found.statistics["trend_p"] / p[True])) < 0.5  # CR2 is a little more careful
    assert p[False] > 20 * p[True]  # what it would be with one cluster of all blanks


def test_the_deeper_models_take_them_alike(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    """The interval of the tree's root is that of the mean, statsmodels' with every blank alone."""
    found = drivers(warehouse_of(answers, MODEL), Selection(), deep=True)
    root = found.parts["tree"].iloc[0]
    wanted, one = (errors(answers, [], groups(answers, alone=alone))["const"] for alone in (True, False))
    assert (root["high"] - root["low"]) / 4 == pytest.approx(wanted, rel=0.15)
    assert one > 2 * wanted


def test_sums_that_stand_for_many_clusters_are_these() -> None:
    rng = np.random.default_rng(2)
    x, total = rng.normal(size=(30, 1)), rng.normal(size=30)
    parts = [
        CrossProducts.of(["x"], x[i : i + 1], np.ones(1), total[i : i + 1], total[i : i + 1] ** 2) for i in range(30)
    ]
    times = np.repeat([1.0, 3.0], [20, 10])
    folded = clustered_ols(parts, times=times)
    whole = clustered_ols([p for p, t in zip(parts, times.astype(int), strict=True) for _ in range(t)])
    for name in ("coefficients", "errors", "df"):
        assert getattr(folded, name) == pytest.approx(getattr(whole, name))

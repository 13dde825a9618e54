"""An answer without a cluster is a cluster of its own: errors as statsmodels has them for these clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.cautions import few_clusters, repeats_metric
from analysis.estimate import as_one, changes, estimate, estimates
from analysis.stats.clustered import wald
from data_access.labels import Labels
from data_access.metric_kinds import Rate, Rescaled
from data_access.metrics import Metric

SCORE = Metric("score", "s", Labels("s"), Rescaled(0, 100))
RATE = Metric("rate", "s", Labels("s"), Rate(0, 100))


def answers(seed: int, teams: int, blanks: int) -> pd.DataFrame:
    """Teams of 40 answers, and answers of nobody, which score lower."""
    rng = np.random.default_rng(seed)
    team = np.repeat(np.arange(teams), 40)
    named = pd.DataFrame({"cluster": [f"t{t}" for t in team], "x": 70 + 8 * rng.normal(size=teams)[team]})
    lone = pd.DataFrame({"cluster": [None] * blanks, "x": np.full(blanks, 45.0)})
    rows = pd.concat([named, lone], ignore_index=True)
    return rows.assign(x=np.round(rows["x"] + 10 * rng.normal(size=len(rows))))


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    each = rows.assign(n=1.0, w=1.0, v=1.0, wx=rows["x"], vx=rows["x"], vxx=rows["x"] ** 2)
    sums = ["n", "w", "v", "wx", "vx", "vxx"]
    return (
        each.groupby("cluster", dropna=False)[sums]
        .sum()
        .reset_index()
        .assign(segment=[()] * each["cluster"].nunique(dropna=False))
    )


def own_cluster(rows: pd.DataFrame) -> np.ndarray:
    alone = rows["cluster"].isna()
    return pd.factorize(np.where(alone, "answer " + rows.index.astype(str), rows["cluster"].astype(object)))[0]


def cr1(y: pd.Series, x: np.ndarray, cluster: np.ndarray) -> float:
    """statsmodels' clustered error of the last coefficient, without its factor for small samples."""
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False})
    return float(fit.bse.iloc[-1])


def test_the_error_of_a_mean_is_statsmodels() -> None:
    rows = answers(1, teams=30, blanks=400)
    got = estimate(cells(rows), SCORE)
    expected = cr1(rows["x"], np.ones(len(rows)), own_cluster(rows))
    as_one_cluster = cr1(rows["x"], np.ones(len(rows)), pd.factorize(rows["cluster"], use_na_sentinel=False)[0])
    assert got.value == pytest.approx(rows["x"].mean())
    assert got.clusters == 30
    assert expected < got.error < 1.03 * expected  # CR2 is a little more careful than CR0
    assert got.error < 0.3 * as_one_cluster


def test_every_answer_alone_is_the_plain_error() -> None:
    """Answers of no cluster, and clusters of one answer: both are the sd over the root of n."""
    rows = answers(2, teams=0, blanks=300)
    few = estimate(cells(rows), SCORE)
    named = estimate(cells(rows.assign(cluster=rows.index.astype(str))), SCORE)
    plain = rows["x"].std() / np.sqrt(len(rows))
    assert few.error == pytest.approx(plain) and named.error == pytest.approx(plain)
    half = rows.assign(cluster=[str(i) if i % 2 else None for i in rows.index])
    mixed = estimate(cells(half), SCORE)
    assert mixed.error == pytest.approx(plain, rel=1e-9)
    assert mixed.df == pytest.approx(len(rows) - 1, rel=1e-6)


def test_the_error_of_a_change_is_statsmodels() -> None:
    before, now = answers(3, 30, 200), answers(4, 30, 500)
    coded = as_one(cells(before), cells(now))
    (got,) = changes(coded[0], coded[1], 1, SCORE)
    both = pd.concat([before, now], ignore_index=True)
    period = np.repeat([0.0, 1.0], [len(before), len(now)])
    expected = cr1(both["x"], np.column_stack([np.ones(len(both)), period]), own_cluster(both))
    assert got.value == pytest.approx(now["x"].mean() - before["x"].mean())
    assert expected < got.error < 1.05 * expected


def test_an_abandoned_rate_is_known_as_well_as_its_calls() -> None:
    """1 % of 20,000 calls were given up before a team had them: as one cluster the interval was 0.2 to 7.6."""
    named = pd.DataFrame({"cluster": [f"t{i % 40}" for i in range(19_800)], "x": 0.0})
    rows = pd.concat([named, pd.DataFrame({"cluster": [None] * 200, "x": 100.0})], ignore_index=True)
    got = estimates(as_one(cells(rows))[0], 1, RATE)
    assert got.error[0] == pytest.approx(cr1(rows["x"], np.ones(len(rows)), own_cluster(rows)), rel=0.02)
    assert 0.7 < got.low[0] < got.high[0] < 1.45


def test_the_test_of_several_groups_takes_single_answers_alike() -> None:
    """wald with entries of answers alone is wald with a cluster for each of them."""
    rng = np.random.default_rng(5)
    group, x = np.repeat([0, 1, 2], 60), rng.normal(size=180)
    group, x = np.concatenate([group, np.repeat([0, 1, 2], 4)]), np.concatenate([x, np.full(12, 0.5)])
    cluster = np.concatenate([np.arange(180) // 6, 100 + np.arange(12)])
    one = np.ones(len(x))
    whole = wald(group, cluster, one, x)
    folded = np.r_[np.arange(180), 180, 184, 188]
    alone = np.r_[np.zeros(180), 4.0, 4.0, 4.0]
    got = wald(group[folded], cluster[folded], one[folded], x[folded], alone=alone)
    assert (got.statistic, got.df2, got.p) == pytest.approx((whole.statistic, whole.df2, whole.p))


def test_a_blank_that_decides_a_rate_is_said_to_repeat_it() -> None:
    """Abandoned calls have no team: 100 % where it is blank and 0 % elsewhere is no finding about teams."""
    handled = [("a",), ("b",)]
    same = pd.DataFrame({"segment": [(None,), *handled], "score": [100.0, 0.0, 0.0]})
    assert [s.key for s in repeats_metric(same, RATE, ("team",))] == ["cut.repeats"]
    for table in (same.assign(score=[100.0, 0.0, 2.0]), same.assign(score=[90.0, 0.0, 0.0]), same.iloc[1:]):
        assert repeats_metric(table, RATE, ("team",)) == ()


@pytest.mark.parametrize(
    ("teams", "learnt", "said"),
    [(3, 0, ["own_answers_only"]), (7, 7, ["few_clusters"]), (12, 12, []), (0, 0, []), (12, 0, [])],
)
def test_few_teams_are_said(teams: int, learnt: int, said: list[str]) -> None:
    rows = pd.DataFrame({"cluster": [f"t{k}" for k in range(teams)] + [None]})
    assert [s.key.removeprefix("caveat.") for s in few_clusters(rows, learnt)] == said

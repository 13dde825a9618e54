"""Difference in differences from sums is that of the answers themselves, however many clusters there are."""

from __future__ import annotations

import warnings
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from diff_diff import DifferenceInDifferences

from analysis.effect.did import Estimated, difference, estimated, moments, raw
from analysis.effect.few_clusters import second_opinions
from analysis.effect.judged import Judged, Terms, judged
from analysis.effect.randomisation import smallest_p
from analysis.stats.wild_bootstrap import WEBB

BEFORE, AFTER = date(2026, 8, 3), date(2026, 9, 7)


def answers(seed: int, *, teams: int = 8, treated: int = 3, each: int = 40, effect: float = 3.0) -> pd.DataFrame:
    """Single answers: team, topic, post, treated, score (0..100); teams of any size, whose mix of topics differs."""
    rng = np.random.default_rng(seed)
    rows = []
    for team in range(teams):
        level, share = rng.normal(0, 3), rng.uniform(0.2, 0.8)
        for post in (0, 1):
            n = int(rng.integers(each // 2, each * 2))
            hard = rng.random(n) < share
            gain = effect * post * (team < treated) + rng.normal(0, 1)
            score = 78 + level + gain - 6 * hard + rng.normal(0, 9, n)
            rows.append(pd.DataFrame({"team": team, "topic": np.where(hard, "hard", "easy"), "post": post,
                                      "treated": int(team < treated), "score": score}))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def sums_of(rows: pd.DataFrame, *, strata: bool = True) -> pd.DataFrame:
    """The same as sums."""
    rows = rows.assign(squares=rows["score"] ** 2, topic=rows["topic"] if strata else 0)
    found = rows.groupby(["team", "topic", "post", "treated"]).agg(
        n=("score", "size"), wx=("score", "sum"), vxx=("squares", "sum")
    ).reset_index()  # fmt: skip
    n = found["n"].astype(float)
    return found.assign(
        day=[AFTER if post else BEFORE for post in found["post"]], unit=found["team"], cluster=found["team"],
        stratum=found["topic"], treated=found["treated"] == 1, n=n, w=n, v=n, vx=found["wx"],
    )  # fmt: skip


def of(sums: pd.DataFrame) -> Estimated:
    return difference(sums, sums["post"].to_numpy() == 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("strata", [True, False])
def test_it_is_the_regression_of_the_answers(seed: int, strata: bool) -> None:
    """Value by statsmodels with a dummy a team; error by diff-diff with CR2, which is not its default."""
    rows = answers(seed)
    found = of(sums_of(rows, strata=strata))
    terms = "score ~ post + post:treated + C(team)" + (" + C(topic)" if strata else "")
    fit = smf.ols(terms, rows).fit()
    assert found.value == pytest.approx(fit.params["post:treated"], abs=1e-8)
    data = rows.assign(hard=(rows["topic"] == "hard").astype(float))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = DifferenceInDifferences(cluster="team", vcov_type="hc2_bm").fit(
            data, outcome="score", treatment="treated", time="post", covariates=["hard"] if strata else None,
            absorb=["team"],
        )  # fmt: skip
    assert found.value == pytest.approx(theirs.att, abs=1e-6) and found.error == pytest.approx(theirs.se, rel=1e-6)
    assert (found.clusters, found.treated_clusters) == (8, 3) and 1 < found.df < 7


def test_the_mix_is_allowed_for_and_only_the_mix() -> None:
    rows = answers(5, effect=0.0, each=200, teams=12, treated=6)
    still = pd.concat([rows[rows["post"] == 0].assign(post=post, score=lambda r, p=post: r["score"] + p)
                       for post in (0, 1)])  # fmt: skip
    same = sums_of(still)
    assert of(same).value == pytest.approx(raw(same, same["post"].to_numpy() == 1), abs=1e-9)
    easier = still[~((still["post"] == 1) & (still["treated"] == 1) & (still["topic"] == "hard"))]
    moved = sums_of(easier)
    crude = raw(moved, moved["post"].to_numpy() == 1)
    assert crude > 2 and abs(of(moved).value) < 0.3 * crude


def test_every_choice_of_the_treated_is_tried() -> None:
    rows = answers(7, teams=7, treated=2)
    sums = sums_of(rows)
    m = moments(sums, sums["post"].to_numpy() == 1)
    found = second_opinions(m, estimated(m)).randomised
    own = [of(sums.assign(treated=sums["team"].isin(chosen))).value for chosen in combinations(range(7), 2)]
    expected = np.mean(np.abs(own) >= abs(of(sums).value) - 1e-9)
    assert found.p == pytest.approx(expected) and found.exact and found.tried == 21
    assert found.smallest == smallest_p(7, 2) == pytest.approx(1 / 21)


def test_the_wild_bootstrap_is_that_of_the_answers() -> None:
    """Restricted residuals of all answers times Webb's weights of the same seed, a regression each."""
    rows = answers(11, teams=6, treated=3, each=20)
    m = moments(sums_of(rows), sums_of(rows)["post"].to_numpy() == 1)
    p = second_opinions(m, estimated(m)).wild_p
    dummies = pd.get_dummies(rows["team"]).to_numpy(dtype=float)
    post, hard = rows["post"].to_numpy(dtype=float), (rows["topic"] == "hard").to_numpy(dtype=float)
    x = np.column_stack([post * rows["treated"].to_numpy(), post, hard, dummies])
    team, y = rows["team"].to_numpy(), rows["score"].to_numpy()
    fitted = x[:, 1:] @ np.linalg.lstsq(x[:, 1:], y, rcond=None)[0]
    draws = np.random.default_rng(1).choice(np.concatenate([-WEBB, WEBB]), (1_999, 6))[:200]
    adjusted = _roots(x, team)
    observed = abs(_t(x, y, team, adjusted))
    drawn = np.array([abs(_t(x, fitted + (y - fitted) * w[team], team, adjusted)) for w in draws])
    assert abs(p - np.mean(drawn >= observed)) < 0.1  # 200 of the 1,999 draws
    assert second_opinions(m, estimated(m)).wild_p == p


def _roots(x: np.ndarray, team: np.ndarray) -> dict[int, np.ndarray]:
    """(I - H_gg)^(-1/2) of each cluster, where that has an inverse."""
    inverse, found = np.linalg.pinv(x.T @ x), {}
    for g in np.unique(team):
        values, vectors = np.linalg.eigh(np.eye((team == g).sum()) - x[team == g] @ inverse @ x[team == g].T)
        root = np.where(values > 1e-9, 1 / np.sqrt(np.where(values > 1e-9, values, 1.0)), 0.0)
        found[g] = (vectors * root) @ vectors.T
    return found


def _t(x: np.ndarray, y: np.ndarray, team: np.ndarray, roots: dict[int, np.ndarray]) -> float:
    inverse = np.linalg.pinv(x.T @ x)
    b = inverse @ x.T @ y
    pulls = [inverse[0] @ x[team == g].T @ root @ (y - x @ b)[team == g] for g, root in roots.items()]
    return float(b[0] / np.sqrt(np.sum(np.square(pulls))))


def verdict(rows: pd.DataFrame, smallest: float = 1.0) -> Judged:
    return judged(sums_of(rows), Terms(start=AFTER, smallest=smallest))


def test_a_single_treated_team_is_never_judged_by_teams() -> None:
    found = verdict(answers(3, treated=1, effect=40.0))
    assert found.verdict == "not_enough_evidence" and found.effect.value > 20
    assert found.against == ("unreachable", "one_cluster") and found.opinions.randomised.smallest == pytest.approx(
        1 / 8
    )


def test_what_waiting_and_asking_would_do() -> None:
    """Twice the answers of what it takes are enough; of teams that differ as such, no number is."""
    found = verdict(answers(4, teams=16, treated=8, each=60, effect=2.0))
    assert found.verdict == "not_enough_evidence" and found.needed.answers > found.rows["n"].sum()
    rng = np.random.default_rng(1)
    rows = answers(4, teams=16, treated=8, each=4_000, effect=2.0)
    shock = {team: rng.normal(0, 12) for team in range(16)}
    rows["score"] += rows["post"] * rows["team"].map(shock)
    apart = verdict(rows)
    assert np.isinf(apart.needed.answers) and np.isinf(apart.needed.weeks)

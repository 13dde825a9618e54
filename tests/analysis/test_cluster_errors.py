"""Intervals of lost points and of effects across clusters: CR2 and its freedom by whole matrices on the answers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import linalg, stats

from analysis.change import change
from analysis.contribution import contribution
from analysis.stats.clustered import ClusterSums, contrasts, shares
from data_access.selection import Period, Selection
from tests.analysis.conftest import MakeWarehouse

MODEL = """
cluster = "team"
time = { column = "day" }
score = { column = "score", scale = [0, 10], satisfied_from = 9, dissatisfied_to = 6 }
[dimensions]
segment = { column = "segment" }
team = { column = "team" }
"""
PERIODS = Selection(
    period=Period(date(2026, 10, 1), date(2026, 11, 1)), baseline=Period(date(2026, 9, 1), date(2026, 10, 1))
)


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Seven teams of unlike size, in two months."""
    rng, n = np.random.default_rng(12), 240
    team = rng.choice(7, n, p=[0.4, 0.2, 0.1, 0.1, 0.08, 0.07, 0.05])
    now = rng.random(n) < 0.6
    score = (7 + rng.normal(0, 1, 7)[team] + 1.5 * rng.normal(size=n)).round().clip(0, 10)
    return pd.DataFrame({
        "day": pd.to_datetime(np.where(now, "2026-10-10", "2026-09-10")), "now": now, "score": score,
        "segment": rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]), "team": [f"t{t}" for t in team],
    })  # fmt: skip


def cr2(x: np.ndarray, u: np.ndarray, w: np.ndarray, team: np.ndarray, c: np.ndarray) -> tuple[float, float]:
    """Error and Satterthwaite's freedom of c'b of a regression of u on x with weights w, whose working variances are
    1 / w: Bell and McCaffrey 2002 with every matrix written out.
    """
    bread = np.linalg.inv(x.T @ (x * w[:, None]))
    e = u - x @ (bread @ x.T @ (w * u))
    root = np.sqrt(w)
    hat = (x * root[:, None]) @ bread @ (x * root[:, None]).T
    left = np.eye(len(u)) - hat
    pulls, ways = [], []
    for name in np.unique(team):
        own = np.flatnonzero(team == name)
        adjust = np.real(linalg.fractional_matrix_power(np.eye(len(own)) - hat[np.ix_(own, own)], -0.5))
        way = (c @ bread @ (x[own] * root[own][:, None]).T) @ adjust
        pulls.append(way @ (root[own] * e[own]))
        ways.append(way @ left[own])
    m = np.array(ways) @ np.array(ways).T
    return float(np.sqrt(np.sum(np.square(pulls)))), float(np.trace(m) ** 2 / np.sum(m**2))


def test_lost_points(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    rows = answers[answers["score"] < 10]
    lost, one = 100 - 10 * rows["score"].to_numpy(), np.ones((len(rows), 1))
    table = contribution(warehouse_of(answers, MODEL), Selection(), by=["segment"]).table
    for segment, low, high in table[["segment", "contribution_low", "contribution_high"]].itertuples(index=False):
        inside = (rows["segment"] == segment[0]).to_numpy(dtype=float)
        error, df = cr2(one, inside, lost, rows["team"].to_numpy(), np.ones(1))
        value = float(np.average(inside, weights=lost))
        reach = float(stats.t.ppf(0.975, df)) * error
        assert (low, high) == pytest.approx((value - reach, value + reach), rel=1e-7)


def test_effects_of_a_change(warehouse_of: MakeWarehouse, answers: pd.DataFrame) -> None:
    """An effect is a difference of the periods' means of what each answer pulls (the delta method)."""
    x, now = 10 * answers["score"].to_numpy(), answers["now"].to_numpy()
    table = change(warehouse_of(answers, MODEL), PERIODS, by=["segment"]).table.set_index("segment")
    middle = (x[now].mean() + x[~now].mean()) / 2
    design = np.column_stack([~now, now]).astype(float)
    for name in "abc":
        inside = (answers["segment"] == name).to_numpy()
        half = (inside[now].mean() - inside[~now].mean()) / 2
        u = np.where(now, inside * (x - middle) - half * x, inside * (x - middle) + half * x)
        error, df = cr2(design, u, np.ones(len(x)), answers["team"].to_numpy(), np.array([-1.0, 1.0]))
        row = table.loc[[(name,)]].iloc[0]
        reach = float(stats.t.ppf(0.975, df)) * error
        wanted = row["total_effect"] - reach, row["total_effect"] + reach
        assert (row["low"], row["high"]) == pytest.approx(wanted, rel=1e-7)


def test_shares_are_means_of_a_membership() -> None:
    """Against `contrasts` of each group alone, with all its empty clusters."""
    rng, clusters = np.random.default_rng(1), 9
    whole, part = rng.uniform(1, 5, clusters), rng.uniform(0, 1, (3, clusters)) * (rng.random((3, clusters)) < 0.6)
    part *= whole
    group, cluster = np.nonzero(part)
    found = shares(whole, group, cluster, part[group, cluster], groups=3)
    zero, codes = np.zeros(clusters, dtype=int), np.arange(clusters)
    for k in range(3):
        alone = contrasts(ClusterSums.of(zero, zero, codes, whole, part[k], problems=1, groups=1), np.ones(1))
        for name in ("value", "error", "df", "clusters"):
            assert getattr(found, name)[k] == pytest.approx(getattr(alone, name)[0], rel=1e-9)


def test_one_cluster_tells_nothing_of_a_share() -> None:
    found = shares(np.array([4.0]), np.array([0]), np.array([0]), np.array([1.0]), groups=1)
    assert found.value[0] == 0.25 and np.isnan(found.error[0]) and np.isnan(found.df[0])

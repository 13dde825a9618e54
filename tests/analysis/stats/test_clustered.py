"""Clustered errors from sums against whole matrices, statsmodels, R and simulation."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.stats.clustered import ClusterSums, contrasts, design_effect, icc, wald
from analysis.stats.wild_bootstrap import wild_cluster
from tests.analysis.matrices import by_matrices
from tests.proof import Figure

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20270105)


def drawn(rng: np.random.Generator, design: str, groups: int = 2) -> tuple[np.ndarray, ...]:
    """Values, group, cluster and weight of some fifty answers; a cluster lies in all groups, one, or some."""
    n = 50
    cluster, group = rng.integers(0, 9, n), rng.integers(0, groups, n)
    if design == "nested":
        cluster = cluster * groups + group
    if design == "mixed":
        cluster = np.where(cluster < 5, cluster, cluster * groups + group)
    return rng.normal(80, 10, n) + 3 * (cluster % 4), group, cluster, rng.uniform(0.3, 4, n)


def sums_of(x: np.ndarray, group: np.ndarray, cluster: np.ndarray, w: np.ndarray, groups: int) -> ClusterSums:
    return ClusterSums.of(np.zeros(len(x), int), group, cluster, w, w * x, problems=1, groups=groups)


@pytest.mark.parametrize("design", ["crossed", "nested", "mixed"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("coefficients", [(-1.0, 1.0), (1.0, 0.5, -1.5), (1.0,)])
def test_cr2_against_whole_matrices(
    rng: np.random.Generator, design: str, weighted: bool, coefficients: tuple[float, ...]
) -> None:
    c = np.array(coefficients)
    for _ in range(5):
        x, group, cluster, w = drawn(rng, design, len(c))
        w = w if weighted else np.ones_like(w)
        got, (error, df, _) = (
            contrasts(sums_of(x, group, cluster, w, len(c)), c),
            by_matrices(x, group, cluster, w, c),
        )
        sizes = pd.Series(cluster).groupby(group).nunique()
        if sizes.min() < 2:
            assert np.isnan(got.error[0])
            continue
        assert (got.error[0], got.df[0]) == pytest.approx((error, df), rel=1e-8)
        assert got.clusters[0] == len(np.unique(cluster))


def test_value_is_the_weighted_contrast(rng: np.random.Generator) -> None:
    x, group, cluster, w = drawn(rng, "crossed")
    got = contrasts(sums_of(x, group, cluster, w, 2), np.array([-1.0, 1.0]))
    means = [np.average(x[group == k], weights=w[group == k]) for k in (0, 1)]
    assert got.value[0] == pytest.approx(means[1] - means[0], rel=1e-12)


def test_many_problems_at_once_equal_one_by_one(rng: np.random.Generator) -> None:
    parts = [drawn(rng, design) for design in ("crossed", "nested", "mixed")]
    problem = np.repeat(np.arange(3), [len(p[0]) for p in parts])
    x, group, cluster, w = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    c = np.array([-1.0, 1.0])
    together = contrasts(ClusterSums.of(problem, group, cluster, w, w * x, problems=4, groups=2), c)
    for k, part in enumerate(parts):
        alone = contrasts(sums_of(*part, 2), c)
        for name in ("value", "error", "df", "clusters"):
            assert getattr(together, name)[k] == pytest.approx(getattr(alone, name)[0], rel=1e-12)
    assert np.isnan(together.value[3]) and np.isnan(together.error[3]) and together.clusters[3] == 0


def test_clusters_of_one_answer_are_welch(rng: np.random.Generator) -> None:
    """Every answer its own cluster: CR2 is HC2, the standard error of Welch."""
    x, group = rng.normal(80, 10, 60), np.repeat([0, 1], [20, 40])
    got = contrasts(sums_of(x, group, np.arange(60), np.ones(60), 2), np.array([-1.0, 1.0]))
    variances = [x[group == k].var(ddof=1) / (group == k).sum() for k in (0, 1)]
    assert got.error[0] == pytest.approx(np.sqrt(sum(variances)), rel=1e-12)


def test_many_clusters_come_near_cr1(rng: np.random.Generator) -> None:
    cluster = np.repeat(np.arange(300), rng.integers(5, 15, 300))
    x, group = rng.normal(80, 6, 300)[cluster] + rng.normal(0, 15, len(cluster)), cluster % 2
    fit = sm.OLS(x, sm.add_constant(group)).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    got = contrasts(sums_of(x, group, cluster, np.ones(len(x)), 2), np.array([-1.0, 1.0]))
    assert got.error[0] == pytest.approx(fit.bse[1], rel=0.01)
    assert 200 < got.df[0] < 298


def test_a_group_of_one_cluster_has_no_error() -> None:
    x, group, cluster = np.arange(6.0), np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 3, 3, 3])
    sums = sums_of(x, group, cluster, np.ones(6), 2)
    assert np.isnan(contrasts(sums, np.array([-1.0, 1.0])).error[0])
    assert contrasts(sums, np.array([1.0, 0.0])).error[0] == pytest.approx(np.sqrt(1 / 3))
    assert np.isnan(wald(group, cluster, np.ones(6), x).p) and np.isnan(wild_cluster(group, cluster, np.ones(6), x))


def test_wald_of_two_groups_is_t_squared(rng: np.random.Generator) -> None:
    x, group, cluster, w = drawn(rng, "mixed")
    got, t = wald(group, cluster, w, w * x), contrasts(sums_of(x, group, cluster, w, 2), np.array([-1.0, 1.0]))
    assert (got.statistic, got.df1, got.df2) == pytest.approx(((t.value[0] / t.error[0]) ** 2, 1, t.df[0]), rel=1e-10)


def shared_freedom(group: np.ndarray, cluster: np.ndarray, w: np.ndarray, r: np.ndarray) -> float:
    """eta of Tipton and Pustejovsky 2015 from its definition: variances of the standardised covariances."""
    design = (group[:, None] == np.arange(r.shape[1])) * np.sqrt(w)[:, None]
    bread = np.linalg.inv(design.T @ design)
    annihilator = np.eye(len(w)) - design @ bread @ design.T
    values, vectors = np.linalg.eigh(r @ bread @ r.T)
    standard = r.T @ vectors @ np.diag(values**-0.5) @ vectors.T
    columns = []  # a cluster's: answers x questions
    for g in np.unique(cluster):
        own = cluster == g
        values, vectors = np.linalg.eigh(annihilator[np.ix_(own, own)])
        adjust = vectors @ np.diag(values**-0.5) @ vectors.T
        columns.append(annihilator[:, own] @ adjust @ design[own] @ bread @ standard)
    p = np.array(columns)
    gram = np.einsum("ins,jnt->ijst", p, p)
    spread = np.einsum("ijst,ijts->", gram, gram) + np.einsum("ijss,ijtt->", gram, gram)
    return float(len(r) * (len(r) + 1) / spread)


@pytest.mark.parametrize("design", ["crossed", "nested", "mixed"])
def test_wald_against_whole_matrices(rng: np.random.Generator, design: str) -> None:
    x, group, cluster, w = drawn(rng, design, 3)
    got, covariance = wald(group, cluster, w, w * x), by_matrices(x, group, cluster, w, np.ones(3))[2]
    r = np.array([[-1.0, 1, 0], [0, -1, 1]])  # other contrasts of the same question give the same answer
    apart = r @ [np.average(x[group == k], weights=w[group == k]) for k in range(3)]
    eta = shared_freedom(group, cluster, w, r)
    t2 = apart @ np.linalg.inv(r @ covariance @ r.T) @ apart
    assert got.df2 == pytest.approx(eta - 1, rel=1e-8)
    assert got.statistic == pytest.approx((eta - 1) / (2 * eta) * t2, rel=1e-8)
    assert got.p == pytest.approx(stats.f.sf(got.statistic, 2, eta - 1), rel=1e-10)


def test_wald_needs_more_clusters_than_questions() -> None:
    group, cluster = np.repeat(np.arange(3), 2), np.tile([0, 1], 3)
    assert np.isnan(wald(group, cluster, np.ones(6), np.array([1.0, 2, 4, 3, 5, 9])).p)
    assert np.isnan(wald(group[:2], cluster[:2], np.ones(2), np.ones(2)).p)  # one group


def wild_by_rows(x: np.ndarray, group: np.ndarray, cluster: np.ndarray) -> float:
    """The bootstrap as it is told: new answers for each change of signs, and the whole regression again."""
    names, found = np.unique(cluster), []
    for signs in itertools.product([1, -1], repeat=len(names)):
        new = x.mean() + np.array(signs)[np.searchsorted(names, cluster)] * (x - x.mean())
        got = contrasts(sums_of(new, group, cluster, np.ones(len(x)), 2), np.array([-1.0, 1.0]))
        found.append(abs(got.value[0] / got.error[0]))
    return float(np.mean(np.array(found) >= found[0] - 1e-9))


@pytest.mark.parametrize("design", ["crossed", "nested"])
def test_wild_bootstrap_against_rows(rng: np.random.Generator, design: str) -> None:
    cluster, group = rng.integers(0, 7, 60), rng.integers(0, 2, 60)
    group = group if design == "crossed" else cluster % 2
    x = rng.normal(80, 10, 60) + 4 * group
    assert wild_cluster(group, cluster, np.ones(60), x) == pytest.approx(wild_by_rows(x, group, cluster), abs=1e-12)


def test_drawn_weights_come_near_the_t_test_and_repeat(rng: np.random.Generator) -> None:
    cluster = np.repeat(np.arange(40), 10)
    x, group = rng.normal(0, 2, 40)[cluster] + rng.normal(80, 9, 400), cluster % 2
    x = x + 1.5 * group
    got, again = (wild_cluster(group, cluster, np.ones(400), x) for _ in range(2))
    t = contrasts(sums_of(x, group, cluster, np.ones(400), 2), np.array([-1.0, 1.0]))
    expected = 2 * stats.t.sf(abs(t.value[0] / t.error[0]), t.df[0])
    assert got == again and got == pytest.approx(expected, abs=0.02)


SIMULATIONS = 1_000


def null_sums(rng: np.random.Generator, clusters: int, groups: int, *, crossed: bool) -> tuple[np.ndarray, ...]:
    """Group, cluster, answers and their sum: clusters of unequal size and level, groups without a difference."""
    level = rng.normal(80, 5, clusters)
    cluster = np.tile(np.arange(clusters), groups if crossed else 1)
    group = np.repeat(np.arange(groups), clusters) if crossed else cluster % groups
    n = rng.integers(8, 40, len(cluster)).astype(float)
    passing = rng.normal(0, 2, len(cluster)) if crossed else 0.0
    return group, cluster, n, n * rng.normal(level[cluster] + passing, 15 / np.sqrt(n))


@pytest.mark.prove
@pytest.mark.parametrize("crossed", [True, False])
@pytest.mark.parametrize("clusters", [6, 12, 40])
def test_p_of_a_difference_when_there_is_none(
    rng: np.random.Generator, clusters: int, crossed: bool, figure: Figure
) -> None:
    runs = [null_sums(rng, clusters, 2, crossed=crossed) for _ in range(3 * SIMULATIONS)]
    columns = (np.concatenate(parts) for parts in zip(*runs, strict=True))
    problem = np.repeat(np.arange(len(runs)), len(runs[0][0]))
    t = contrasts(ClusterSums.of(problem, *columns, problems=len(runs), groups=2), np.array([-1.0, 1.0]))
    p = 2 * stats.t.sf(np.abs(t.value / t.error), t.df)
    assert 0.035 <= figure("p < 5 %", np.mean(p < 0.05)) <= 0.065
    assert stats.kstest(p, "uniform").pvalue > 0.001


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [8, 12, 30])
def test_wild_p_when_there_is_no_difference(rng: np.random.Generator, clusters: int, figure: Figure) -> None:
    p = [wild_cluster(*null_sums(rng, clusters, 2, crossed=True), draws=399) for _ in range(SIMULATIONS)]
    assert 0.03 <= figure("p < 5 %", np.mean(np.array(p) < 0.05)) <= 0.07


@pytest.mark.prove
@pytest.mark.parametrize(("clusters", "crossed"), [(8, True), (40, True), (24, False), (60, False)])
def test_wald_p_when_there_is_no_difference(
    rng: np.random.Generator, clusters: int, crossed: bool, figure: Figure
) -> None:
    """Few clusters of their own for each group make the test cautious, never bold."""
    p = [wald(*null_sums(rng, clusters, 4, crossed=crossed)).p for _ in range(SIMULATIONS)]
    assert 0.025 <= figure("p < 5 %", np.mean(np.array(p) < 0.05)) <= 0.07


def golden_agents() -> tuple[dict[str, Any], pd.DataFrame]:
    golden = json.loads((GOLDEN / "icc_design_effect.json").read_text())
    rows = pd.read_csv(GOLDEN / "data/csat.csv").assign(square=lambda r: r["score10"] ** 2)
    return golden, rows.groupby("agent").agg(n=("score10", "size"), x=("score10", "sum"), xx=("square", "sum"))


def test_icc_of_agents() -> None:
    """R also fits it by REML, which needs more than sums: the product keeps to the analysis of variance."""
    golden, agents = golden_agents()
    expected, n = golden["expected"], agents["n"].to_numpy()
    got = icc(n, agents["x"].to_numpy(), agents["xx"].to_numpy())
    assert (got.value, got.n0) == pytest.approx((expected["anova_icc"], expected["n0"]), rel=1e-7)
    assert design_effect(n, got.value) == pytest.approx(expected["deff_kish_unequal"], rel=1e-7)
    alike = np.full(len(n), n.mean())
    assert design_effect(alike, got.value) == pytest.approx(expected["deff_mean_m"], rel=1e-7)


def test_icc_of_shrout_and_fleiss() -> None:
    golden, _ = golden_agents()
    x = np.array(golden["inputs"]["shrout_fleiss"], dtype=float)
    got = icc(np.full(6, 4), x.sum(axis=1), (x**2).sum(axis=1))
    assert (got.value, got.n0) == pytest.approx((golden["expected"]["sf_icc1"], 4), rel=1e-7)


def test_icc_of_what_has_none() -> None:
    assert np.isnan(icc(np.array([9]), np.array([700.0]), np.array([60000.0])).value)  # one cluster
    assert np.isnan(icc(np.ones(5), np.arange(5.0), np.arange(5.0) ** 2).value)  # one answer each
    assert np.isnan(icc(np.full(2, 3), np.full(2, 9.0), np.full(2, 27.0)).value)  # all alike
    assert icc(np.full(2, 2), np.full(2, 10.0), np.full(2, 82.0)).value == -1
    assert design_effect(np.full(2, 2), -1) == 1 and np.isnan(design_effect(np.full(2, 2), np.nan))

"""Clustered regression from sums against whole matrices, statsmodels, the means of groups, and simulation."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.stats.clustered import ClusterSums, contrasts, wald
from analysis.stats.clustered_regression import clustered_ols, clustered_tests, sandwich
from analysis.stats.intervals import Omnibus
from analysis.stats.regression import CrossProducts, by_cluster, ols
from tests.proof import Figure

NAMES = ("a", "b", "team")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20270109)


def drawn(rng: np.random.Generator, n: int = 60, clusters: int = 9) -> tuple[np.ndarray, ...]:
    """Columns (one the same within a cluster), outcome, cluster and weight."""
    cluster = rng.integers(0, clusters, n)
    x = np.column_stack([rng.normal(5, 2, n), rng.integers(0, 2, n), rng.normal(0, 1, clusters)[cluster]])
    return (
        x,
        x @ [1, -2, 0.5] + rng.normal(0, 1, clusters)[cluster] + rng.normal(0, 3, n),
        cluster,
        rng.uniform(0.3, 4, n),
    )


def parts_of(x: np.ndarray, y: np.ndarray, cluster: np.ndarray, w: np.ndarray | None = None) -> list[CrossProducts]:
    names, one = NAMES[: x.shape[1]], np.ones(len(y))
    v = one if w is None else w
    return by_cluster(cluster, names, x, one, v * y, v * y**2, survey=w)


def asked(parts: list[CrossProducts], columns: tuple[str, ...] | list[str]) -> Omnibus:
    return clustered_tests(parts, {"other": ["a"], "these": columns})["these"]


def dense(x: np.ndarray, y: np.ndarray, cluster: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """CR2 as it is defined, with whole matrices: covariance, and for each cluster its answers x columns of p."""
    root = np.sqrt(w)
    design = sm.add_constant(x) * root[:, None]
    bread = np.linalg.inv(design.T @ design)
    annihilator = np.eye(len(y)) - design @ bread @ design.T
    pulls, columns = [], []
    for g in np.unique(cluster):
        own = cluster == g
        values, vectors = np.linalg.eigh(annihilator[np.ix_(own, own)])
        adjust = vectors @ np.diag(values**-0.5) @ vectors.T
        pulls.append(bread @ design[own].T @ adjust @ (annihilator @ (root * y))[own])
        columns.append(annihilator[:, own] @ adjust @ design[own] @ bread)
    return np.array(pulls).T @ np.array(pulls), columns


@pytest.mark.parametrize("weighted", [False, True])
def test_cr2_against_whole_matrices(rng: np.random.Generator, weighted: bool) -> None:
    for _ in range(5):
        x, y, cluster, w = drawn(rng)
        fit = clustered_ols(parts_of(x, y, cluster, w if weighted else None))
        covariance, columns = dense(x, y, cluster, w if weighted else np.ones(len(y)))
        assert fit.covariance == pytest.approx(covariance, rel=1e-7, abs=1e-12)
        for j in range(4):
            p = np.array([c[:, j] for c in columns])
            m = p @ p.T
            assert fit.df[j] == pytest.approx(np.trace(m) ** 2 / np.trace(m @ m), rel=1e-7)
        assert fit.clusters == len(columns) == fit.tests()[0].clusters


def test_htz_against_whole_matrices(rng: np.random.Generator) -> None:
    x, y, cluster, _ = drawn(rng, 90, 14)
    got = asked(parts_of(x, y, cluster), ["b", "a"])
    covariance, columns = dense(x, y, cluster, np.ones(90))
    design = sm.add_constant(x)
    bread, own = np.linalg.inv(design.T @ design), [1, 2]
    values, vectors = np.linalg.eigh(bread[np.ix_(own, own)])
    p = np.array([c[:, own] @ vectors @ np.diag(values**-0.5) for c in columns])
    gram = np.einsum("ins,jnt->ijst", p, p)
    eta = 6 / (np.einsum("ijst,ijts->", gram, gram) + np.einsum("ijss,ijtt->", gram, gram))
    b = np.linalg.lstsq(design, y, rcond=None)[0][own]
    f = (eta - 1) / (2 * eta) * b @ np.linalg.inv(covariance[np.ix_(own, own)]) @ b
    assert (got.statistic, got.df1, got.df2) == pytest.approx((f, 2, eta - 1), rel=1e-7)
    assert got.p == pytest.approx(stats.f.sf(f, 2, eta - 1), rel=1e-7)


def test_dummies_are_the_means_of_groups(rng: np.random.Generator) -> None:
    group, cluster, w = rng.integers(0, 3, 90), rng.integers(0, 9, 90), rng.uniform(0.3, 4, 90)
    y = rng.normal(80, 10, 90)
    x = (group[:, None] == [1, 2]).astype(float)
    parts = parts_of(x, y, cluster, w)
    fit, zero = clustered_ols(parts), np.zeros(90, int)
    sums = ClusterSums.of(zero, group, cluster, w, w * y, problems=1, groups=3)
    for j, c in enumerate(((1.0, 0, 0), (-1, 1.0, 0), (-1, 0, 1.0))):
        expected = contrasts(sums, np.array(c))
        assert fit.coefficients[j] == pytest.approx(expected.value[0], rel=1e-9)
        assert (fit.errors[j], fit.df[j]) == pytest.approx((expected.error[0], expected.df[0]), rel=1e-8)
    test, omnibus = asked(parts, ["a", "b"]), wald(group, cluster, w, w * y)
    assert (test.statistic, test.df2, test.p) == pytest.approx((omnibus.statistic, omnibus.df2, omnibus.p), rel=1e-8)


def test_one_column_is_t_squared(rng: np.random.Generator) -> None:
    parts = parts_of(*drawn(rng)[:3])
    fit, test = clustered_ols(parts), asked(parts, ["team"])
    t = fit.coefficients[3] / fit.errors[3]
    assert (test.statistic, test.df1, test.df2) == pytest.approx((t**2, 1, fit.df[3]), rel=1e-8)


def test_every_answer_its_own_cluster_is_hc2(rng: np.random.Generator) -> None:
    x, y, _, _ = drawn(rng)
    expected = sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC2")
    assert clustered_ols(parts_of(x, y, np.arange(60))).errors == pytest.approx(expected.bse, rel=1e-8)


def test_no_column_is_no_question(rng: np.random.Generator) -> None:
    assert np.isnan(asked(parts_of(*drawn(rng)[:3]), []).p)


def test_many_clusters_come_near_statsmodels(rng: np.random.Generator) -> None:
    x, y, cluster, _ = drawn(rng, 4_000, 300)
    expected = sm.OLS(y, sm.add_constant(x)).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    fit = clustered_ols(parts_of(x, y, cluster))
    assert fit.errors == pytest.approx(expected.bse, rel=0.02)
    assert np.all(fit.df[1:3] > 230)


def test_what_one_cluster_decides_has_no_error(rng: np.random.Generator) -> None:
    x, y, cluster, _ = drawn(rng)
    x[:, 1] = cluster == 3
    parts = parts_of(x, y, cluster)
    fit = clustered_ols(parts)
    assert np.isnan(fit.errors[2]) and np.isnan(fit.df[2]) and np.isnan(asked(parts, ["a", "b"]).p)
    assert fit.errors[1] > 0 and fit.df[1] > 0
    assert np.all(np.isnan(clustered_ols(parts[:1]).errors)) and np.isnan(asked(parts[:1], ["a"]).p)


def test_collinear_columns_change_nothing(rng: np.random.Generator) -> None:
    x, y, cluster, _ = drawn(rng)
    doubled = np.column_stack([x[:, 0], 2 * x[:, 0], x[:, 1]])
    fit, lean = clustered_ols(parts_of(doubled, y, cluster)), clustered_ols(parts_of(x[:, :2], y, cluster))
    assert fit.errors[[0, 1, 3]] == pytest.approx(lean.errors, rel=1e-8) and np.isnan(fit.errors[2])
    assert [c.name for c in fit.collinear] == ["b"]
    some = asked(parts_of(doubled, y, cluster), ["a", "b"])
    assert some.p == pytest.approx(lean.tests()[1].p, rel=1e-7) and some.df1 == 1


def test_sandwich_against_statsmodels(rng: np.random.Generator) -> None:
    x, y, cluster, _ = drawn(rng)
    fit, design = ols(parts_of(x, y, np.zeros(60))[0]), sm.add_constant(x)
    scores = design * (y - design @ fit.coefficients)[:, None]
    kwds = {"groups": cluster, "df_correction": True}
    expected = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds=kwds).cov_params() * (60 - 4) / 59
    assert sandwich(fit.inverse, scores, cluster) == pytest.approx(expected, rel=1e-8)
    assert np.all(np.isnan(sandwich(fit.inverse, scores, np.zeros(60))))


def null_parts(rng: np.random.Generator, clusters: int) -> list[CrossProducts]:
    """Unequal clusters with levels of their own; no column matters, one of them is the same within a cluster."""
    cluster = np.repeat(np.arange(clusters), rng.integers(4, 30, clusters))
    n = len(cluster)
    a = rng.normal(0, 1, clusters)[cluster] + rng.normal(0, 1, n)
    x = np.column_stack([a, rng.integers(0, 2, n), rng.normal(0, 1, clusters)[cluster]])
    return parts_of(x, rng.normal(0, 1, clusters)[cluster] + rng.normal(0, 3, n), cluster)


@pytest.mark.prove
@pytest.mark.parametrize("clusters", [10, 40])
def test_p_when_nothing_matters(rng: np.random.Generator, clusters: int, figure: Figure) -> None:
    """Clustered t and the joint test hold their 5 %, also for few teams; errors of independent answers do not."""
    runs = [null_parts(rng, clusters) for _ in range(400)]  # a level of 10 % would be found five times in six
    p = np.array([[t.p for t in clustered_ols(parts).tests()[1:]] for parts in runs])
    joint = np.array([asked(parts, NAMES).p for parts in runs])
    naive = np.array([[t.p for t in ols(sum(parts[1:], parts[0])).tests()[1:]] for parts in runs])
    each = figure("p < 5 %", np.mean(p < 0.05, axis=0))
    assert np.all((each > 0.02) & (each < 0.085))
    assert 0.01 <= figure("p < 5 %, jointly", np.mean(joint < 0.05)) <= 0.075
    assert figure("p < 5 %, naive", np.mean(naive[:, 2] < 0.05)) > 0.15

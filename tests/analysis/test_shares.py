"""Shares of a loss where there is little to learn from: few clusters, one cluster, one answer, no loss."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.shares import Shares, shares_of


def found(lost: np.ndarray, cluster: np.ndarray | None, inside: np.ndarray) -> Shares:
    """The share that the answers `inside` have of what all answers lost; one cell an answer."""
    base = pd.DataFrame({"n": 1.0, "lost": lost, "lost2": lost**2, "part": 1.0, "s": 0})
    base = base if cluster is None else base.assign(c=cluster)
    return shares_of(base[inside], base, 1)


def by_answers(lost: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """The linearised interval written out: residuals (part - share) x loss of independent answers."""
    n, share = len(lost), float(lost[inside].sum() / lost.sum())
    residuals = (inside - share) * lost
    reach = stats.t.ppf(0.975, n - 1) * np.sqrt((residuals**2).sum() * n / (n - 1)) / lost.sum()
    return max(share - reach, 0.0), min(share + reach, 1.0)


@pytest.fixture
def lost() -> np.ndarray:
    return np.random.default_rng(8).uniform(0, 40, 60)


@pytest.mark.parametrize(("clusters", "of_answers"), [(4, True), (5, False)])
def test_fewer_than_five_clusters_speak_of_their_answers(lost: np.ndarray, clusters: int, of_answers: bool) -> None:
    cluster = np.arange(60) % 10
    inside = cluster < clusters
    shares = found(lost, cluster, inside)
    own = (shares.low[0], shares.high[0])
    assert shares.share[0] == pytest.approx(lost[inside].sum() / lost.sum())
    assert (own == pytest.approx(by_answers(lost, inside))) is of_answers


def test_a_loss_within_one_cluster_speaks_of_its_answers(lost: np.ndarray) -> None:
    cluster, inside = np.arange(60) % 6, np.arange(60) < 30
    lost = np.where(cluster == 2, lost, 0.0)
    shares = found(lost, cluster, inside)
    assert (shares.low[0], shares.high[0]) == pytest.approx(by_answers(lost, inside))


@pytest.mark.parametrize("cluster", [None, np.zeros(1, dtype=int)])
def test_one_answer_has_all_of_its_loss_and_no_interval(cluster: np.ndarray | None) -> None:
    shares = found(np.array([30.0]), cluster, np.array([True]))
    assert shares.share[0] == 1 and np.isnan([shares.low[0], shares.high[0]]).all()


def test_nothing_lost_has_no_share() -> None:
    shares = found(np.zeros(20), None, np.arange(20) < 5)
    assert shares.lost[0] == 0 and np.isnan([shares.share[0], shares.low[0], shares.high[0]]).all()


def test_clusters_that_are_all_blank_are_none(lost: np.ndarray) -> None:
    inside = np.arange(60) < 30
    shares = found(lost, np.full(60, -1), inside)
    assert (shares.low[0], shares.high[0]) == pytest.approx(by_answers(lost, inside))

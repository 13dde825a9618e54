"""What is the effective sample size of a pair of columns? Weights and clusters make it smaller.

Answers of one team are correlated, so a pair has fewer independent answers than rows. The design effect is the
variance between clusters of the sums behind a coefficient, relative to the variance under independence. Sums are
those of u v', the centred scores of both quantities; a nominal quantity has an indicator per member, divided by the
root of its share, which makes the effect the first-order correction of Rao and Scott (1984, Annals of Statistics
12:46). Counts divided by it may be tested as if answers were independent. An answer without a cluster is a cluster of
its own: its square counts among the sums of clusters as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.stats.distributions import Z_95, t_ppf
from analysis.stats.intervals import Array
from analysis.stats.patience import step_by_step

LEAST_CLUSTERS = 5  # with fewer, the spread between them is a guess: answers then stand alone


def kish(weights: float, squares: float) -> float:
    """Answers of equal weight that these are worth, from the sums of weights and of their squares (Kish 1965).

    >>> kish(6, 14)
    2.5714285714285716
    """
    return weights * weights / squares if squares > 0 else 0.0


@dataclass(frozen=True)
class Side:
    """One quantity of a pair: the share of answers at each value, and their scores less the mean.

    Without scores it has no order, and an indicator for each member.
    """

    share: Array
    scores: Array | None

    @classmethod
    def of(cls, margin: Array, scores: Array | None) -> Side:
        """From the answers by value; values that nobody gave do not count."""
        share = margin / margin.sum()
        return cls(share, None if scores is None else scores - share @ scores)

    @property
    def norms(self) -> Array:
        """Squared length of the scores of each value."""
        if self.scores is not None:
            return np.asarray(self.scores**2)
        return np.where(self.share > 0, 1 / np.where(self.share > 0, self.share, 1.0) - 1, 0.0)

    def folded(self, sums: Array) -> Array:
        """Sums by value (last axis) as sums of scores."""
        if self.scores is not None:
            return np.asarray(sums @ self.scores)[..., None]
        root = np.sqrt(np.where(self.share > 0, self.share, 1.0))
        return np.asarray((sums - self.share * sums.sum(axis=-1, keepdims=True)) / root)


def folded(tables: Array, x: Side, y: Side) -> Array:
    """Sums of u v' of tables (..., values of x, values of y)."""
    return x.folded(np.swapaxes(y.folded(tables), -1, -2))


def spread_of_rows(squares: Array, x: Side, y: Side, mean: Array) -> float:
    """Sum over single answers of |u v' - mean| squared; `squares` are the squared weights by cell."""
    own = float(x.norms @ squares @ y.norms)
    return own - 2 * float(np.sum(mean * folded(squares, x, y))) + float(squares.sum() * np.sum(mean**2))


def design_effect(
    blocks: Iterable[Array], counts: Array, squares: Array, x: Side, y: Side, *, alone: Array | None = None
) -> float:
    """The design effect of a pair, at least 1.

    blocks: tables of the weights of some clusters (clusters, values of x, values of y); with the answers without a
    cluster, all together are `counts`. squares: squared weights of single answers by cell (equal to `counts` where
    each counts once); alone: those of the answers without a cluster.

    >>> t = np.array([[[5.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 5.0]]] * 10)
    >>> side = Side.of(np.array([50.0, 50.0]), np.array([0.0, 1.0]))
    >>> design_effect([t], t.sum(axis=0), t.sum(axis=0), side, side)
    1.0
    """
    mean = folded(counts, x, y) / counts.sum()
    between, clusters = 0.0, 0
    for block in step_by_step(blocks):
        sizes = block.sum(axis=(1, 2))
        between += float(np.sum((folded(block, x, y) - sizes[:, None, None] * mean) ** 2))
        clusters += int(np.count_nonzero(sizes))
    lone = 0.0 if alone is None else spread_of_rows(alone, x, y, mean)
    return effect(between, spread_of_rows(squares, x, y, mean), clusters, lone)


def effect_of_sums(sums: Array, sizes: Array, within: float, *, mean: Array, lone: float = 0.0) -> float:
    """`design_effect` from the sums of u v' by cluster (clusters, scores), their mean an answer, and the spread of
    single answers: of all, and of those without a cluster.
    """
    between = float(np.sum((sums - sizes[:, None] * mean) ** 2))
    return effect(between, within, int(np.count_nonzero(sizes)), lone)


def effect(between: float, within: float, clusters: int, lone: float = 0.0) -> float:
    """From the squared sums of clusters and of single answers, both less their means; at least 1. `lone` is the part
    of single answers in `within` that have no cluster.

    Few clusters know their own spread less well: what they lack against many is added by the reach of Student's t.
    """
    if clusters < LEAST_CLUSTERS or not within > 0:
        return 1.0
    return max(1.0, (between * clusters / (clusters - 1) * _reach(clusters) ** 2 + lone) / within)


@cache
def _reach(clusters: int) -> float:
    return float(t_ppf(0.975, clusters - 1) / Z_95)

"""Which whole ratings have exactly this mean and about this spread? How are they dealt to groups without effect?"""

from __future__ import annotations

import numpy as np
from scipy.optimize import root

from sample_data.draws import Floats, Ints

LEVELS = np.arange(1, 11)


def ratings(n: int, total: int, sd: float, rng: np.random.Generator) -> Ints:
    """`n` ratings 1..10 in random order with this sum and about this spread x 10.

    >>> drawn = ratings(250, 1650, 20.0, np.random.default_rng(1))
    >>> float(drawn.mean()), bool(abs(drawn.std() - 2) < 0.05)
    (6.6, True)
    """
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    counts = _whole(n * _shares(total / n, sd / 10), n)
    drawn = np.repeat(LEVELS, counts)
    rng.shuffle(drawn)
    missing = total - int(drawn.sum())
    step = 1 if missing > 0 else -1
    able = np.flatnonzero((drawn + step >= 1) & (drawn + step <= 10))
    drawn[able[: abs(missing)]] += step
    return drawn


def _shares(mean: float, sd: float) -> Floats:
    """Shares of the levels of the smoothest distribution with this mean and spread (largest entropy)."""

    def shares(weights: Floats) -> Floats:
        powers = weights[0] * (LEVELS - mean) + weights[1] * (LEVELS - mean) ** 2
        raised = np.exp(powers - powers.max())
        return np.asarray(raised / raised.sum())

    def misfit(weights: Floats) -> list[float]:
        share = shares(weights)
        return [float(share @ LEVELS - mean), float(share @ (LEVELS - mean) ** 2 - sd**2)]

    return shares(root(misfit, np.array([0.0, -0.1])).x)


def _whole(wanted: Floats, n: int) -> Ints:
    """Whole counts nearest to the wanted ones that add up to n."""
    counts = np.floor(wanted).astype(np.int64)
    order = np.argsort(counts - wanted, kind="stable")
    counts[order[: n - int(counts.sum())]] += 1
    return counts


def dealt(score: Floats, groups: int, rng: np.random.Generator, noise: float = 2.0) -> Ints:
    """A group for each row, all of one size and of nearly one mean rating: less apart than chance would make them."""
    order = np.argsort(np.nan_to_num(score, nan=7.0) + noise * rng.standard_normal(len(score)), kind="stable")
    blocks = -(-len(score) // groups)
    dealt_out = rng.permuted(np.tile(np.arange(groups), (blocks, 1)), axis=1).ravel()[: len(score)]
    found = np.empty(len(score), dtype=np.int64)
    found[order] = dealt_out
    return found

"""Makes `horizon.WITH_WILD`: how far an effect must be from 0 for all three tests to agree with 80 % power."""

from __future__ import annotations

import numpy as np

from analysis.effect.few_clusters import WILD_BELOW
from analysis.effect.history import Spread
from analysis.effect.horizon import Trial
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.power import POWER
from analysis.stats.wild_bootstrap import wild_coefficient


def errors_needed(clusters: int, treated: int, *, draws: int = 400, seed: int = 5) -> float:
    """By bisection over effects, of the same changes of clusters of one size."""
    marked = np.arange(clusters) < treated
    trial = Trial(np.ones(clusters), marked, 1.0, Spread(1.0, 0.0, 0.0))
    changes = np.random.default_rng(seed).normal(size=(draws, clusters)) / np.sqrt(
        1 / treated + 1 / (clusters - treated)
    )
    others = np.maximum(trial.by_interval(changes), trial.by_choice(changes))
    low, high = float(np.quantile(others, POWER)), 12 * float(np.quantile(others, POWER))
    for _ in range(8):
        middle = (low * high) ** 0.5
        agreed = [own <= middle and wild(row + middle * marked, marked) <= SIGNIFICANCE
                  for row, own in zip(changes, others, strict=True)]  # fmt: skip
        low, high = (low, middle) if np.mean(agreed) >= POWER else (middle, high)
    return (low * high) ** 0.5


def wild(changes: np.ndarray, marked: np.ndarray) -> float:
    """p of the wild bootstrap for clusters of one size, half of their answers after the start."""
    xx = np.zeros((len(changes), 2, 2))
    xx[:, 0, 0], xx[:, 0, 1], xx[:, 1, 0], xx[:, 1, 1] = 0.5, 0.5 * marked, 0.5 * marked, 0.5 * marked
    xy = 0.5 * changes[:, None] * np.column_stack([np.ones(len(changes)), marked])
    return wild_coefficient(xx, xy, 1, draws=599)


if __name__ == "__main__":
    for clusters in range(7, WILD_BELOW):
        row = {k: round(errors_needed(clusters, k), 2) for k in range(2, clusters // 2 + 1)}
        print(f"    {clusters}: {row},", flush=True)

"""Many contrasts of the same means at once, each as `clustered.contrasts` gives it by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.clustered import ClusterSums, Contrasts, parts_of, traces_of
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Spread:
    """What any contrast of K group means is made of.

    means: (K,); known: (K,) whether a group has clusters enough; pulls: (G, K) of G clusters through each mean;
    trace: (K,) and traces: (K, K) of the working model, from which freedom comes; often: (G,) clusters that a row
    stands for.
    """

    means: Array
    known: Array
    pulls: Array
    trace: Array
    traces: Array
    often: Array
    clusters: int

    @classmethod
    def of(cls, sums: ClusterSums) -> Spread:
        """From sums of one problem."""
        known = sums.by_group() > 1
        with np.errstate(divide="ignore", invalid="ignore"):
            means = sums.by_group(sums.total) / sums.by_group(sums.weight)
            pulls, d, p = (np.where(known, part, 0.0) for part in parts_of(sums, np.ones(sums.groups)))
        trace, traces = sums.often @ (d - p**2), traces_of(d, p, sums.often)
        return cls(np.where(known, means, 0.0), known, pulls, trace, traces, sums.often, int(sums.named.sum()))

    def contrasts(self, coefficients: Array) -> Contrasts:
        """Of (R, K) coefficients; NaN where one rests on a mean that is not known.

        >>> cluster, group = np.arange(8), np.arange(8) // 4
        >>> own = ClusterSums.of(0 * group, group, cluster, np.ones(8), cluster**2.0, problems=1, groups=2)
        >>> found = Spread.of(own).contrasts(np.array([[-1, 1], [1, 0]])); found.value, found.error.round(3)
        (array([28. ,  3.5]), array([7.405, 2.021]))
        """
        c = np.asarray(coefficients, dtype=float)
        unknown = ((c != 0) & ~self.known).any(axis=1)
        error = np.sqrt(self.often @ (self.pulls @ c.T) ** 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            df = (c**2 @ self.trace) ** 2 / ((c**2 @ self.traces) * c**2).sum(axis=1)
        value, error, df = (np.where(unknown, NAN, found) for found in (c @ self.means, error, df))
        return Contrasts(value, error, df, np.full(len(c), self.clusters))

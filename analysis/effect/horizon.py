"""What effect could be shown after so many weeks? For a split of clusters into treated and control, before it starts.

The effect is told by how much more the treated clusters change than the others (see `analysis.effect.did`), a cluster
weighing by its answers. Its true error is that of the history: luck of single answers, and what clusters do by
themselves. Whether it is called one depends on the estimated error, too: its interval (CR2 with the smaller of
Satterthwaite's and Welch's freedom), the randomisation test where few are treated, and the wild bootstrap where there
are few clusters. What that takes, in true errors, comes from changes drawn by a seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np

from analysis.effect.few_clusters import WILD_BELOW, are_few
from analysis.effect.history import Spread
from analysis.effect.randomisation import smallest_p
from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.distributions import normal_ppf, t_ppf
from analysis.stats.intervals import SIGNIFICANCE, Array
from analysis.stats.power import ALPHA, POWER

DRAWS = 1_000
MOST_CHOICES = 600  # of treated clusters, drawn where there are more
# Errors that a true effect must be away from 0 for interval, randomisation test and wild bootstrap to agree with 80 %
# power, for clusters of one size: clusters -> the smaller group -> errors. From tests/analysis/effect/wild_table.py.
WITH_WILD: Mapping[int, Mapping[int, float]] = {
    7: {2: 7.29, 3: 5.12},
    8: {2: 8.66, 3: 4.41, 4: 4.15},
    9: {2: 9.37, 3: 4.14, 4: 3.61},
    10: {2: 12.65, 3: 4.08, 4: 3.51, 5: 3.31},
    11: {2: 14.91, 3: 4.32, 4: 3.61, 5: 3.39},
}


@dataclass(frozen=True)
class Trial:
    """Clusters with their answers a week, which of them are treated, weeks before the start, and how they spread."""

    rates: Array
    treated: Array
    before: float
    spread: Spread

    @property
    def clusters(self) -> int:
        return len(self.rates)

    @property
    def treated_clusters(self) -> int:
        return int(self.treated.sum())

    @property
    def smallest_p(self) -> float:
        """The smallest p that re-treating clusters can reach; 1 without any choice."""
        p = smallest_p(self.clusters, self.treated_clusters)
        return p if p == p else 1.0

    @property
    def randomises(self) -> bool:
        """Whether the randomisation test must agree."""
        return are_few(self.clusters, self.treated_clusters)

    @property
    def can_be_judged(self) -> bool:
        """Whether it can be said what effect clusters show: enough of them, of answers whose spread is known."""
        return self.has_enough and self.spread.is_known

    @property
    def has_enough(self) -> bool:
        """Whether clusters can show any effect at all, however large."""
        several = 2 <= self.treated_clusters <= self.clusters - 2
        return several and not (self.randomises and self.smallest_p > SIGNIFICANCE)

    def variances(self, weeks: float) -> Array:
        """Variance of each cluster's change after so many weeks."""
        answers = self.spread.within / self.rates * (1 / self.before + 1 / weeks)
        return np.asarray(answers + self.spread.of_change(self.before, weeks))

    def error(self, weeks: float) -> float:
        """Standard error of the effect after so many weeks."""
        return float((self.pull**2 @ self.variances(weeks)) ** 0.5)

    @cached_property
    def pull(self) -> Array:
        """How far the effect moves with the change of each cluster."""
        return np.asarray(_pulls(self.rates, self.treated[None, :])[0])

    def detectable(self, weeks: float, smallest: float) -> float:
        """The smallest true effect that is called effective with 80 % power; infinite where none ever is.

        Its estimate must also reach the smallest effect that matters.
        """
        if not self.can_be_judged:
            return float("inf")
        error = self.error(weeks)
        return max(self.factor * error, smallest + float(normal_ppf(POWER)) * error)

    def tells_from_none(self, weeks: float, smallest: float) -> bool:
        """Whether a remedy that does nothing would be called not effective with 80 % power."""
        return self.can_be_judged and self.interval_factor * self.error(weeks) <= smallest

    @cached_property
    def factor(self) -> float:
        """Errors that a true effect must be away from 0 to be called one with 80 % power."""
        own = [self.interval_factor]
        if self.randomises:
            own.append(float(np.quantile(self.by_choice(self._drawn), POWER)))
        if self.clusters < WILD_BELOW:
            group = min(self.treated_clusters, self.clusters - self.treated_clusters)
            own.append(WITH_WILD.get(self.clusters, {}).get(group, 0.0))
        return max(own)

    @cached_property
    def interval_factor(self) -> float:
        """The same of the interval alone."""
        return float(np.quantile(self.by_interval(self._drawn), POWER))

    def by_interval(self, drawn: Array) -> Array:
        """For each draw of changes the effect from which on its interval leaves out 0."""
        own = np.where(self.treated, drawn @ np.where(self.treated, self.pull, 0)[:, None],
                       -drawn @ np.where(self.treated, 0, self.pull)[:, None])  # fmt: skip
        size = np.abs(self.pull)
        squares = (size * (drawn - own)) ** 2 / (1 - size)
        treated, control = squares[:, self.treated].sum(axis=1), squares[:, ~self.treated].sum(axis=1)
        # the share of a cluster in its group is what the square of its pull is expected to be
        free = [size[side].sum() ** 2 / (size[side] ** 2).sum() - 1 for side in (self.treated, ~self.treated)]
        welch = (treated + control) ** 2 / (treated**2 / free[0] + control**2 / free[1])
        reach = t_ppf(1 - ALPHA / 2, np.minimum(welch, self._satterthwaite)) * np.sqrt(treated + control)
        return np.asarray(reach - drawn @ self.pull)

    @cached_property
    def _drawn(self) -> Array:
        """Changes under no effect, such that the effect has an error of 1."""
        variance = self.variances(self.before)
        changes = np.random.default_rng(1).normal(size=(DRAWS, self.clusters)) * np.sqrt(variance)
        return np.asarray(changes / (self.pull**2 @ variance) ** 0.5)

    @property
    def _satterthwaite(self) -> float:
        """Freedom of CR2 where clusters spread alike."""
        k, one = np.arange(self.clusters), np.zeros(self.clusters, dtype=int)
        sums = ClusterSums.of(one, self.treated.astype(int), k, self.rates, self.rates * 0.0, problems=1, groups=2)
        return float(contrasts(sums, np.array([-1.0, 1.0])).df[0])

    def by_choice(self, drawn: Array) -> Array:
        """For each draw the effect from which on few enough other choices of treated clusters move as far."""
        choices = _choices(self.clusters, self.treated)
        pulls = _pulls(self.rates, choices)
        alike = pulls @ self.treated  # what an effect of 1 is under each choice
        moved, observed = drawn @ pulls.T, (drawn @ self.pull)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            needed = np.maximum((moved - observed) / (1 - alike), (-moved - observed) / (1 + alike))
        needed = np.where(np.isclose(np.abs(alike), 1), np.inf, needed)
        allowed = int(SIGNIFICANCE * len(choices) + 1e-9)
        return np.asarray(-np.partition(-needed, allowed, axis=1)[:, allowed])


def _pulls(rates: Array, choices: Array) -> Array:
    """For each choice of treated clusters (rows): the weights of their changes less those of the others."""
    treated, others = choices * rates, ~choices * rates
    return np.asarray(treated / treated.sum(axis=1, keepdims=True) - others / others.sum(axis=1, keepdims=True))


def _choices(clusters: int, treated: Array) -> Array:
    """Every choice of as many clusters, or some by chance: the true one is the first."""
    k = int(treated.sum())
    if comb(clusters, k) <= MOST_CHOICES:
        return np.array([np.isin(np.arange(clusters), choice) for choice in combinations(range(clusters), k)])
    rng = np.random.default_rng(1)
    return np.array([treated, *(np.isin(np.arange(clusters), rng.permutation(clusters)[:k])
                                for _ in range(MOST_CHOICES - 1))])  # fmt: skip

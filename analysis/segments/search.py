"""Which few conjunctions explain a change best? Forward steps, each followed by swaps and drops, under a price.

The value of a set of segments is its log likelihood ratio less a price for each of them: the logarithm of how many
candidates of its depth there were to choose from and a surcharge by depth. The first segment of all costs an entry
besides, so that data without a cause name one in at most one of twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from analysis.segments.joint import Fit, Labels
from analysis.segments.levels import Evidence
from analysis.segments.space import Array, Codes, Space

EXACT = 40  # candidates refitted exactly at every step
MOST = 12  # segments: a list that people read
BETTER = 1e-6
AS_GOOD, ALIKE = 2.0, 0.8  # two causes the data cannot tell apart: nearly the same value, mostly the same answers
MEDIAN_CHI2 = 0.4549364  # median of chi-squared with one degree of freedom
ENOUGH, SURELY = 100, 1.2  # candidates, and scatter beyond chance, from which on answers are held to share a fate


@dataclass(frozen=True)
class Prices:
    """What a segment must bring, in units of log likelihood: log(candidates of its depth) + surcharge[depth - 1]."""

    surcharge: tuple[float, ...] = (1.5, 2.5, 3.5)
    entry: float = 2.0

    def of(self, depths: Codes) -> Array:
        counts = np.bincount(depths)
        extra = np.array([self.surcharge[min(d, len(self.surcharge)) - 1] for d in range(1, len(counts))])
        return np.asarray((np.log(np.maximum(counts[1:], 1)) + extra)[depths - 1])


@dataclass(frozen=True)
class Choice:
    """Chosen candidates of a space, their joint fit, and its value."""

    chosen: tuple[int, ...]
    fit: Fit
    value: float


@dataclass
class Search:
    """One search over one space; `scale` is how much wider than chance the evidence scatters (variance, >= 1)."""

    space: Space
    evidence: Evidence
    prices: Prices = field(default_factory=Prices)
    scale: float = 1.0
    progress: Callable[[int], None] = lambda found: None

    def __post_init__(self) -> None:
        w, s = self.evidence.weight, self.evidence.sum
        self.w0, self.w1, self.s0, self.s1 = self.space.sums((w[:, 0], w[:, 1], s[:, 0], s[:, 1]))
        before, now = w.sum(axis=0)
        self._whole = float(before * now / (before + now)) * 1.0001  # a lone candidate may be nearly everything
        self.price = self.prices.of(self.space.depths)
        self._rows: dict[int, Codes] = {}
        self._shared: dict[int, Array] = {}

    def best(self) -> Choice:
        """The set that no single step betters; empty when it does not earn its entry."""
        nothing = now = self._choice(())
        while len(now.chosen) < MOST:
            more = self._forward(now)
            if more is None:
                break
            now = self._settled(more)
            self.progress(len(now.chosen))
        return now if now.value - self.prices.entry > nothing.value else nothing

    def runners_up(self, now: Choice, count: int) -> Choice:
        """The choice and the next best candidates after it, whether they earn their price or not."""
        while len(now.chosen) < count:
            more = self._with_best(now.chosen)
            if more is None:
                break
            now = more
        return now

    def alternative(self, now: Choice, i: int) -> int | None:
        """Another candidate of nearly the same cells that would do as well in the place of chosen candidate i."""
        others = tuple(k for k in now.chosen if k != i)
        labels = Labels([self.rows(k) for k in others], self.evidence)
        near = [k for k in self.ranked(others, labels.fit()) if k != i and self.alike(i, k) > ALIKE]
        choices = [self._added(labels, others, k) for k in near]
        best = max(choices, key=lambda choice: choice.value, default=None)
        return best.chosen[-1] if best and best.value > now.value - AS_GOOD else None

    def alike(self, i: int, k: int) -> float:
        """Weight that two candidates share, of the weight of either."""
        both = np.intersect1d(self.rows(i), self.rows(k), assume_unique=True)
        weight = self.evidence.weight
        shared = float(weight[both].sum())
        return shared / (float(weight[self.rows(i)].sum() + weight[self.rows(k)].sum()) - shared)

    def inflation(self, now: Choice) -> float:
        """How much wider than chance the singles and pairs scatter that nothing was chosen from: variance, >= 1.

        By the median of z^2 over that of chi-squared with one freedom: a few real changes do not move it.
        """
        z = self.evidence_of(now.chosen, now.fit)[self.space.depths <= 2]
        found = float(np.median(z**2)) / MEDIAN_CHI2 if len(z) >= ENOUGH else 1.0
        return found if found > SURELY else 1.0

    def rows(self, i: int) -> Codes:
        if i not in self._rows:
            self._rows[i] = self.space.rows(self.space.where(i))
        return self._rows[i]

    def evidence_of(self, chosen: tuple[int, ...], fit: Fit) -> Array:
        """(candidates,) z of what each candidate's own change is beyond what is explained."""
        left = self.s1 - fit.beta[0] * self.w1
        for i, beta in zip(chosen, fit.beta[1:], strict=True):
            left = left - beta * self._overlap(i)
        change = left / self.w1 - self.s0 / self.w0
        own = self.w0 * self.w1 / (self.w0 + self.w1)
        return np.asarray(
            change * np.sqrt(own / (1 - own / self._whole) / self.scale)
        )  # the general change is fitted

    def ranked(self, chosen: tuple[int, ...], fit: Fit, count: int = EXACT) -> list[int]:
        """Candidates by what they would add beyond their price, best first."""
        worth = self.evidence_of(chosen, fit) ** 2 / 2 - self.price
        worth[list(chosen)] = -np.inf
        top = np.argpartition(-worth, min(count, len(worth) - 1))[:count]
        return [int(i) for i in top[np.lexsort((top, -worth[top]))] if np.isfinite(worth[i])]

    def _overlap(self, i: int) -> Array:
        """(candidates,) weight of the later period that each shares with candidate i."""
        if i not in self._shared:
            rows = self.rows(i)
            self._shared[i] = self.space.sums((self.evidence.weight[rows, 1],), rows)[0]
        return self._shared[i]

    def _value(self, chosen: Iterable[int], fit: Fit) -> float:
        return (fit.gain / self.scale) - fit.general - float(self.price[list(chosen)].sum())

    def _choice(self, chosen: tuple[int, ...]) -> Choice:
        fit = Labels([self.rows(i) for i in chosen], self.evidence).fit()
        return Choice(chosen, fit, self._value(chosen, fit))

    def _with_best(self, chosen: tuple[int, ...]) -> Choice | None:
        """`chosen` and the one candidate that adds most to it."""
        labels = Labels([self.rows(i) for i in chosen], self.evidence)
        found: Choice | None = None
        for i in self.ranked(chosen, labels.fit()):
            choice = self._added(labels, chosen, i)
            if found is None or choice.value > found.value + BETTER:
                found = choice
        return found

    def _added(self, labels: Labels, chosen: tuple[int, ...], i: int) -> Choice:
        fit = labels.fit_with(self.rows(i))
        return Choice((*chosen, i), fit, self._value((*chosen, i), fit))

    def _forward(self, now: Choice) -> Choice | None:
        found = self._with_best(now.chosen)
        return found if found and found.value > now.value + BETTER else None

    def _settled(self, now: Choice) -> Choice:
        """Swap and drop one segment at a time until nothing gets better."""
        while True:
            better = max(self._neighbours(now), key=lambda choice: choice.value, default=now)
            if better.value <= now.value + BETTER:
                return now
            now = better

    def _neighbours(self, now: Choice) -> Iterable[Choice]:
        for i in now.chosen:
            others = tuple(k for k in now.chosen if k != i)
            yield self._choice(others)
            swapped = self._with_best(others)
            if swapped is not None:
                yield swapped

"""Which few conjunctions explain a change best? Forward steps, each followed by swaps and drops, under a price.

The value of a set of segments is its log likelihood ratio less a price for each of them: the logarithm of how many
candidates of its depth there were to choose from and a surcharge by depth. The first segment of all costs an entry
besides, so that data without a cause name one in at most one of twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from analysis.segments.joint import Fit, Labels
from analysis.segments.levels import Evidence
from analysis.segments.space import Array, Codes, Space

EXACT, ROUGH = 40, 8  # candidates refitted exactly at every step, and to tell what comes next
MOST = 12  # segments: a list that people read
BETTER = 1e-6
AS_GOOD, ALIKE = 2.0, 0.8  # two causes the data cannot tell apart: nearly the same value, mostly the same answers
MEDIAN_CHI2 = 0.4549364  # median of chi-squared with one degree of freedom
ENOUGH, LUCK, PLAINLY = 8, 0.002, 1.2  # candidates, p and size that put scatter beyond chance


@dataclass(frozen=True)
class Prices:
    """What a segment must bring, in units of log likelihood: log(candidates of its depth) + surcharge[depth - 1]."""

    surcharge: tuple[float, ...] = (2.0, 3.0, 4.0)
    entry: float = 1.5

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
    """One search over one space; `scale` is how much wider than chance each candidate scatters (variance, >= 1)."""

    space: Space
    evidence: Evidence
    prices: Prices = field(default_factory=Prices)
    progress: Callable[[int], None] = lambda found: None

    def __post_init__(self) -> None:
        w, s = self.evidence.weight, self.evidence.sum
        self.w0, self.w1, self.s0, self.s1 = self.space.sums((w[:, 0], w[:, 1], s[:, 0], s[:, 1]))
        before, now = w.sum(axis=0)
        self._whole = float(before * now / (before + now)) * 1.0001  # a lone candidate may be nearly everything
        self.scale = np.ones(len(self.space))
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
        entry = self.prices.entry * self.scale[list(now.chosen)].max(initial=1.0)
        return now if now.value - entry > nothing.value else nothing

    def runners_up(self, now: Choice, count: int) -> Choice:
        """The choice and the next best candidates after it, whether they earn their price or not."""
        while len(now.chosen) < count:
            more = self._with_best(now.chosen, ROUGH)
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

    def scatter(self, now: Choice) -> Array:
        """(candidates,) how much wider than chance candidates like each scatter that explain nothing: variance, >= 1.

        The conjunctions over one tuple of dimensions have no answer in common, so their z are independent; where more
        than half of them exceed the median of chance by far, their members waver from period to period by themselves.
        A candidate is held against the widest scatter of its own dimensions. A few real changes do not move a median;
        but many members chosen of one dimension hide its scatter: that of its singles is then told without them.
        """
        singles = int((self.space.depths == 1).sum())
        z, own = self.evidence_of(now.chosen, now.fit), dict[tuple[int, ...], float]()
        for block, start in zip(self.space.blocks, self.space.starts, strict=False):
            at = slice(start, start + len(block.keys))
            many = start < singles and self._many(now, block.dimensions[0], len(block.keys))
            own[block.dimensions] = _wider(self._single(now, block.dimensions[0], at) if many else z[at])
        widest = [max(own[d] for d in own if set(d) <= set(block.dimensions)) for block in self.space.blocks]
        return np.repeat(widest, [len(block.keys) for block in self.space.blocks])

    def _many(self, now: Choice, dimension: int, members: int) -> bool:
        """Whether more of a dimension was chosen than a few members that really changed."""
        return 4 * sum(dimension in dict(self.space.where(i)) for i in now.chosen) > members

    def _single(self, now: Choice, dimension: int, at: slice) -> Array:
        """z of the members of a dimension, around their median, beyond what was chosen of other dimensions."""
        left = self.s1[at]
        for i, beta in zip(now.chosen, now.fit.beta[1:], strict=True):
            if all(d != dimension for d, _ in self.space.where(i)):
                left = left - beta * self._overlap(i)[at]
        w0, w1 = self.w0[at], self.w1[at]
        return _centred(left / w1 - self.s0[at] / w0, w0 * w1 / (w0 + w1))

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
        own = own / (1 - own / self._whole)  # the general change is fitted too
        return np.asarray(change * np.sqrt(own))

    def ranked(self, chosen: tuple[int, ...], fit: Fit, count: int = EXACT) -> list[int]:
        """Candidates by what they would add beyond their price, best first."""
        worth = self.evidence_of(chosen, fit) ** 2 / 2 - self.price * self.scale
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
        at = list(chosen)
        return fit.gain - fit.general - float((self.price * self.scale)[at].sum())

    def _choice(self, chosen: tuple[int, ...]) -> Choice:
        fit = Labels([self.rows(i) for i in chosen], self.evidence).fit()
        return Choice(chosen, fit, self._value(chosen, fit))

    def _with_best(self, chosen: tuple[int, ...], count: int = EXACT) -> Choice | None:
        """`chosen` and the one candidate that adds most to it."""
        labels = Labels([self.rows(i) for i in chosen], self.evidence)
        found: Choice | None = None
        for i in self.ranked(chosen, labels.fit(), count):
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


def _centred(change: Array, weight: Array) -> Array:
    """z of changes against their weighted median, which one that is large does not move."""
    order = np.argsort(change, kind="stable")
    sums = np.cumsum(weight[order])
    middle = change[order][np.searchsorted(sums, sums[-1] / 2)]
    return np.asarray((change - middle) * np.sqrt(weight))


def _wider(z: Array) -> float:
    """Scatter of independent z by their median square over that of chance; 1 unless it is surely and plainly more."""
    if len(z) < ENOUGH:
        return 1.0
    middle = float(np.median(z**2))
    luck = float(stats.binom.sf(len(z) / 2 - 1, len(z), stats.chi2.sf(middle, 1)))  # of a median so far out
    found = middle / MEDIAN_CHI2
    return found if found > PLAINLY and luck < LUCK else 1.0

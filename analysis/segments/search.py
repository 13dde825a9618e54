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

EXACT, ROUGH = 24, 8  # candidates refitted exactly at every step, and to tell what comes next
MOST = 12  # segments: a list that people read
BETTER = 1e-6
AS_GOOD, ALIKE = 2.0, 0.8  # two causes the data cannot tell apart: nearly the same value, mostly the same answers
FEW = 60.0  # answers of the variance of all that each segment's own is drawn to


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
    """One search over one space; `sums` (candidates, 7) of the columns of the evidence.

    wide: how much wider than chance candidates scatter; uneven: how much wider the answers of each lie than their
    level tells, as they do where few of them are extreme (both are factors of variance, >= 1).
    """

    space: Space
    evidence: Evidence
    sums: Array
    prices: Prices = field(default_factory=Prices)
    progress: Callable[[int], None] = lambda found: None

    def __post_init__(self) -> None:
        n0, n1, self.w0, self.w1, self.s0, self.s1, squares = np.ascontiguousarray(self.sums.T)
        before, now = self.evidence.weight.sum(axis=0)
        self._whole = float(before * now / (before + now)) * 1.0001  # a lone candidate may be nearly everything
        self.wide = np.ones(len(self.space))
        own = squares - self.s0**2 / self.w0 - self.s1**2 / self.w1
        self.uneven = np.maximum((own + FEW) / (n0 + n1 - 2 + FEW), 1.0)
        self.price = self.prices.of(self.space.depths)
        self._rows: dict[int, Codes] = {}
        self._shared: dict[int, Array] = {}

    @property
    def scale(self) -> Array:
        """(candidates,) what the evidence of each is held against: the variance of its change over that of chance."""
        return np.asarray(self.wide * self.uneven)

    def best(self) -> Choice:
        """The set that no single step betters; empty when it does not earn its entry."""
        nothing = now = self._choice(())
        while len(now.chosen) < MOST:
            more = self._forward(now)
            if more is None:
                break
            now = self._settled(more)
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

    def rows(self, i: int) -> Codes:
        if i not in self._rows:
            self._rows[i] = self.space.rows(self.space.where(i))
        return self._rows[i]

    def evidence_of(self, chosen: tuple[int, ...], fit: Fit) -> Array:
        """(candidates,) z of what each candidate's own change is beyond what is explained."""
        left = self.s1 - fit.beta[0] * self.w1
        for i, beta in zip(chosen, fit.beta[1:], strict=True):
            left = left - beta * self.overlap(i)
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

    def overlap(self, i: int) -> Array:
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

    def _with_best(self, chosen: tuple[int, ...], count: int = EXACT, barred: int | None = None) -> Choice | None:
        """`chosen` and the one candidate, other than `barred`, that adds most to it."""
        labels = Labels([self.rows(i) for i in chosen], self.evidence)
        found: Choice | None = None
        for i in self.ranked(chosen, labels.fit(), count):
            if i == barred:
                continue
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
        """Swap and drop one segment at a time until nothing gets better; then put others in the place of one."""
        while True:
            better = max(self._neighbours(now), key=lambda choice: choice.value, default=now)
            if better.value <= now.value + BETTER:
                better = max(self._without(now), key=lambda choice: choice.value, default=now)
            if better.value <= now.value + BETTER:
                return now
            now = better

    def _without(self, now: Choice) -> Iterable[Choice]:
        """Each segment kept out while two others are added, and whatever this makes idle dropped.

        A parent that came first for two of its children would need exceptions for the others: no single swap leads
        from there to the two.
        """
        for i in now.chosen if len(now.chosen) > 1 else ():
            self.progress(len(now.chosen))
            found = self._choice(tuple(k for k in now.chosen if k != i))
            for _ in range(2):
                found = self._with_best(found.chosen, ROUGH, barred=i) or found
            yield self._dropped(found)

    def _dropped(self, now: Choice) -> Choice:
        """Without those that do not earn their price, the idlest first."""
        while now.chosen:
            fewer = (self._choice(tuple(k for k in now.chosen if k != i)) for i in now.chosen)
            best = max(fewer, key=lambda choice: choice.value)
            if best.value <= now.value + BETTER:
                break
            now = best
        return now

    def _neighbours(self, now: Choice) -> Iterable[Choice]:
        for i in now.chosen:
            self.progress(len(now.chosen))
            others = tuple(k for k in now.chosen if k != i)
            yield self._choice(others)
            swapped = self._with_best(others)
            if swapped is not None:
                yield swapped

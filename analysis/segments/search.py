"""Which few conjunctions explain a change best? Penalised stepwise selection: forward, then swaps and drops.

The value of a set of segments is its log likelihood ratio less a price for each (`prices`), so that data without a
cause name one in at most one of twenty searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.segments.joint import Fit, Labels
from analysis.segments.levels import Evidence
from analysis.segments.prices import Prices, discount
from analysis.segments.space import Array, Codes, Space

EXACT, ROUGH = 24, 8  # candidates refitted exactly at every step, and in quick looks
MOST = 12  # segments: a list that people read
BETTER = 1e-6
Flags = npt.NDArray[np.bool_]
AS_GOOD, SAME_CELLS = (
    2.0,
    0.8,
)  # equally good alternatives: nearly the same value, mostly the same answers
FEW = 60.0  # prior answers with the pooled variance, to which each segment's own is shrunk


@dataclass(frozen=True)
class Choice:
    """Chosen candidates of a space, their joint fit, and its value."""

    chosen: tuple[int, ...]
    fit: Fit
    value: float


@dataclass
class Search:
    """One search over one space; `sums` (candidates, 7) of the columns of the evidence.

    dispersion: variance of the changes of candidates relative to chance; variance_ratio: variance of the answers of
    each relative to that expected at their level, larger where a few are extreme (both >= 1).
    """

    space: Space
    evidence: Evidence
    sums: Array
    prices: Prices = field(default_factory=Prices)
    progress: Callable[[int], None] = lambda searched: None

    def __post_init__(self) -> None:
        n0, n1, self.w0, self.w1, self.s0, self.s1, squares = np.ascontiguousarray(self.sums.T)
        before, now = self.evidence.weight.sum(axis=0)
        self._whole = float(before * now / (before + now)) * 1.0001  # a single candidate may be nearly everything
        self.dispersion = np.ones(len(self.space))
        own = squares - self.s0**2 / self.w0 - self.s1**2 / self.w1
        self.variance_ratio = np.maximum((own + FEW) / (n0 + n1 - 2 + FEW), 1.0)
        self.price = self.prices.of(self.space)
        self._rows: dict[int, Codes] = {}
        self._shared: dict[int, Array] = {}
        self.nothing = Choice((), (fit := Labels([], self.evidence).fit()), fit.gain - fit.general)

    @property
    def scale(self) -> Array:
        """(candidates,) the variance of the change of each, relative to chance."""
        return np.asarray(self.dispersion * self.variance_ratio)

    def best(self) -> Choice:
        """The set that no single step improves; empty when its value does not exceed its penalties."""
        now = self.nothing
        while len(now.chosen) < MOST:
            more = self._forward(now)
            if more is None:
                break
            now = self._settled(more)
        return now if now.value > self.nothing.value else self.nothing

    def runners_up(self, now: Choice, count: int) -> Choice:
        """The choice and the next best candidates after it, whether they earn their price or not."""
        while len(now.chosen) < count:
            more = self._with_best(now.chosen, ROUGH)
            if more is None:
                break
            now = more
        return now

    def alternative(self, now: Choice, i: int) -> int | None:
        """Another candidate of nearly the same cells that would fit as well in place of chosen candidate i."""
        others = tuple(k for k in now.chosen if k != i)
        labels = Labels([self.rows(k) for k in others], self.evidence)
        near = [k for k in self.ranked(others, labels.fit()) if k != i and self.overlap_share(i, k) > SAME_CELLS]
        best = max(self._added(labels, others, near), key=lambda choice: choice.value, default=None)
        return best.chosen[-1] if best and best.value > now.value - AS_GOOD else None

    def overlap_share(self, i: int, k: int) -> float:
        """Weight that two candidates share, as a part of that of either (Jaccard)."""
        shared_cells = np.intersect1d(self.rows(i), self.rows(k), assume_unique=True)
        weight = self.evidence.weight
        shared = float(weight[shared_cells].sum())
        return shared / (float(weight[self.rows(i)].sum() + weight[self.rows(k)].sum()) - shared)

    def rows(self, i: int) -> Codes:
        if i not in self._rows:
            self._rows[i] = self.space.rows(self.space.where(i))
        return self._rows[i]

    def evidence_of(self, chosen: tuple[int, ...], fit: Fit) -> Array:
        """(candidates,) z of each candidate's change net of what is explained."""
        return self.net_of(chosen, fit.beta)

    def net_of(self, chosen: tuple[int, ...], beta: Array, at: slice = slice(None)) -> Array:
        """z of the changes of the candidates `at`, net of a general change and those of some chosen ones."""
        left = self.s1[at] - beta[0] * self.w1[at]
        for i, own_beta in zip(chosen, beta[1:], strict=True):
            left = left - own_beta * self.overlap(i)[at]
        w0, w1 = self.w0[at], self.w1[at]
        change, own = left / w1 - self.s0[at] / w0, w0 * w1 / (w0 + w1)
        own = own / (1 - own / self._whole)  # the general change is fitted too
        return np.asarray(change * np.sqrt(own))

    def ranked(self, chosen: tuple[int, ...], fit: Fit, count: int = EXACT) -> list[int]:
        """Candidates by what they would add beyond their penalty, best first."""
        z = self.evidence_of(chosen, fit)
        net_gain = z**2 / 2 - np.where(self._along(z), *self.price[::-1]) * self.scale
        net_gain[list(chosen)] = -np.inf
        top = np.argpartition(-net_gain, min(count, len(net_gain) - 1))[:count]
        return [int(i) for i in top[np.lexsort((top, -net_gain[top]))] if np.isfinite(net_gain[i])]

    def overlap(self, i: int) -> Array:
        """(candidates,) weight of the later period that each shares with candidate i."""
        if i not in self._shared:
            rows = self.rows(i)
            self._shared[i] = self.space.sums(self.evidence.weight[rows, 1], rows)
        return self._shared[i]

    def _along(self, change: Array) -> Flags:
        """Which changes have the direction of that of the whole."""
        return np.asarray(change * self.nothing.fit.beta[0] > 0)

    def _value(self, chosen: tuple[int, ...], fit: Fit) -> float:
        at = np.array(chosen, dtype=np.int64)
        price = self.price[self._along(fit.beta[1:]).astype(np.int64), at]
        return fit.gain - fit.general - float(price @ self.scale[at]) + discount(len(chosen))

    def _choice(self, chosen: tuple[int, ...]) -> Choice:
        fit = Labels([self.rows(i) for i in chosen], self.evidence).fit()
        return Choice(chosen, fit, self._value(chosen, fit))

    def _with_best(self, chosen: tuple[int, ...], count: int = EXACT, barred: int | None = None) -> Choice | None:
        """`chosen` and the one candidate, other than `barred`, that adds most to it."""
        labels = Labels([self.rows(i) for i in chosen], self.evidence)
        best: Choice | None = None
        more = [i for i in self.ranked(chosen, labels.fit(), count) if i != barred]
        for choice in self._added(labels, chosen, more):
            if best is None or choice.value > best.value + BETTER:
                best = choice
        return best

    def _added(self, labels: Labels, chosen: tuple[int, ...], more: Sequence[int]) -> list[Choice]:
        """`chosen` with each one of some others."""
        fits = zip(more, labels.fits_with([self.rows(i) for i in more]), strict=True)
        return [Choice((*chosen, i), fit, self._value((*chosen, i), fit)) for i, fit in fits]

    def _forward(self, now: Choice) -> Choice | None:
        more = self._with_best(now.chosen)
        return more if more and more.value > now.value + BETTER else None

    def _settled(self, now: Choice) -> Choice:
        """Swap and drop one segment at a time until nothing improves; then replace one by others."""
        while True:
            better = max(self._neighbours(now), key=lambda choice: choice.value, default=now)
            if better.value <= now.value + BETTER:
                better = max(self._without(now), key=lambda choice: choice.value, default=now)
            if better.value <= now.value + BETTER:
                return now
            now = better

    def _without(self, now: Choice) -> Iterable[Choice]:
        """Each segment left out while two others are added; segments made useless by this are dropped.

        If a parent is chosen in place of two of its children, no single swap leads from it to the two.
        """
        for i in now.chosen if len(now.chosen) > 1 else ():
            self.progress(len(now.chosen))
            candidate = self._choice(tuple(k for k in now.chosen if k != i))
            for _ in range(2):
                candidate = self._with_best(candidate.chosen, ROUGH, barred=i) or candidate
            yield self._dropped(candidate)

    def _dropped(self, now: Choice) -> Choice:
        """Without segments that add less than their penalty, the least useful first."""
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

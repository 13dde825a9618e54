"""How much do chosen segments explain together? Weighted least squares over the regions in which they overlap.

Region g of the Venn diagram of the chosen segments changed by d_g against its own baseline, with weight
w_g = w0 w1 / (w0 + w1); the model is d_g = general + sum of the changes of the segments that g lies in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.segments.levels import Evidence
from analysis.segments.space import Array, Codes

GENERAL = 2.0  # largest cost of a general change: when one of two members falls, the other did not rise
NOTHING = 1e-9  # of the total weight: rounding left in an empty region
TINY = 1e-300


@dataclass(frozen=True)
class Regions:
    """Sums by region: `inside` (regions, segments) says which segments a region lies in."""

    inside: Array
    weight: Array  # (regions, 2)
    sum: Array  # (regions, 2)

    def fit(self) -> Fit:
        """Joint changes; segments that no region separates get the smallest changes that fit."""
        w0, w1 = self.weight.T
        seen = self.weight.min(axis=1) > NOTHING * float(self.weight.sum())
        w0, w1 = w0[seen], w1[seen]
        change = self.sum[seen, 1] / w1 - self.sum[seen, 0] / w0
        w = w0 * w1 / (w0 + w1)
        x = np.column_stack([np.ones(len(w)), self.inside[seen]])
        gram, right = (x * w[:, None]).T @ x, x.T @ (w * change)
        inverse = np.linalg.pinv(gram, rcond=1e-9, hermitian=True)
        beta = inverse @ right
        explained = float(beta @ right)
        alone = float(np.sum(w * change)) ** 2 / max(float(w.sum()), TINY)
        z = np.abs(beta) / np.sqrt(np.maximum(np.diagonal(inverse), TINY))
        return Fit(beta, (explained - alone) / 2, min(float(z[0]) ** 2 / 2, GENERAL), z)


@dataclass(frozen=True)
class Fit:
    """`beta` (1 + segments,): the general change, then each segment's; `gain` log likelihood over general alone."""

    beta: Array
    gain: float
    general: float  # cost of the general term
    z: Array


class Labels:
    """The regions of a set of chosen segments, and of that set with one more."""

    def __init__(self, rows: list[Codes], evidence: Evidence) -> None:
        self.evidence = evidence
        label = np.zeros(len(evidence.weight), dtype=np.int64)
        for j, own in enumerate(rows):
            label[own] += 1 << j
        seen = np.bincount(label) > 0
        codes, self.place = np.flatnonzero(seen), (np.cumsum(seen) - 1)[label]
        self.inside = (codes[:, None] >> np.arange(len(rows)) & 1).astype(np.float64)
        self.sums = self._summed(None)

    def _summed(self, rows: Codes | None) -> Array:
        """(regions, 4) weights and sums of both periods, of all cells or some."""
        at = slice(None) if rows is None else rows
        place, own = self.place[at], (self.evidence.weight[at], self.evidence.sum[at])
        return np.stack([np.bincount(place, c[:, t], len(self.inside)) for c in own for t in (0, 1)], axis=1)

    def fit(self) -> Fit:
        return Regions(self.inside, self.sums[:, :2], self.sums[:, 2:]).fit()

    def fit_with(self, rows: Codes) -> Fit:
        """The fit with one more segment, last: only its own cells are counted again."""
        own = self._summed(rows)
        inside = np.column_stack([np.tile(self.inside, (2, 1)), np.repeat([0.0, 1.0], len(self.inside))])
        sums = np.concatenate([self.sums - own, own])
        return Regions(inside, sums[:, :2], sums[:, 2:]).fit()

    def left(self, fit: Fit) -> tuple[Array, Array]:
        """(cells,) sums of both periods with what the fit explains taken from the later one."""
        expected = fit.beta[0] + self.inside @ fit.beta[1:]
        return self.evidence.sum[:, 0], self.evidence.sum[:, 1] - self.evidence.weight[:, 1] * expected[self.place]

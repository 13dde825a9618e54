"""How much do chosen segments explain together? Weighted least squares over the regions in which they overlap.

Region g of the Venn diagram of the chosen segments changed by d_g against its own baseline, with weight
w_g = w0 w1 / (w0 + w1); the model is d_g = general + sum of the changes of the segments that g lies in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.segments.levels import Evidence
from analysis.segments.space import Array, Codes

GENERAL = 2.0  # largest cost of a general change: when one of two members falls, the other did not rise
NOTHING = 1e-9  # of the total weight: rounding left in an empty region
TINY = 1e-300


@dataclass(frozen=True)
class Regions:
    """Sums by region of several sets of segments: `inside` (sets, regions, segments) says where a region lies."""

    inside: Array
    weight: Array  # (sets, regions, 2)
    sum: Array  # (sets, regions, 2)

    def fits(self) -> list[Fit]:
        """Joint changes of each set; segments that no region separates get the smallest changes that fit."""
        least = NOTHING * self.weight.sum(axis=(1, 2))
        seen = self.weight.min(axis=2) > least[:, None]
        (w0, w1), (s0, s1) = (
            np.moveaxis(np.where(seen[..., None], self.weight, 1.0), 2, 0),
            np.moveaxis(self.sum, 2, 0),
        )
        change, w = np.where(seen, s1 / w1 - s0 / w0, 0.0), np.where(seen, w0 * w1 / (w0 + w1), 0.0)
        x = np.concatenate([np.ones((*w.shape, 1)), self.inside], axis=2)
        across = np.swapaxes(x * w[..., None], 1, 2)
        inverse = np.linalg.pinv(across @ x, rcond=1e-9, hermitian=True)
        right = np.einsum("krs,kr->ks", x, w * change)
        beta = np.einsum("kst,kt->ks", inverse, right)
        alone = np.sum(w * change, axis=1) ** 2 / np.maximum(w.sum(axis=1), TINY)
        gain = (np.sum(beta * right, axis=1) - alone) / 2
        z = np.abs(beta) / np.sqrt(np.maximum(np.diagonal(inverse, axis1=1, axis2=2), TINY))
        general = np.minimum(z[:, 0] ** 2 / 2, GENERAL)
        return [Fit(b, float(g), float(c), own) for b, g, c, own in zip(beta, gain, general, z, strict=True)]


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
        self.sums = self._summed(slice(None))

    def _summed(self, at: Codes | slice) -> Array:
        """(regions, 4) weights and sums of both periods, of all cells or some."""
        place, size = self.place[at], len(self.inside)
        return np.stack([np.bincount(place, column[at], size) for column in self.evidence.summed], axis=1)

    def fit(self) -> Fit:
        return Regions(self.inside[None], self.sums[None, :, :2], self.sums[None, :, 2:]).fits()[0]

    def fits_with(self, more: Sequence[Codes]) -> list[Fit]:
        """The fit with each of some further segments, last: only its own cells are counted again."""
        if not more:
            return []
        own = np.stack([self._summed(rows) for rows in more])
        inside = np.column_stack([np.tile(self.inside, (2, 1)), np.repeat([0.0, 1.0], len(self.inside))])
        sums = np.concatenate([self.sums - own, own], axis=1)
        return Regions(np.tile(inside, (len(more), 1, 1)), sums[..., :2], sums[..., 2:]).fits()

    def left(self, fit: Fit) -> tuple[Array, Array]:
        """(cells,) sums of both periods with what the fit explains taken from the later one."""
        expected = fit.beta[0] + self.inside @ fit.beta[1:]
        return self.evidence.sum[:, 0], self.evidence.sum[:, 1] - self.evidence.weight[:, 1] * expected[self.place]

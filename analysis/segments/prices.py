"""What must a candidate explain to be named? The more candidates there are beside it, the more.

The level of significance is divided (weighted Bonferroni): each depth gets half of what the depth before it gets; at
one depth every tuple of dimensions gets the same, whether it has three members or five hundred; its candidates share
that alike. A change along with that of the whole explains it and gets ALONG of the candidate's part, one against it
gets the rest: under the null hypothesis a segment's change beside everything else says nothing about the whole, so
the parts still add up to the level. Without a cause, any name is thus false in at most `alpha` of searches; when r
segments are named together, each needs about r times less luck, as in Benjamini and Hochberg (1995), whose rule
written as a penalty (Abramovich et al. 2006) is the sum of the prices less log r!.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np

from analysis.segments.space import Array, Space
from analysis.stats.distributions import chi2_isf

DEEPER = 0.5  # of the level of a depth for the next
ALONG = 0.9  # of a candidate's level for a change in the direction of the whole


def shares(space: Space) -> Array:
    """(candidates,) the part of the level of significance that each gets; they add up to 1."""
    return np.asarray(np.repeat(_by_block(space), [len(block.keys) for block in space.blocks]))


def _by_block(space: Space) -> Array:
    """(blocks,) the part of each candidate of a block."""
    depths = np.array([len(block.dimensions) for block in space.blocks], dtype=np.int64)
    counts = np.array([len(block.keys) for block in space.blocks], dtype=np.int64)
    by_depth = DEEPER ** np.unique(depths).astype(float)
    part = DEEPER**depths / by_depth.sum() / np.bincount(depths)[depths] if len(depths) else np.empty(0)
    return np.asarray(part / counts)


def discount(chosen: int) -> float:
    """What segments named together save: log chosen!."""
    return lgamma(chosen + 1)


@dataclass(frozen=True)
class Prices:
    """Prices in units of log likelihood at a level of significance."""

    alpha: float = 0.02

    def of(self, space: Space) -> Array:
        """(2, candidates) the price of a change against that of the whole, and along with it."""
        level = self.alpha * _by_block(space)
        by_block = chi2_isf(2 * np.array([1 - ALONG, ALONG])[:, None] * level, 1) / 2
        return np.asarray(np.repeat(by_block, [len(block.keys) for block in space.blocks], axis=1))

"""How much do drivers that overlap blur each other? Variance inflation of blocks of columns, of any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Inflation:
    """By how much the confidence region of a block's coefficients is blown up by the other columns.

    `per_column` is comparable between blocks of different size, and to the root of a VIF: value^(1 / (2 columns)).
    """

    value: float
    columns: int

    @property
    def per_column(self) -> float:
        return float(self.value ** (1 / (2 * self.columns))) if self.columns else NAN


def gvif(names: Sequence[str], covariance: Array, blocks: Mapping[str, Sequence[str]]) -> dict[str, Inflation]:
    """Generalised variance inflation of blocks of columns, such as the dummies of a factor (Fox and Monette 1992).

    From the covariance of the coefficients of any model, or for a linear one from `Fit.inverse`; `names` are those
    of its rows. The blocks together are the model. Columns without a coefficient are passed over.
    """
    have = {name for name, own in zip(names, np.diagonal(covariance), strict=True) if np.isfinite(own)}
    groups = {block: [names.index(c) for c in columns if c in have] for block, columns in blocks.items()}
    every = [i for group in groups.values() for i in group]
    whole = _volume(covariance, every)
    inflations = {}
    for block, group in groups.items():
        rest = [i for i in every if i not in group]
        size = _volume(covariance, group) + _volume(covariance, rest) - whole
        inflations[block] = Inflation(float(np.exp(size)) if group else NAN, len(group))
    return inflations


def _volume(covariance: Array, rows: Sequence[int]) -> float:
    """Logarithm of the determinant of the correlations of some coefficients; 0 for none."""
    own = covariance[np.ix_(rows, rows)]
    sd = np.sqrt(np.diagonal(own))
    return float(np.linalg.slogdet(own / np.outer(sd, sd))[1])

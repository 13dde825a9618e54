"""Could the effect come from which clusters happened to be treated? Every other choice of as many is tried.

A test that needs no variance, for few treated clusters: under no effect the treated are any of the clusters. Its p
has few values: of eight clusters with one treated it is never below 1/8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from analysis.effect.did import Moments
from analysis.stats.intervals import NAN, Array

MOST_CHOICES = 5_000  # up to which all are tried
DRAWS = 1_999


@dataclass(frozen=True)
class Randomised:
    """p, the smallest it could have been, and how many choices were tried (`exact`: all there are)."""

    p: float
    smallest: float
    tried: int
    exact: bool


UNKNOWN = Randomised(NAN, NAN, 0, False)


def smallest_p(clusters: int, treated: int) -> float:
    """The smallest p that a two-sided test of these can reach.

    >>> smallest_p(8, 1), round(smallest_p(8, 2), 4), round(smallest_p(8, 4), 4)
    (0.125, 0.0357, 0.0286)
    """
    if not 0 < treated < clusters:
        return NAN
    choices = comb(clusters, treated)
    if choices > MOST_CHOICES:
        return 1 / (DRAWS + 1)
    return (2 if 2 * treated == clusters else 1) / choices  # of two halves each is as far from the other


def randomised(m: Moments, *, seed: int = 1) -> Randomised:
    """The test of the effect; unknown where a cluster is both treated and control, or one group has none."""
    compared = m.compared
    treated = m.treated[compared] > 0.5
    k, g = int(treated.sum()), len(treated)
    if not 0 < k < g or ((m.treated > 0) & (m.treated < 1)).any():
        return UNKNOWN
    xx, xy = m.xx[compared], m.xy[compared]
    exact = comb(g, k) <= MOST_CHOICES
    places = np.array(list(combinations(range(g), k) if exact else _drawn(g, k, seed)))
    choices = np.zeros((len(places), g), dtype=bool)
    choices[np.arange(len(places))[:, None], places] = True
    observed = _effects(xx, xy, treated[None, :])[0]
    if not np.isfinite(observed):
        return UNKNOWN
    reached = int(np.sum(np.abs(_effects(xx, xy, choices)) >= abs(observed) * (1 - 1e-9)))
    p = reached / len(choices) if exact else (reached + 1) / (len(choices) + 1)
    return Randomised(p, smallest_p(g, k), len(choices), exact)


def _drawn(clusters: int, treated: int, seed: int) -> Iterator[tuple[int, ...]]:
    rng = np.random.default_rng(seed)
    return islice(iter(lambda: tuple(rng.permutation(clusters)[:treated].tolist()), None), DRAWS)


def _effects(xx: Array, xy: Array, treated: Array) -> Array:
    """The effect for each choice of treated clusters (rows): the coefficient of "treated and after" beside the rest.

    By the other columns' own regression (Frisch, Waugh and Lovell): "treated and after" is "after" in the treated.
    """
    others = np.delete(np.arange(xx.shape[1]), 1)
    common = np.linalg.pinv(xx[:, others][:, :, others].sum(axis=0))
    residual = xy[:, 0] - xx[:, 0, others] @ (common @ xy[:, others].sum(axis=0))
    chosen = treated.astype(float)
    with_others = chosen @ xx[:, 0, others]
    own = chosen @ xx[:, 0, 0] - np.einsum("ci,ij,cj->c", with_others, common, with_others)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(own > 1e-9, (chosen @ residual) / own, NAN)

"""Shares of lost points with intervals, for parts that may overlap or be split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import BLANK, LEAST_CLUSTERS, Pairs, totals
from analysis.stats.clustered import Contrasts, shares
from analysis.stats.intervals import NAN, Array, t_bounds


@dataclass(frozen=True)
class Shares:
    """Shares of several groups in one loss, with 95 % intervals; one number per group."""

    lost: Array
    share: Array
    low: Array
    high: Array


def shares_of(inside: pd.DataFrame, base: pd.DataFrame, groups: int) -> Shares:
    """The share of each group (column s of `inside`) in the loss of `base`; both coded (c) by `estimate.coded`.

    `inside` are cells of `base`, once for each group that has them, with `part`, how much of their loss it takes. The
    interval is that of a ratio of totals (Cochran 1977, 6.4): residual of an answer = (part - share) x loss; from one
    cluster to another CR2 with Satterthwaite freedom. Where a group has fewer than five clusters, or one cluster all
    the loss, there is no spread between them to learn from: the interval speaks of these answers only. NaN where
    nothing was lost; one answer has a share but no interval.
    """
    lost, n, whole = (
        totals(inside, inside["lost"] * inside["part"], groups),
        float(base["n"].sum()),
        float(base["lost"].sum()),
    )
    share = lost / whole if whole > 0 else np.full(groups, NAN)
    if not whole > 0 or n < 2:
        return Shares(lost, share, np.full(groups, NAN), np.full(groups, NAN))
    sums = _of_single_answers(inside, base, groups, share)
    error, df = np.sqrt(sums * n / (n - 1)) / whole, np.full(groups, n - 1)
    if "c" in inside:
        between, many = _between(inside, base, groups, share)
        error, df = np.where(many, between.error, error), np.where(many, between.df, df)
    low, high = t_bounds(share, error, df)
    return Shares(lost, share, np.maximum(low, 0.0), np.minimum(high, 1.0))


def _between(inside: pd.DataFrame, base: pd.DataFrame, groups: int, share: Array) -> tuple[Contrasts, Array]:
    """The spread from one cluster to another, and which groups have clusters enough to learn from it.

    To it answers without a cluster add their own, as single answers do.
    """
    (own, single), (whole, alone) = ((f[f["c"] != BLANK], f[f["c"] == BLANK]) for f in (inside, base))
    pairs = Pairs.of(own["s"].to_numpy(), own["c"].to_numpy(), (own["lost"] * own["part"]).to_numpy())
    clusters = int(max((f["c"].max() for f in (own, whole) if len(f)), default=0)) + 1
    found = shares(
        np.bincount(whole["c"], whole["lost"], clusters), pairs.s, pairs.c, pairs.sums, groups=groups,
        total=float(base["lost"].sum()), share=share, others=_of_single_answers(single, alone, groups, share),
    )  # fmt: skip
    return found, np.asarray((pairs.counts(groups) >= LEAST_CLUSTERS) & np.isfinite(found.error))


def _of_single_answers(inside: pd.DataFrame, base: pd.DataFrame, groups: int, share: Array) -> Array:
    """Sum of squared residuals (part - share) x loss of single answers, by group."""
    part, squares = inside["part"].to_numpy(), inside["lost2"].to_numpy()
    sums = totals(inside, squares * part**2, groups) - 2 * share * totals(inside, squares * part, groups)
    return np.asarray(np.maximum(sums + share**2 * float(base["lost2"].sum()), 0.0))

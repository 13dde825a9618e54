"""Did the same customers change? Tests of pairs, from the table of answers before (rows) by after (columns)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.stats.distributions import chi2_sf, normal_sf
from analysis.stats.intervals import NAN, Array

# With fewer pairs that changed the exact test is taken: a common convention, on the cautious side.
FEW_DISCORDANT = 25


@dataclass(frozen=True)
class PairedDifferences:
    """`n` pairs, `mean` and `variance` of after - before, and how many moved up, down or stayed."""

    n: float
    mean: float
    variance: float
    up: float
    down: float
    same: float


@dataclass(frozen=True)
class SignedRank:
    """`statistic` is V, the rank sum of the pairs that went up; `z` and `p` (two-sided) of it.

    `rank_biserial` is the share of the rank sum that went up less the share that went down, -1..1 (Kerby 2014);
    `n` the pairs that were ranked.
    """

    statistic: float
    z: float
    p: float
    rank_biserial: float
    n: float


@dataclass(frozen=True)
class McNemar:
    """Chi-squared of the pairs that changed; `p` is the exact one when they are few, else that of chi-squared."""

    statistic: float
    p: float
    p_chi2: float
    p_exact: float
    exact: bool


@dataclass(frozen=True)
class Friedman:
    """Q with its freedom and p; `w` is Kendall's concordance of the blocks, 0..1."""

    statistic: float
    df: float
    p: float
    w: float


def paired_differences(
    values_before: npt.ArrayLike, values_after: npt.ArrayLike, counts: npt.ArrayLike
) -> PairedDifferences:
    """What the pairs of a table (before, after) with these values did; NaN where there are too few.

    `mean` and `variance` make the paired t-test; `mcnemar(down, up)` of the moves is the sign test.

    >>> paired_differences([1, 2], [1, 2], [[5, 3], [3, 1]])
    PairedDifferences(n=12.0, mean=0.0, variance=0.5454545454545454, up=3.0, down=3.0, same=6.0)
    """
    moves, times = _moves(values_before, values_after, counts)
    n = float(times.sum())
    mean = float(np.sum(times * moves)) / n if n > 0 else NAN
    variance = float(np.sum(times * (moves - mean) ** 2)) / (n - 1) if n > 1 else NAN
    up, down = float(times[moves > 0].sum()), float(times[moves < 0].sum())
    return PairedDifferences(n, mean, variance, up, down, n - up - down)


def wilcoxon_signed_rank(
    values_before: npt.ArrayLike,
    values_after: npt.ArrayLike,
    counts: npt.ArrayLike,
    *,
    zeros: str = "wilcox",
    correction: float = 0.5,
) -> SignedRank:
    """Normal approximation with ties for the pairs of a table (before, after), positive when after is higher.

    `zeros`: "wilcox" leaves out the pairs that did not change (Wilcoxon 1945, as R's `wilcox.test`), "pratt" ranks
    them and then leaves them out (Pratt 1959, as R's coin), which suits scales of few steps. `correction` is for
    continuity: R's `wilcox.test` makes it, coin and scipy do not. When nobody changed z is 0 and p is 1.

    >>> w = wilcoxon_signed_rank([1, 2, 3], [1, 2, 3], [[5, 3, 2], [1, 4, 6], [0, 1, 5]])
    >>> w.statistic, round(w.p, 3), round(w.rank_biserial, 3)
    (79.0, 0.013, 0.736)
    """
    if zeros not in ("wilcox", "pratt"):
        raise ValueError(f"zeros must be 'wilcox' or 'pratt', not {zeros!r}")
    moves, times = _moves(values_before, values_after, counts)
    if times.sum() <= 0:
        return SignedRank(NAN, NAN, NAN, NAN, 0.0)
    ranked = times if zeros == "pratt" else np.where(moves == 0, 0.0, times)
    ranks = np.where(moves == 0, 0.0, _midranks(np.abs(moves), ranked))
    total, signed = float(np.sum(ranked * ranks)), float(np.sum(ranked * ranks * np.sign(moves)))
    away = math.copysign(max(abs(signed) / 2 - correction, 0.0), signed)
    z = away / math.sqrt(float(np.sum(ranked * ranks**2)) / 4) if total > 0 else 0.0
    p = float(2 * normal_sf(abs(z)))
    return SignedRank((total + signed) / 2, z, p, signed / total if total > 0 else 0.0, float(ranked.sum()))


def mcnemar(b: float, c: float, *, correction: float = 0.0) -> McNemar:
    """`b` pairs that were and are no longer, `c` that were not and are now (McNemar 1947); R's `mcnemar.test`.

    R's default is `correction=1.0`, which makes chi-squared as cautious as the exact test.

    >>> m = mcnemar(150, 86); round(m.statistic, 2), m.exact  # Agresti 2013, 11.1
    (17.36, False)
    >>> mcnemar(1, 6).p, mcnemar(0, 0).p
    (0.125, 1.0)
    """
    discordant = b + c
    few = discordant < FEW_DISCORDANT
    x2 = max(abs(b - c) - correction, 0.0) ** 2 / discordant if discordant > 0 else 0.0
    p_chi2, p_exact = float(chi2_sf(x2, 1)), _two_tails(min(b, c), max(b, c))
    return McNemar(x2, p_exact if few else p_chi2, p_chi2, p_exact, few)


def friedman(blocks: npt.ArrayLike) -> Friedman:
    """Do treatments (columns) differ within blocks (rows: customers, months)? Incomplete blocks are left out.

    Corrected for ties (Friedman 1937; Conover 1999, 5.8); of values 0 and 1 it is Cochran's Q. NaN with fewer than
    two treatments or no block.

    >>> f = friedman([[5, 4, 1], [6, 5, 2], [9, 9, 3]]); round(f.statistic, 3), f.df, round(f.w, 3)
    (5.636, 2, 0.939)
    """
    values = np.asarray(blocks, dtype=float)
    values = values[~np.isnan(values).any(axis=1)]
    n, k = values.shape
    if n < 1 or k < 2:
        return Friedman(NAN, NAN, NAN, NAN)
    away = _ranks(values) - (k + 1) / 2
    spread = float(np.sum(away**2))
    q = (k - 1) * float(np.sum(away.sum(axis=0) ** 2)) / spread if spread > 0 else 0.0
    return Friedman(q, k - 1, float(chi2_sf(q, k - 1)), q / (n * (k - 1)))


def _ranks(blocks: Array) -> Array:
    """The midrank of every value within its row."""
    smaller = (blocks[:, None, :] < blocks[:, :, None]).sum(axis=2)
    alike = (blocks[:, None, :] == blocks[:, :, None]).sum(axis=2)
    return np.asarray(smaller + (alike + 1) / 2)


def _moves(values_before: npt.ArrayLike, values_after: npt.ArrayLike, counts: npt.ArrayLike) -> tuple[Array, Array]:
    """After - before of every cell of the table, and its count."""
    before, after = np.asarray(values_before, dtype=float), np.asarray(values_after, dtype=float)
    # 0.3 - 0.2 and 0.2 - 0.1 are the same move: without rounding they would not tie.
    moves = np.round(after[None, :] - before[:, None], 9)
    return moves.ravel(), np.asarray(counts, dtype=float).ravel()


def _midranks(values: Array, times: Array) -> Array:
    """Midrank of every value that occurs so many times."""
    _, place = np.unique(values, return_inverse=True)
    tied = np.bincount(place, weights=times)
    return np.asarray((np.cumsum(tied) - tied / 2 + 0.5)[place])


def _two_tails(fewer: float, more: float) -> float:
    """Twice the chance of at most `fewer` heads in fair throws; the beta function also takes fractions."""
    return min(2 * float(special.betainc(more, fewer + 1, 0.5)), 1.0) if more > 0 else 1.0

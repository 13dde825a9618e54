"""Does more of one go with more of the other? Coefficients of two ordered quantities, from their table of counts.

`counts` has the values of one quantity as rows and of the other as columns, both ascending; only their order counts.
Intervals rest on the standard error under multinomial sampling (Brown and Benedetti 1977; Agresti, Categorical Data
Analysis, 2013, 3.4), on Fisher's scale, which keeps them within -1..1. NaN where a quantity does not vary.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.stats.coefficients import ROUNDING, Association, fisher_interval, pearson
from analysis.stats.distributions import normal_sf
from analysis.stats.intervals import NAN, Array


def spearman(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Correlation of the midranks (Spearman 1904); p by Student's t, as R's `cor.test(exact = FALSE)`.

    >>> a = spearman([[3, 1, 0], [1, 4, 2], [0, 2, 5]]); round(a.value, 3), round(a.p, 4)
    (0.697, 0.0013)
    """
    table = np.asarray(counts, dtype=float)
    n = float(table.sum())
    if n <= 0:
        return Association("spearman", NAN, NAN, NAN, NAN, n)
    shares = table / n
    x, y = _ridits(shares.sum(axis=1)), _ridits(shares.sum(axis=0))
    association = pearson(table, x, y)
    if math.isnan(association.value):
        return Association("spearman", NAN, NAN, NAN, NAN, n)
    change = _change_of_spearman(shares, x, y, association.value)
    return _with_interval("spearman", association.value, shares, change, association.p, n, confidence)


def kendall_tau_b(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Concordant less discordant pairs, beside the pairs tied on neither side (Kendall 1945).

    >>> round(kendall_tau_b([[3, 1, 0], [1, 4, 2], [0, 2, 5]]).value, 3)
    0.648
    """
    pairs = _Pairs.of(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        relief = (pairs.row / pairs.row_apart)[:, None] + pairs.column / pairs.column_apart
    return pairs.coefficient("tau_b", math.sqrt(pairs.row_apart * pairs.column_apart), relief, confidence)


def somers_d(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Concordant less discordant pairs, beside those whose rows differ (Somers 1962).

    Directed: how the columns follow the rows; transpose for the other way. With two rows it is Cliff's delta.

    >>> round(somers_d([[3, 1, 0], [1, 4, 2], [0, 2, 5]]).value, 3)
    0.648
    """
    pairs = _Pairs.of(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        relief = np.broadcast_to((2 * pairs.row / pairs.row_apart)[:, None], pairs.shares.shape)
    return pairs.coefficient("somers_d", pairs.row_apart, relief, confidence)


def goodman_kruskal_gamma(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Concordant less discordant pairs, beside all that are either (Goodman and Kruskal 1954).

    >>> round(goodman_kruskal_gamma([[3, 1, 0], [1, 4, 2], [0, 2, 5]]).value, 3)
    0.872
    """
    pairs = _Pairs.of(counts)
    either = pairs.agreeing + pairs.opposing
    apart = float(np.sum(pairs.shares * either))
    with np.errstate(divide="ignore", invalid="ignore"):
        return pairs.coefficient("gamma", apart, -2 * either / apart, confidence)


@dataclass(frozen=True)
class _Pairs:
    """Pairs of answers, as shares of all.

    shares, agreeing, opposing: rows by columns, the share of answers in a cell and of those concordant and
    discordant with it. row_apart, column_apart: share of pairs not tied there. p: of concordant against discordant.
    """

    n: float
    shares: Array
    agreeing: Array
    opposing: Array
    row_apart: float
    column_apart: float
    p: float

    @classmethod
    def of(cls, counts: npt.ArrayLike) -> _Pairs:
        table = np.asarray(counts, dtype=float)
        n, margins = float(table.sum()), (table.sum(axis=1), table.sum(axis=0))
        share = 1 / n if n > 0 else NAN
        agreeing, opposing = _concordance(table)
        row_apart, column_apart = ((n * n - float(margin @ margin)) * share * share for margin in margins)
        p = _kendalls_p(float(np.sum(table * (agreeing - opposing))) / 2, *margins)
        return cls(n, table * share, agreeing * share, opposing * share, row_apart, column_apart, p)

    @property
    def row(self) -> Array:
        return np.asarray(self.shares.sum(axis=1))

    @property
    def column(self) -> Array:
        return np.asarray(self.shares.sum(axis=0))

    def coefficient(self, name: str, apart: float, relief: Array, confidence: float) -> Association:
        """The balance of pairs beside `apart`; `relief` is how fast log `apart` falls with the share of a cell."""
        if not (self.row_apart > 0 and self.column_apart > 0 and apart > 0):
            return Association(name, NAN, NAN, NAN, NAN, self.n)
        lead = self.agreeing - self.opposing
        value = min(max(float(np.sum(self.shares * lead)) / apart, -1.0), 1.0)
        return _with_interval(name, value, self.shares, 2 * lead / apart + value * relief, self.p, self.n, confidence)


def _concordance(table: Array) -> tuple[Array, Array]:
    """For every cell, the answers above it on both sides or below on both, and those above on one, below on other."""
    upto = np.pad(table, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    rows, columns, all_ = upto[:, -1:], upto[-1:, :], upto[-1, -1]
    agreeing = upto[:-1, :-1] + all_ - rows[1:] - columns[:, 1:] + upto[1:, 1:]
    opposing = rows[:-1] - upto[:-1, 1:] + columns[:, :-1] - upto[1:, :-1]
    return agreeing, opposing


def _kendalls_p(lead: float, row: Array, column: Array) -> float:
    """Two-sided p of concordant less discordant pairs, its variance under independence with ties (Kendall 1970)."""
    n = float(row.sum())
    if n < 2:
        return NAN
    singles = [float(np.sum(m * (m - 1) * (2 * m + 5))) for m in (row, column)]
    twos = [float(np.sum(m * (m - 1))) for m in (row, column)]
    threes = [float(np.sum(m * (m - 1) * (m - 2))) for m in (row, column)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(singles)) / 18 + twos[0] * twos[1] / (2 * n * (n - 1))
    if n > 2:
        variance += threes[0] * threes[1] / (9 * n * (n - 1) * (n - 2))
    return float(2 * normal_sf(abs(lead) / math.sqrt(variance))) if variance > 0 else NAN


def _ridits(margin: Array) -> Array:
    """Mid-distribution less a half, which is its mean (Bross 1958)."""
    return np.asarray(np.cumsum(margin) - margin / 2 - 0.5)


def _change_of_spearman(shares: Array, x: Array, y: Array, value: float) -> Array:
    """Derivative of Spearman's coefficient by the share of each cell, which moves the ranks of all others too."""
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    spread_x, spread_y = float(row @ x**2), float(column @ y**2)
    shifts = [np.cumsum(pull[::-1])[::-1] - pull / 2 for pull in (shares @ y, x @ shares)]
    cross = np.outer(x, y) + shifts[0][:, None] + shifts[1]
    relief = (row**2 / spread_x)[:, None] + column**2 / spread_y
    return np.asarray(cross / math.sqrt(spread_x * spread_y) + value * relief / 8)


def _with_interval(
    name: str, value: float, shares: Array, change: Array, p: float, n: float, confidence: float
) -> Association:
    """Interval by the delta method: `change` is the derivative of the coefficient by the share of each cell."""
    variance = float(np.sum(shares * (change - np.sum(shares * change)) ** 2)) / n
    room = 1 - value * value
    error = math.sqrt(variance) / room if room > ROUNDING else NAN
    interval = fisher_interval(value, error, confidence=confidence)
    return Association(name, value, interval.low, interval.high, p, n)

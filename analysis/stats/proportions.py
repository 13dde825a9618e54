"""Do shares differ, and by how much? Two proportions, and whole tables of counts.

Everything is computed from counts. Differences are second minus first, ratios second over first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.stats.distributions import chi2_sf, normal_ppf, normal_sf
from analysis.stats.intervals import NAN, Array, Interval, wilson_interval
from analysis.stats.multiplicity import holm
from analysis.stats.roots import root

DRAWS = 99_999
CELLS_AT_ONCE = 2_000_000  # cells of simulated tables held in memory
CELLS_DRAWN = 8_000_000  # cells of simulated tables in all: a few seconds; larger tables get fewer draws
FAR = 60.0  # no odds ratio of counts lies beyond e^60


@dataclass(frozen=True)
class ProportionTest:
    """The pooled z test; `chi2` is z squared. NaN when nothing varies."""

    z: float
    chi2: float
    p: float


@dataclass(frozen=True)
class Ratio:
    """A ratio of two groups with its interval; NaN bounds where a count is zero."""

    value: float
    low: float
    high: float


def two_proportions(x0: float, n0: float, x1: float, n1: float) -> ProportionTest:
    """Are two proportions alike? Pooled variance, no continuity correction (Agresti 2013, 3.2.1).

    `n0`, `n1` may be effective sizes, with `x0`, `x1` scaled alike.

    >>> t = two_proportions(1196, 46_000, 56, 2_000); round(t.z, 2), round(t.p, 2)
    (0.55, 0.58)
    """
    if n0 <= 0 or n1 <= 0:
        return ProportionTest(NAN, NAN, NAN)
    pooled = (x0 + x1) / (n0 + n1)
    error = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / n0 + 1 / n1))
    z = (x1 / n1 - x0 / n0) / error if error > 0 else NAN
    return ProportionTest(z, z * z, float(2 * normal_sf(abs(z))))


def newcombe(x0: float, n0: float, x1: float, n1: float, *, confidence: float = 0.95) -> Interval:
    """Interval of p1 - p0 from the two score intervals (Newcombe 1998, Stat. Med. 17:873, method 10).

    `n0`, `n1` may be effective sizes, with `x0`, `x1` scaled alike. NaN without answers on a side.

    >>> i = newcombe(48, 80, 56, 70); round(i.low, 4), round(i.high, 4)
    (0.0524, 0.3339)
    """
    if n0 <= 0 or n1 <= 0:
        return Interval(NAN, NAN)
    p0, p1 = x0 / n0, x1 / n1
    score0, score1 = (wilson_interval(x, n, confidence=confidence) for x, n in ((x0, n0), (x1, n1)))
    below, above = math.hypot(p1 - score1.low, score0.high - p0), math.hypot(score1.high - p1, p0 - score0.low)
    return Interval(p1 - p0 - below, p1 - p0 + above).clipped(-1.0, 1.0)


def risk_ratio(x0: float, n0: float, x1: float, n1: float, *, confidence: float = 0.95) -> Ratio:
    """p1 / p0 with the interval of Katz et al. 1978 on the log scale.

    >>> r = risk_ratio(48, 80, 56, 70); round(r.value, 3), round(r.low, 3), round(r.high, 3)
    (1.333, 1.077, 1.651)
    """
    value = _over(x1 * n0, x0 * n1)
    variance = 1 / x0 - 1 / n0 + 1 / x1 - 1 / n1 if x0 > 0 and x1 > 0 else NAN
    return _on_the_log_scale(value, variance, confidence)


def odds_ratio(x0: float, n0: float, x1: float, n1: float, *, confidence: float = 0.95) -> Ratio:
    """Odds in the second group over odds in the first, with the interval of Woolf 1955 on the log scale."""
    counts = (x1, n1 - x1, x0, n0 - x0)
    value = _over(counts[0] * counts[3], counts[1] * counts[2])
    return _on_the_log_scale(value, sum(1 / c for c in counts) if min(counts) > 0 else NAN, confidence)


def _over(a: float, b: float) -> float:
    if b > 0:
        return a / b
    return math.inf if a > 0 else NAN


def _on_the_log_scale(value: float, variance: float, confidence: float) -> Ratio:
    factor = math.exp(float(normal_ppf((1 + confidence) / 2)) * math.sqrt(max(variance, 0.0)))
    return Ratio(value, value / factor, value * factor) if variance >= 0 else Ratio(value, NAN, NAN)


def cohens_h(p0: float, p1: float) -> float:
    """Distance of two proportions on the arcsine scale, where 0.2, 0.5, 0.8 are small, medium, large (Cohen 1988).

    >>> round(cohens_h(0.6, 0.8), 3)
    0.442
    """
    return 2 * (math.asin(math.sqrt(p1)) - math.asin(math.sqrt(p0)))


@dataclass(frozen=True)
class FisherTest:
    """The exact test of a 2 x 2 table, with the conditional odds ratio and its exact interval."""

    p: float
    odds_ratio: float
    low: float
    high: float


def fisher(table: Array, *, confidence: float = 0.95) -> FisherTest:
    """Fisher's exact test of whole counts [[a, b], [c, d]], two-sided; odds ratio of a / b against c / d.

    The odds ratio is the conditional maximum likelihood one, its interval inverts the two one-sided exact tests
    (Agresti 2013, 16.6.4). `scipy.stats.contingency.odds_ratio` gives the same, but takes seconds at 10,000 answers.

    >>> t = fisher(np.array([[3, 1], [1, 3]])); round(t.p, 4), round(t.odds_ratio, 3)
    (0.4857, 6.408)
    """
    from scipy import stats  # slow to import: only who asks waits

    counts = np.asarray(table).astype(np.int64)
    p = float(stats.fisher_exact(counts).pvalue)
    if 0 in counts.sum(axis=0) or 0 in counts.sum(axis=1):
        return FisherTest(p, NAN, 0.0, math.inf)
    margins = _Margins.of(counts)
    tail, x = (1 - confidence) / 2, int(counts[0, 0])
    value = margins.solved(lambda weights: float(weights @ margins.support) - x, x)
    low = margins.solved(lambda weights: float(weights[margins.support >= x].sum()) - tail, x, end=0.0)
    high = margins.solved(lambda weights: tail - float(weights[margins.support <= x].sum()), x, end=math.inf)
    return FisherTest(p, value, low, high)


@dataclass(frozen=True)
class _Margins:
    """The tables with given margins: possible first cells and their log probabilities under independence."""

    support: Array
    log_ways: Array

    @classmethod
    def of(cls, counts: Array) -> _Margins:
        (a, b), (c, d) = counts.tolist()
        x = np.arange(max(0, a - d), min(a + b, a + c) + 1)
        cells = (x, a + b - x, a + c - x, d - a + x)
        return cls(x, -sum(special.gammaln(cell + 1) for cell in cells))

    def solved(self, rising: Callable[[Array], float], x: int, *, end: float | None = None) -> float:
        """The odds ratio where `rising` (of the probabilities of the support) is zero.

        The end of the support itself has no finite answer: the estimate lies at 0 or infinity, as does the bound.
        """
        at_end = 0.0 if x == self.support[0] else math.inf if x == self.support[-1] else None
        if at_end is not None and end in (None, at_end):
            return at_end
        log_odds = root(lambda t: rising(special.softmax(self.log_ways + t * self.support)), -FAR, FAR)
        return math.exp(log_odds)


@dataclass(frozen=True)
class ChiSquare:
    """Pearson's test of a k x m table and what stands out in it.

    residuals: k x m, adjusted (Haberman 1973), standard normal under independence; NaN in empty rows and columns.
    p_adjusted: k x m, of the residuals, after Holm over all cells.
    """

    statistic: float
    df: int
    p: float
    g2: float
    v: float
    v_bias_corrected: float
    expected_below_5: int
    least_expected: float
    residuals: Array
    p_adjusted: Array

    @property
    def stands_out(self) -> Array:
        """Cells with more or fewer answers than independence explains, at 5 % over the whole table."""
        return self.p_adjusted < 0.05

    @property
    def too_sparse(self) -> bool:
        """Cochran's rule: an expected count below 1, or more than a fifth of them below 5."""
        cells = np.isfinite(self.residuals).sum()
        return self.least_expected < 1 or self.expected_below_5 > cells / 5


def chi_square(counts: Array) -> ChiSquare:
    """Are rows and columns of a k x m table of counts independent? Empty rows and columns do not count.

    Statistic of Pearson without correction, likelihood ratio G2, Cramer's V and V after Bergsma 2013.
    A table with fewer than two rows or columns left has NaN for all of them.
    """
    table = np.asarray(counts, dtype=float)
    rows, columns = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    filled = table[np.ix_(rows, columns)]
    residuals = np.full(table.shape, NAN)
    if min(filled.shape) < 2:
        return ChiSquare(NAN, 0, NAN, NAN, NAN, NAN, 0, NAN, residuals, residuals)
    expected = np.outer(filled.sum(axis=1), filled.sum(axis=0)) / filled.sum()
    statistic, df = float(((filled - expected) ** 2 / expected).sum()), (filled.shape[0] - 1) * (filled.shape[1] - 1)
    g2 = 2 * float(special.xlogy(filled, filled / expected).sum())
    residuals[np.ix_(rows, columns)] = _adjusted_residuals(filled, expected)
    p_adjusted = holm(2 * normal_sf(np.abs(residuals)).ravel()).reshape(table.shape)
    v, corrected = _cramers_v(statistic / filled.sum(), filled)
    below, least = int((expected < 5).sum()), float(expected.min())
    return ChiSquare(
        statistic, df, float(chi2_sf(statistic, df)), g2, v, corrected, below, least, residuals, p_adjusted
    )


def _adjusted_residuals(counts: Array, expected: Array) -> Array:
    n = counts.sum()
    row, column = counts.sum(axis=1, keepdims=True) / n, counts.sum(axis=0, keepdims=True) / n
    residuals: Array = (counts - expected) / np.sqrt(expected * (1 - row) * (1 - column))
    return residuals


def _cramers_v(phi2: float, counts: Array) -> tuple[float, float]:
    """Cramer's V, plain and with the bias of small tables taken off (Bergsma 2013)."""
    (k, m), n = counts.shape, counts.sum()
    plain = math.sqrt(phi2 / (min(k, m) - 1))
    room = min(k - (k - 1) ** 2 / (n - 1), m - (m - 1) ** 2 / (n - 1)) - 1 if n > 1 else 0.0
    kept = max(phi2 - (k - 1) * (m - 1) / (n - 1), 0.0) if n > 1 else 0.0
    return plain, math.sqrt(kept / room) if room > 0 else NAN


def fisher_monte_carlo(counts: Array, *, draws: int = DRAWS, seed: int = 20_240_229) -> float:
    """p of Fisher's exact test of a k x m table, from tables drawn with the same margins (Patefield 1981).

    For tables too sparse for `chi_square`. The same counts give the same p; its standard error is
    sqrt(p (1 - p) / draws), at most 0.0016 up to 80 cells. NaN when fewer than two rows or columns are filled.
    """
    from scipy import stats  # slow to import: only who asks waits

    table = np.asarray(counts).astype(np.int64)
    filled = table[np.ix_(table.sum(axis=1) > 0, table.sum(axis=0) > 0)]
    if min(filled.shape) < 2:
        return NAN
    draws = min(draws, max(CELLS_DRAWN // filled.size, 999))
    drawn = stats.random_table(filled.sum(axis=1), filled.sum(axis=0), seed=np.random.default_rng(seed))
    batch, limit = max(CELLS_AT_ONCE // filled.size, 1), _log_chance(filled[None])[0] + 1e-9
    sizes = (min(batch, draws - done) for done in range(0, draws, batch))
    rarer = sum(int((_log_chance(drawn.rvs(size=size)) <= limit).sum()) for size in sizes)
    return (1 + rarer) / (1 + draws)


def _log_chance(tables: Array) -> Array:
    """Log probability of tables with the same margins, up to what they share (`random_table.logpmf` wants one)."""
    log_chance: Array = -special.gammaln(tables + 1.0).sum(axis=(1, 2))
    return log_chance

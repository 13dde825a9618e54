"""How strongly do two quantities go together? One coefficient per pair of levels of measurement.

The choice, and the coefficients of the linear kind, from contingency counts or moments; those of two ordered
quantities are in `concordance`, those with a quantity of no order in `nominal`. Counts may be fractions, but each is
taken as that many answers. A quantity that does not vary goes with nothing: the coefficient is
NaN, as is the interval of a perfect one, whose answers leave no spread to judge by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.stats.intervals import NAN, Array, Interval
from analysis.stats.means import size_of

# Below this a variance, or a distance from 1, is rounding.
ROUNDING = 1e-12
MANY_TIES = 0.2
SHARES = ("eta", "rank_epsilon")  # roots of a share of variance, judged by that share


@dataclass(frozen=True)
class Association:
    """A coefficient with its interval, the p of "they do not go together", and the answers used.

    name: pearson, phi, point_biserial, partial, spearman, tau_b, somers_d, gamma (-1..1); eta, rank_epsilon,
    cramers_v, theils_u (0..1, without a direction).
    """

    name: str
    value: float
    low: float
    high: float
    p: float
    n: float


@dataclass(frozen=True)
class Choice:
    """The name of a coefficient and the code of the reason for it."""

    name: str
    reason: str


# A pair of kinds, whichever comes first; "binary" is any quantity of two values, whatever its level.
CHOICES = {
    frozenset({"interval"}): Choice("pearson", "both_interval"),
    frozenset({"binary"}): Choice("phi", "both_binary"),
    frozenset({"binary", "interval"}): Choice("point_biserial", "binary_interval"),
    frozenset({"ordinal"}): Choice("tau_b", "both_ordinal"),
    frozenset({"ordinal", "binary"}): Choice("tau_b", "binary_ordinal"),
    frozenset({"ordinal", "interval"}): Choice("spearman", "ordinal_interval"),
    frozenset({"nominal", "interval"}): Choice("eta", "nominal_interval"),
    frozenset({"nominal", "ordinal"}): Choice("rank_epsilon", "nominal_ordinal"),
    frozenset({"nominal"}): Choice("cramers_v", "both_nominal"),
    frozenset({"nominal", "binary"}): Choice("cramers_v", "nominal_binary"),
}


def coefficient_for(
    level_x: str, level_y: str, *, binary_x: bool = False, binary_y: bool = False, ties: bool = False
) -> Choice:
    """The coefficient of a pair; `ties` (see `many_ties`) speaks of the interval one beside an ordinal one.

    >>> coefficient_for("ordinal", "interval", ties=True)
    Choice(name='tau_b', reason='many_ties')
    """
    kinds = frozenset({"binary" if binary_x else str(level_x), "binary" if binary_y else str(level_y)})
    if ties and kinds == {"ordinal", "interval"}:
        return Choice("tau_b", "many_ties")
    return CHOICES[kinds]


def many_ties(counts: npt.ArrayLike) -> bool:
    """Whether two answers agree at least as often as on a scale of five values used alike; `counts` by value."""
    counted = np.asarray(counts, dtype=float)
    return bool(np.sum(counted**2) >= MANY_TIES * counted.sum() ** 2 > 0)


def strength(name: str, value: float, *, df: int = 1) -> str:
    """What a coefficient is called by convention: negligible, small, medium or large; "" for NaN.

    Bands of `means.BANDS`: eta and rank epsilon by the share of variance they stand for, Cramer's V by `df`, the
    smaller of rows and columns less one, all others as a correlation.

    >>> strength("eta", 0.3), strength("tau_b", -0.2), strength("cramers_v", 0.3, df=3)
    ('medium', 'small', 'large')
    """
    if name in SHARES:
        return size_of("omega2", value**2)
    return size_of("V", value, df=df) if name == "cramers_v" else size_of("r", value)


def fisher_interval(value: float, error: float, *, confidence: float = 0.95) -> Interval:
    """Interval of a coefficient in -1..1 by its inverse hyperbolic tangent, on which scale `error` is (Fisher 1921).

    >>> i = fisher_interval(0.5, 1 / math.sqrt(97)); round(i.low, 3), round(i.high, 3)
    (0.337, 0.634)
    """
    if not (abs(value) < 1 - ROUNDING and error > ROUNDING):
        return Interval(NAN, NAN)
    middle, reach = math.atanh(value), float(special.ndtri((1 + confidence) / 2)) * error
    return Interval(math.tanh(middle - reach), math.tanh(middle + reach))


def pearson_from_sums(
    n: float, sx: float, sy: float, sxx: float, syy: float, sxy: float, *, confidence: float = 0.95
) -> Association:
    """Product-moment correlation of n pairs with these sums, squares and products, as R's `cor.test`.

    Sums lose digits where a mean is large beside the spread: take something near the mean off first.
    """
    xx, yy, xy = (a - b / n if n > 0 else NAN for a, b in ((sxx, sx * sx), (syy, sy * sy), (sxy, sx * sy)))
    return _linear("pearson", _ratio(xy, xx, yy, sxx, syy), n, confidence=confidence)


def pearson(
    counts: npt.ArrayLike, x_values: npt.ArrayLike, y_values: npt.ArrayLike, *, confidence: float = 0.95
) -> Association:
    """`pearson_from_sums` of a table of counts, its rows at `x_values` and its columns at `y_values`.

    >>> a = pearson([[3, 1, 0], [1, 4, 2], [0, 2, 5]], [1, 2, 3], [1, 2, 3]); round(a.value, 3), a.n
    (0.714, 18.0)
    """
    return _from_table("pearson", counts, x_values, y_values, confidence)


def phi(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Correlation of two quantities of two values; positive where the second of one goes with that of the other."""
    return _from_table("phi", counts, (0, 1), (0, 1), confidence)


def point_biserial(
    n0: float, mean0: float, var0: float, n1: float, mean1: float, var1: float, *, confidence: float = 0.95
) -> Association:
    """Correlation of 0/1 with a score, from the moments of its two groups (variances with divisor n - 1).

    Its p is that of Student's t with equal variances.

    >>> a = point_biserial(50, 80, 100, 50, 84, 100); round(a.value, 3), round(a.p, 3)
    (0.198, 0.048)
    """
    n, far = n0 + n1, mean1 - mean0
    if min(n0, n1) <= 0:
        return Association("point_biserial", NAN, NAN, NAN, NAN, n)
    within = sum((m - 1) * v for m, v in ((n0, var0), (n1, var1)) if m > 1)
    xx = n0 * n1 / n
    scale = within + n0 * mean0**2 + n1 * mean1**2
    return _linear("point_biserial", _ratio(xx * far, xx, within + xx * far**2, n, scale), n, confidence=confidence)


def partial(r: Array, i: int, j: int, given: Sequence[int], *, n: float, confidence: float = 0.95) -> Association:
    """Correlation of quantities i and j of the matrix `r` with those in `given` held fixed, from n answers.

    Fisher's interval and t with one answer less for each of `given` (Fisher 1924). NaN where they leave nothing of
    i or j.

    >>> r = np.array([[1, 0.5, 0.6], [0.5, 1, 0.7], [0.6, 0.7, 1]])
    >>> a = partial(r, 0, 1, [2], n=100); round(a.value, 3), round(a.p, 3)
    (0.14, 0.167)
    """
    left, fixed = np.array([i, j]), np.array(given, dtype=int)
    cross = r[np.ix_(left, fixed)]
    rest = r[np.ix_(left, left)] - cross @ np.linalg.pinv(r[np.ix_(fixed, fixed)], hermitian=True) @ cross.T
    value = _ratio(rest[0, 1], rest[0, 0], rest[1, 1], 1.0, 1.0)
    return _linear("partial", value, n, held=len(fixed), confidence=confidence)


def _linear(name: str, r: float, n: float, *, held: int = 0, confidence: float = 0.95) -> Association:
    """Fisher's interval and Student's t of a correlation, `held` quantities held fixed."""
    df = n - 2 - held
    interval = fisher_interval(r, 1 / math.sqrt(df - 1) if df > 1 else NAN, confidence=confidence)
    t = r * math.sqrt(df / (1 - r * r)) if df > 0 and abs(r) < 1 else math.inf if df > 0 and abs(r) == 1 else NAN
    return Association(name, r, interval.low, interval.high, float(2 * special.stdtr(df, -abs(t))), n)


def _from_table(
    name: str, counts: npt.ArrayLike, x_values: npt.ArrayLike, y_values: npt.ArrayLike, confidence: float
) -> Association:
    table = np.asarray(counts, dtype=float)
    n, rows, columns = float(table.sum()), table.sum(axis=1), table.sum(axis=0)
    if n <= 0:
        return _linear(name, NAN, n)
    (x, scale_x), (y, scale_y) = _centred(rows, x_values), _centred(columns, y_values)
    value = _ratio(float(x @ table @ y), float(rows @ x**2), float(columns @ y**2), scale_x, scale_y)
    return _linear(name, value, n, confidence=confidence)


def _centred(margin: Array, values: npt.ArrayLike) -> tuple[Array, float]:
    """Values less their mean, and the sum of squares they had before."""
    values_ = np.asarray(values, dtype=float)
    return values_ - margin @ values_ / margin.sum(), float(margin @ values_**2)


def _ratio(xy: float, xx: float, yy: float, scale_x: float, scale_y: float) -> float:
    """xy / sqrt(xx yy), -1..1; NaN where a spread is but rounding beside its scale."""
    if not (xx > ROUNDING * scale_x and yy > ROUNDING * scale_y):
        return NAN
    value = float(xy / math.sqrt(xx * yy))
    return math.copysign(1.0, value) if abs(value) > 1 - ROUNDING else value

"""What goes with a score when several things move together? Linear regression from sums of products alone.

Nothing here sees an answer: counts per covariate pattern, or sums of products fetched from a database, are enough,
and sums of parts (clusters, months) add up. A product of two numbers far from zero loses digits: take a round number
near the mean away before summing where the mean is a thousand times the spread or more.

Two kinds of weight are kept apart. A frequency says how many answers are alike. A survey weight says for how many
customers one answer stands: it enters coefficients, R2 and importance, but tells nothing of their errors, which then
need the sums of each sampled unit (`clustered_regression`); errors from sums of weights alone are refused (NaN).
Weights that are known precisions of single answers are not supported.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.stats.distributions import f_sf
from analysis.stats.intervals import NAN, Array, Difference, Omnibus, differences

INTERCEPT = "(intercept)"
TOLERANCE = 1e-8  # share of a column's variance that must be its own for it to count as another column


class Weights(StrEnum):
    """What the sums were weighted by."""

    FREQUENCY = "frequency"
    SURVEY = "survey"


@dataclass(frozen=True)
class CrossProducts:
    """Sums of products of p columns, an intercept in front of them, and an outcome.

    names: of the p columns; n: answers; xx: (p + 1, p + 1), the sum of weights in its corner; xy: (p + 1,); yy.
    """

    names: tuple[str, ...]
    n: float
    xx: Array
    xy: Array
    yy: float
    kind: Weights

    @classmethod
    def of(
        cls, names: Sequence[str], x: Array, n: Array, total: Array, squares: Array, *, survey: Array | None = None
    ) -> CrossProducts:
        """From covariate patterns: x (patterns, p), and for each pattern its answers, the sum of the outcome and of
        its square. With `survey`, the sums of survey weights, the two sums are weighted by them as well.

        >>> cp = CrossProducts.of(["x"], np.array([[0.0], [1.0]]), *np.array([[2.0, 2], [3, 7], [5, 25]]))
        >>> ols(cp).coefficients.round(3)
        array([1.5, 2. ])
        """
        weight = n if survey is None else survey
        full = np.column_stack([np.ones(len(x)), x])
        kind = Weights.FREQUENCY if survey is None else Weights.SURVEY
        xx, yy = full.T @ (full * weight[:, None]), float(np.sum(squares))
        return cls(tuple(names), float(np.sum(n)), xx, full.T @ total, yy, kind)

    def __add__(self, other: CrossProducts) -> CrossProducts:
        if (self.names, self.kind) != (other.names, other.kind):
            raise ValueError("Sums of other columns, or weighted otherwise, cannot be added")
        xx, xy = self.xx + other.xx, self.xy + other.xy
        return CrossProducts(self.names, self.n + other.n, xx, xy, self.yy + other.yy, self.kind)

    def times(self, often: float) -> CrossProducts:
        """The sums of so many times these answers."""
        xx, xy, yy = self.xx * often, self.xy * often, self.yy * often
        return CrossProducts(self.names, self.n * often, xx, xy, yy, self.kind)

    def only(self, names: Sequence[str]) -> CrossProducts:
        """The same sums for some of the columns, in the order asked for."""
        own = [0, *(1 + self.names.index(name) for name in names)]
        return CrossProducts(tuple(names), self.n, self.xx[np.ix_(own, own)], self.xy[own], self.yy, self.kind)


def by_cluster(
    cluster: Array,
    names: Sequence[str],
    x: Array,
    n: Array,
    total: Array,
    squares: Array,
    *,
    survey: Array | None = None,
) -> list[CrossProducts]:
    """`CrossProducts.of` for each cluster, from covariate patterns within clusters; in the order of their codes."""
    order = np.argsort(cluster, kind="stable")
    cuts = np.flatnonzero(np.diff(cluster[order])) + 1
    own = [i for i in np.split(order, cuts) if len(i)]
    weights = [None if survey is None else survey[i] for i in own]
    return [
        CrossProducts.of(names, x[i], n[i], total[i], squares[i], survey=w) for i, w in zip(own, weights, strict=True)
    ]


def together(parts: Iterable[CrossProducts]) -> CrossProducts:
    """The sums of all parts; at least one."""
    first, *rest = parts
    return sum(rest, first)


@dataclass(frozen=True)
class Correlations:
    """Correlations of the columns and the outcome (last), and the means and standard deviations behind them.

    Any leading axes. A constant has a standard deviation of 0, and 0 in its row, column and diagonal.
    """

    matrix: Array
    mean: Array
    sd: Array


def correlations(xx: Array, xy: Array, yy: Array) -> Correlations:
    """From sums of products (..., p + 1, p + 1), (..., p + 1) and (...); divisor of variances: sum of weights."""
    whole = np.concatenate([xx, xy[..., None, :]], axis=-2)
    whole = np.concatenate([whole, np.concatenate([xy, yy[..., None]], axis=-1)[..., None]], axis=-1)
    whole = whole / whole[..., :1, :1]
    mean, second = whole[..., 0, 1:], whole[..., 1:, 1:]
    covariance = second - mean[..., :, None] * mean[..., None, :]
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    constant = variance <= 1e-13 * np.diagonal(second, axis1=-2, axis2=-1)
    sd = np.where(constant, 0.0, np.sqrt(np.maximum(variance, 0.0)))
    unit = np.divide(1.0, sd, out=np.zeros_like(sd), where=sd > 0)
    return Correlations(covariance * unit[..., :, None] * unit[..., None, :], mean, sd)


@dataclass(frozen=True)
class Collinear:
    """A column that says nothing beyond the columns before it, and which of them it repeats; none for a constant."""

    name: str
    repeats: tuple[str, ...]


@dataclass(frozen=True)
class Fit:
    """A linear model. Arrays hold the intercept first, then a number for each column; NaN for a collinear one.

    errors, df: standard errors with their degrees of freedom; covariance: of the coefficients; inverse: of X'X;
    sigma: spread about the line; condition: number of the correlation matrix (Belsley, Kuh and Welsch 1980);
    vif: variance inflation factors; standardised: coefficients in standard deviations; clusters: 0 where answers
    were taken as independent.
    """

    names: tuple[str, ...]
    n: float
    coefficients: Array
    errors: Array
    df: Array
    covariance: Array
    inverse: Array
    r2: float
    sigma: float
    condition: float
    vif: Array
    standardised: Array
    collinear: tuple[Collinear, ...]
    clusters: int = 0

    def tests(self) -> list[Difference]:
        """Each coefficient with interval and p, the intercept first."""
        return differences(self.coefficients, self.errors, self.df, np.full(len(self.names), self.clusters))

    @property
    def kept(self) -> Array:
        """Numbers of the columns that have a coefficient, the intercept among them."""
        return np.flatnonzero(np.isfinite(np.diagonal(self.inverse)))


def ols(cp: CrossProducts) -> Fit:
    """Least squares with an intercept. Collinear columns are left out in favour of those before them, and named.

    Errors take answers as independent and of equal spread (`clustered_ols` does not); NaN for survey weights, and
    where there are no more answers than coefficients. R2 is NaN for an outcome without spread.
    """
    c = correlations(cp.xx, cp.xy, np.array(cp.yy))
    kept = np.flatnonzero(_own(c.matrix[:-1, :-1]))
    r, with_y = c.matrix[np.ix_(kept, kept)], c.matrix[kept, -1]
    own = np.linalg.inv(r)
    standardised = own @ with_y
    slopes, (sd, mean) = standardised * c.sd[-1] / c.sd[kept], (c.sd[kept], c.mean[kept])
    inverse = _inverse(own / np.outer(sd, sd), mean) / cp.xx[0, 0]
    freedom, r2 = cp.n - len(kept) - 1, float(with_y @ standardised)
    sigma = c.sd[-1] * math.sqrt(max(1 - r2, 0.0) * cp.n / freedom) if freedom > 0 else NAN
    scale = sigma**2 if cp.kind is Weights.FREQUENCY else NAN
    place, q = np.array([0, *(kept + 1)]), len(cp.names) + 1
    covariance = placed_square(inverse * scale, place, q)
    return Fit(
        names=(INTERCEPT, *cp.names),
        n=cp.n,
        coefficients=placed(np.array([c.mean[-1] - mean @ slopes, *slopes]), place, q),
        errors=np.sqrt(np.diagonal(covariance)),
        df=placed(np.full(len(place), freedom if math.isfinite(scale) else NAN), place, q),
        covariance=covariance,
        inverse=placed_square(inverse, place, q),
        r2=r2 if c.sd[-1] > 0 else NAN,
        sigma=sigma,
        condition=float(np.sqrt(np.linalg.cond(r))) if len(kept) else 1.0,
        vif=placed(np.diagonal(own), place[1:], q),
        standardised=placed(standardised, place[1:], q),
        collinear=collinear(cp),
    )


def _own(r: Array, tolerance: float = TOLERANCE) -> Array:
    """Whether each column has variance of its own beside the columns before it."""
    left, own = r.copy(), np.zeros(len(r), dtype=bool)
    for j in range(len(r)):
        own[j] = left[j, j] > tolerance
        if own[j]:
            left = left - np.outer(left[:, j], left[j]) / left[j, j]
    return own


def _inverse(slopes: Array, mean: Array) -> Array:
    """Inverse of the moments of an intercept and columns from the inverse covariance of these."""
    across = -slopes @ mean
    return np.block([[np.array([[1 + mean @ slopes @ mean]]), across[None, :]], [across[:, None], slopes]])


def placed(values: Array, place: Array, length: int) -> Array:
    """Values at their places among NaN."""
    out = np.full(length, NAN)
    out[place] = values
    return out


def placed_square(values: Array, place: Array, length: int) -> Array:
    """Rows and columns at their places among NaN."""
    out = np.full((length, length), NAN)
    out[np.ix_(place, place)] = values
    return out


def collinear(cp: CrossProducts, *, tolerance: float = TOLERANCE) -> tuple[Collinear, ...]:
    """Columns with less than `tolerance` of their variance beside the columns before them: constants, copies, sums.

    0.1 names what a variance inflation above 10 would.

    >>> x = np.array([[0.0, 0, 5], [1, 2, 5], [2, 4, 5]])
    >>> collinear(CrossProducts.of(["a", "twice", "always"], x, *np.ones((3, 3))))
    (Collinear(name='twice', repeats=('a',)), Collinear(name='always', repeats=()))
    """
    r = correlations(cp.xx, cp.xy, np.array(cp.yy)).matrix[:-1, :-1]
    own = _own(r, tolerance)
    return tuple(_named(cp.names, r, np.flatnonzero(own[:j]), j) for j in np.flatnonzero(~own).tolist())


def _named(names: tuple[str, ...], r: Array, before: Array, j: int) -> Collinear:
    """Column j with those before it that its best combination of them needs."""
    part = np.linalg.solve(r[np.ix_(before, before)], r[before, j])
    return Collinear(names[j], tuple(names[i] for i, b in zip(before, part, strict=True) if abs(b) > 1e-4))


def block_test(fit: Fit, columns: Sequence[str]) -> Omnibus:
    """Whether all coefficients of some columns are 0: the F test of a linear model with independent answers.

    NaN without errors. For clusters `clustered_tests` knows the freedom better.
    """
    own = [i for i in map(fit.names.index, columns) if np.isfinite(fit.coefficients[i])]
    covariance = fit.covariance[np.ix_(own, own)]
    if not own or not np.all(np.isfinite(covariance)) or np.linalg.matrix_rank(covariance) < len(own):
        return Omnibus(NAN, NAN, NAN, NAN)
    b, df = fit.coefficients[own], float(fit.df[own[0]])
    f = float(b @ np.linalg.solve(covariance, b)) / len(own)
    return Omnibus(f, float(len(own)), df, float(f_sf(f, len(own), df)))

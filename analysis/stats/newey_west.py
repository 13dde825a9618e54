"""How sure are we of a line through weeks, when a good week is followed by a good one? Errors after Newey and West.

The covariance of Newey and West (1987, Econometrica 55:703): products of the scores of any two weeks, fading with
their distance (Bartlett) and gone beyond `lags` weeks. With a few dozen weeks it is too small, and the normal
distribution too narrow. Both are mended as Bell and McCaffrey (2002) mended clusters: under a working model of the
errors - an autoregression of first order - the expected covariance and its freedom are known exactly, since the
covariance is a quadratic form in the errors. The error is divided by the root of what the form falls short of, the
freedom is Satterthwaite's. The autocorrelation is that under which residuals of such a line would on average look as
these do; taken from residuals as they are it would be too low.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.stats.intervals import NAN, Array
from analysis.stats.roots import root

MOST = 0.95  # autocorrelation beyond which a series of weeks is no longer told from a random walk


@dataclass(frozen=True)
class Line:
    """Least squares through T points of q columns, in the unit of the outcome.

    x, at: columns (T, q) and number of each point; coefficients: (q,); covariance: (q, q) after Newey and West as it
    is published; residuals: (T,); lags: distance beyond which two points are taken as unrelated.
    """

    x: Array
    at: Array
    coefficients: Array
    covariance: Array
    residuals: Array
    lags: int

    @cached_property
    def autocorrelation(self) -> float:
        """Of neighbouring errors, 0 or more: under which their residuals are expected to be as these are."""
        return _autocorrelation(self.x, self.at, self.residuals)


@dataclass(frozen=True)
class Combination:
    """A sum of coefficients; error and degrees of freedom allow for few points (NaN where there is none)."""

    value: float
    error: float
    df: float


def usual_lags(points: int) -> int:
    """1.3 roots of the points (Lazarus, Lewis, Stock and Watson 2018, J. Business & Economic Statistics 36:541).

    More than the older rules, which leave too many false alarms where weeks follow one another closely.

    >>> usual_lags(26), usual_lags(100)
    (7, 13)
    """
    return math.ceil(1.3 * math.sqrt(points))


def newey_west(x: Array, y: Array, *, at: Array | None = None, weight: Array | None = None, lags: int) -> Line:
    """Least squares of y (T,) on x (T, q) with the covariance of Newey and West.

    at: number of each point's week (or day), ascending; without it they follow one another without a gap. weight: of
    the points, such as their answers; x, y and residuals are then those multiplied by its root.
    """
    root_weight = np.ones(len(y)) if weight is None else np.sqrt(np.asarray(weight, dtype=float) / np.mean(weight))
    when = np.arange(len(y)) if at is None else np.asarray(at)
    x_, y_ = np.asarray(x, dtype=float) * root_weight[:, None], np.asarray(y, dtype=float) * root_weight
    inverse = np.linalg.pinv(x_.T @ x_)
    coefficients = inverse @ x_.T @ y_
    residuals = y_ - x_ @ coefficients
    scores = x_ * residuals[:, None]
    covariance = inverse @ (scores.T @ _fading(when, lags) @ scores) @ inverse
    return Line(x_, when, coefficients, covariance, residuals, lags)


def combination(line: Line, contrast: Array) -> Combination:
    """Sum of contrast (q,) x coefficients, with an error that is right on average under the working model."""
    value = float(contrast @ line.coefficients)
    raw = float(contrast @ line.covariance @ contrast)
    if len(line.x) <= np.linalg.matrix_rank(line.x) or raw <= 0:
        return Combination(value, NAN, NAN)
    pull = line.x @ np.linalg.pinv(line.x.T @ line.x) @ contrast
    keeps = _residual_maker(line.x)
    form = keeps @ (np.outer(pull, pull) * _fading(line.at, line.lags)) @ keeps
    model = _model(line.at, line.autocorrelation)
    product = form @ model
    expected, spread = float(np.trace(product)), float(np.sum(product * product.T))
    if expected <= 0:
        return Combination(value, NAN, NAN)
    short = float(pull @ model @ pull) / expected
    return Combination(value, math.sqrt(raw * max(short, 1.0)), expected**2 / spread)


def _fading(at: Array, lags: int) -> Array:
    """Weight of each pair of points: 1 at no distance, 0 from lags + 1 on."""
    return np.asarray(np.maximum(1 - np.abs(at[:, None] - at[None, :]) / (lags + 1), 0.0))


def _model(at: Array, autocorrelation: float) -> Array:
    return np.asarray(float(autocorrelation) ** np.abs(at[:, None] - at[None, :]))


def _residual_maker(x: Array) -> Array:
    return np.asarray(np.eye(len(x)) - x @ np.linalg.pinv(x.T @ x) @ x.T)


def _autocorrelation(x: Array, at: Array, residuals: Array) -> float:
    """The one under which the product of neighbouring residuals, over their squares, would be what it is here."""
    near = (np.abs(at[:, None] - at[None, :]) == 1).astype(float) / 2
    squares = float(residuals @ residuals)
    if squares <= 0:
        return 0.0
    keeps = _residual_maker(x)
    pairs, found = keeps @ near @ keeps, float(residuals @ near @ residuals) / squares

    def excess(rho: float) -> float:
        model = _model(at, rho)
        return float(np.sum(pairs * model) / np.sum(keeps * model)) - found

    if excess(0.0) >= 0:
        return 0.0
    return MOST if excess(MOST) <= 0 else root(excess, 0.0, MOST)

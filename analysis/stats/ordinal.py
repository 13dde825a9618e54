"""What goes with a higher mark when marks have an order but no distance? Proportional odds from counts.

The model of McCullagh 1980: logit P(mark <= j) = threshold j - x b, so exp(b) is the factor by which the odds of a
higher mark grow, the same at every threshold. `parallel` asks whether that holds (Brant 1990). Survey weights are not
counts and do not belong here. statsmodels' OrderedModel takes single answers only, hence a maximum of our own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.stats.clustered_regression import sandwich
from analysis.stats.distributions import chi2_sf, f_sf
from analysis.stats.intervals import NAN, Array, Difference, Interval, Omnibus, differences
from analysis.stats.logit import EXTREME, MOST_STEPS, boundless, independent, maximum, standardising
from analysis.stats.patience import step_by_step
from analysis.stats.regression import Collinear, placed


@dataclass(frozen=True)
class Parallel:
    """Do the odds ratios hold at every threshold? A Wald test of all columns, and of each; NaN where it cannot be.

    slopes: coefficients (thresholds, columns) of a logistic regression at each threshold, to see where they part.
    """

    whole: Omnibus
    each: tuple[Omnibus, ...]
    slopes: Array


@dataclass(frozen=True)
class OrdinalFit:
    """A proportional-odds model; a number for each column, NaN for a collinear one.

    thresholds: one less than the marks that occur, on the scale of log odds; covariance: of the columns that are not
    collinear, after those of the thresholds; df: of the errors, infinite without clusters; separated: columns for
    which no finite coefficient fits best - then, and for fewer than two marks, all numbers are NaN.
    """

    names: tuple[str, ...]
    n: float
    coefficients: Array
    errors: Array
    df: float
    thresholds: Array
    threshold_errors: Array
    covariance: Array
    log_likelihood: float
    null_log_likelihood: float
    parallel: Parallel
    separated: tuple[str, ...] = ()
    collinear: tuple[Collinear, ...] = ()
    clusters: int = 0

    def tests(self) -> list[Difference]:
        """Each coefficient (a logarithm of odds) with interval and p (Wald)."""
        p = len(self.names)
        return differences(self.coefficients, self.errors, np.full(p, self.df), np.full(p, self.clusters))

    def odds_ratios(self) -> list[Interval]:
        """Intervals of the odds ratios exp(coefficient) of a higher mark."""
        return [Interval(float(np.exp(t.interval.low)), float(np.exp(t.interval.high))) for t in self.tests()]


def proportional_odds(names: Sequence[str], x: Array, counts: Array, *, cluster: Array | None = None) -> OrdinalFit:
    """Maximum likelihood from covariate patterns x (patterns, p) and counts (patterns, marks in ascending order).

    Marks nobody gave are passed over. cluster: of each pattern (which then are patterns within clusters): errors and
    `parallel` are CR1 with clusters - 1 degrees of freedom; negative ones as `sandwich` says. With two marks it is
    `logit`.

    >>> fit = proportional_odds(["late"], np.array([[0.0], [1.0]]), np.array([[10, 30], [30, 10]]))
    >>> round(float(np.exp(fit.coefficients[0])), 3), fit.thresholds.round(3)
    (0.111, array([-1.099]))
    """
    names, x, counts = tuple(names), np.asarray(x, dtype=float), np.asarray(counts, dtype=float)
    counts, n = counts[:, counts.sum(axis=0) > 0], counts.sum(axis=1)
    repeats, kept = independent(names, x, n)
    if counts.shape[1] < 2:
        return _nothing(names, float(n.sum()), counts.shape[1], repeats, ())
    own = kept[1:] - 1
    steps = _maximum(x[:, own], counts)
    separated = tuple(names[i] for i in own[_separated(x[:, own], counts)]) if steps.suspicious else ()
    if separated:
        return _nothing(names, float(n.sum()), counts.shape[1], repeats, separated)
    covariance = steps.inverse if cluster is None else sandwich(steps.inverse, steps.scores, cluster, n)
    clusters = 0 if cluster is None else len(np.unique(cluster))
    errors, split = np.sqrt(np.diagonal(covariance)), counts.shape[1] - 1
    return OrdinalFit(
        names=names,
        n=float(n.sum()),
        coefficients=placed(steps.values[split:], own, len(names)),
        errors=placed(errors[split:], own, len(names)),
        df=float(clusters - 1) if clusters else math.inf,
        thresholds=steps.values[:split],
        threshold_errors=errors[:split],
        covariance=covariance,
        log_likelihood=steps.log_likelihood,
        null_log_likelihood=float(special.xlogy(counts.sum(axis=0), counts.sum(axis=0) / n.sum()).sum()),
        parallel=_parallel(x, own, counts, cluster),
        collinear=repeats,
        clusters=clusters,
    )


def _nothing(
    names: tuple[str, ...], n: float, marks: int, repeats: tuple[Collinear, ...], separated: tuple[str, ...]
) -> OrdinalFit:
    long, cuts = np.full(len(names), NAN), np.full(max(marks - 1, 0), NAN)
    square = np.full((len(cuts) + len(long), len(cuts) + len(long)), NAN)
    unknown = _unknown(len(names), len(cuts))
    return OrdinalFit(names, n, long, long, NAN, cuts, cuts, square, NAN, NAN, unknown, separated, repeats)


@dataclass(frozen=True)
class _Steps:
    """Where Newton's steps ended: thresholds and slopes, their inverse information, the scores of patterns."""

    values: Array
    inverse: Array
    scores: Array
    log_likelihood: float
    suspicious: bool


def _maximum(x: Array, counts: Array) -> _Steps:
    """The likelihood has one hill (Pratt 1981): Newton's steps, halved where they go too far, find its top."""
    full, split, n = np.column_stack([np.ones(len(x)), x]), counts.shape[1] - 1, counts.sum(axis=1)
    turn = standardising(full, n)
    z = (full @ turn)[:, 1:]
    values = np.concatenate([special.logit(np.cumsum(counts.sum(axis=0))[:-1] / n.sum()), np.zeros(x.shape[1])])
    height = _height(z, counts, values)
    for _ in step_by_step(range(MOST_STEPS)):
        scores, information = _slopes(z, counts, values)
        inverse = np.linalg.pinv(information, hermitian=True)
        step = inverse @ scores.sum(axis=0)
        gain, least = float(scores.sum(axis=0) @ step), height - 1e-9 * abs(height)
        while (height := _height(z, counts, values + step)) < least:
            step = step / 2
        values = values + step
        if gain < 1e-12:
            break
    suspicious = bool(gain >= 1e-12 or np.max(np.abs(z @ values[split:]), initial=0) > EXTREME)
    back = _back(turn, split)
    forth = np.linalg.inv(back)
    return _Steps(back @ values, back @ inverse @ back.T, scores @ forth, height, suspicious)


def _back(turn: Array, split: int) -> Array:
    """From thresholds and slopes of standardised columns to those of the columns: threshold - z b is the same."""
    back = np.eye(split + len(turn) - 1)
    back[split:, split:] = turn[1:, 1:]
    back[:split, split:] = -turn[0, 1:]
    return back


def _bounds(z: Array, values: Array, split: int) -> tuple[Array, Array]:
    """P(mark <= j) from below the lowest mark (0) to the highest (1), and its slope in threshold - z b."""
    line = values[:split] - (z @ values[split:])[:, None]
    edge = np.zeros((len(z), 1))
    upto = np.hstack([edge, special.expit(line), edge + 1])
    return upto, np.hstack([edge, special.expit(line) * special.expit(-line), edge])


def _height(z: Array, counts: Array, values: Array) -> float:
    """Logarithm of the likelihood; minus infinity where thresholds are out of order."""
    chance = np.diff(_bounds(z, values, counts.shape[1] - 1)[0], axis=1)
    return float(special.xlogy(counts, np.maximum(chance, 0.0)).sum())


def _slopes(z: Array, counts: Array, values: Array) -> tuple[Array, Array]:
    """Scores of patterns (patterns, thresholds + columns) and the observed information."""
    marks, size = counts.shape[1], len(values)
    upto, steep = _bounds(z, values, marks - 1)
    bend, chance = steep * (1 - 2 * upto), np.maximum(np.diff(upto, axis=1), 1e-300)
    scores, information = np.zeros((len(z), size)), np.zeros((size, size))
    for j in range(marks):
        high, low = _design(z, j, marks), _design(z, j - 1, marks)
        up, down, c = steep[:, j + 1] / chance[:, j], steep[:, j] / chance[:, j], counts[:, j]
        scores += high * (c * up)[:, None] - low * (c * down)[:, None]
        across = high.T @ (low * (c * up * down)[:, None])
        information += high.T @ (high * (c * (up**2 - bend[:, j + 1] / chance[:, j]))[:, None]) - across
        information += low.T @ (low * (c * (down**2 + bend[:, j] / chance[:, j]))[:, None]) - across.T
    return scores, information


def _design(z: Array, j: int, marks: int) -> Array:
    """How threshold j - z b moves with thresholds and slopes; not at all beyond the outer marks."""
    at = np.zeros((len(z), marks - 1 + z.shape[1]))
    if 0 <= j < marks - 1:
        at[:, j] = 1
        at[:, marks - 1 :] = -z
    return at


def _separated(x: Array, counts: Array) -> Array:
    marks = counts.shape[1]
    rises = [_design(x, j, marks)[counts[:, j] > 0] for j in range(marks)]
    falls = [-_design(x, j - 1, marks)[counts[:, j] > 0] for j in range(marks)]
    return boundless(np.vstack(rises + falls))[marks - 1 :]


def _unknown(columns: int, thresholds: int) -> Parallel:
    nothing = Omnibus(NAN, NAN, NAN, NAN)
    return Parallel(nothing, (nothing,) * columns, np.full((thresholds, columns), NAN))


def _parallel(x: Array, own: Array, counts: Array, cluster: Array | None) -> Parallel:
    """Brant's test: logistic regressions at each threshold, and whether their slopes differ more than by luck."""
    n, thresholds, q = counts.sum(axis=1), counts.shape[1] - 1, len(own) + 1
    full, below = np.column_stack([np.ones(len(x)), x[:, own]]), np.cumsum(counts, axis=1)[:, :-1]
    fits = [maximum(full, n - below[:, j], below[:, j]) for j in range(thresholds)]
    slopes = np.array([b for b, _ in fits])
    if thresholds < 2 or q < 2 or np.max(np.abs(full @ slopes.T), initial=0) > EXTREME:
        return _unknown(x.shape[1], thresholds)
    share, inverse = special.expit(full @ slopes.T), _side_by_side([own_inverse for _, own_inverse in fits])
    if cluster is None:
        covariance, freedom = inverse @ _meat(full, n, share) @ inverse, math.inf
    else:
        scores = np.hstack([full * (n * (1 - share[:, j]) - below[:, j])[:, None] for j in range(thresholds)])
        covariance, freedom = (
            sandwich(inverse, scores, cluster, counts.sum(axis=1)),
            float(len(np.unique(cluster)) - 1),
        )
    each = [Omnibus(NAN, NAN, NAN, NAN)] * x.shape[1]
    for j, place in enumerate(own.tolist(), 1):
        each[place] = _differ(slopes, covariance, [j], freedom)
    wide = np.array([placed(row[1:], own, x.shape[1]) for row in slopes])
    return Parallel(_differ(slopes, covariance, list(range(1, q)), freedom), tuple(each), wide)


def _meat(full: Array, n: Array, share: Array) -> Array:
    """Covariance of the scores of all thresholds: whoever is above a higher one is above a lower one."""
    thresholds = range(share.shape[1])
    covariance = [[share[:, max(j, k)] * (1 - share[:, min(j, k)]) for k in thresholds] for j in thresholds]
    return np.block([[full.T @ (full * (n * w)[:, None]) for w in row] for row in covariance])


def _side_by_side(matrices: Sequence[Array]) -> Array:
    """Square matrices of one size along the diagonal, 0 elsewhere."""
    size = len(matrices[0])
    whole = np.zeros((len(matrices), size, len(matrices), size))
    for place, matrix in enumerate(matrices):
        whole[place, :, place] = matrix
    return whole.reshape(len(matrices) * size, -1)


def _differ(slopes: Array, covariance: Array, columns: list[int], freedom: float) -> Omnibus:
    """Whether some slopes are the same at all thresholds; NaN where the answers cannot tell."""
    thresholds, q = slopes.shape
    contrast = np.array(
        [np.eye(thresholds * q)[j * q + c] - np.eye(thresholds * q)[c] for j in range(1, thresholds) for c in columns]
    )
    own, apart = contrast @ covariance @ contrast.T, contrast @ slopes.ravel()
    scale = np.sqrt(np.diagonal(own))
    if not np.all(scale > 0) or np.linalg.matrix_rank(own / np.outer(scale, scale)) < len(own) or len(own) > freedom:
        return Omnibus(NAN, NAN, NAN, NAN)
    df, f = float(len(own)), float(apart @ np.linalg.solve(own, apart)) / len(own)
    p = chi2_sf(f * df, df) if math.isinf(freedom) else f_sf(f, df, freedom)
    return Omnibus(f, df, freedom, float(p))

"""What goes with a yes (resolved, left, called again) when several things move together? Logistic regression.

From the counts of yes and no per covariate pattern: the same coefficients and errors as from single answers (the
deviance is another). Survey weights are not counts and do not belong here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.stats.clustered_regression import sandwich
from analysis.stats.distributions import Z_95
from analysis.stats.intervals import NAN, Array, Difference, Interval, differences
from analysis.stats.patience import step_by_step
from analysis.stats.ranks import brunner_munzel
from analysis.stats.regression import INTERCEPT, Collinear, CrossProducts, collinear, placed, placed_square

MOST_STEPS = 40
EXTREME = 10.0  # log odds of a prediction from which on a separation is looked for
NO_BLOCKS: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class Skill:
    """How well predicted shares fit what came: the area under the ROC curve with its interval (DeLong, DeLong and
    Clarke-Pearson 1988), the Brier score (0 is best), and slope and intercept of the calibration line (1 and 0).
    """

    auc: float
    auc_interval: Interval
    brier: float
    slope: float
    intercept: float


@dataclass(frozen=True)
class LogitFit:
    """A logistic regression. Arrays hold the intercept first, then a number for each column.

    df: of the errors, infinite without clusters; effects: average marginal effects on the share of yes, 0..1;
    separated: columns that tell yes from no without fault in some direction, for which no finite coefficient fits
    best: then, as for counts without any yes or no, all numbers are NaN; those of collinear columns always are.
    """

    names: tuple[str, ...]
    n: float
    coefficients: Array
    errors: Array
    df: float
    covariance: Array
    effects: Array
    effect_errors: Array
    deviance: float
    null_deviance: float
    skill: Skill
    separated: tuple[str, ...] = ()
    collinear: tuple[Collinear, ...] = ()
    clusters: int = 0

    def tests(self) -> list[Difference]:
        """Each coefficient (a logarithm of odds) with interval and p, the intercept first."""
        return _tests(self.coefficients, self.errors, self.df, self.clusters)

    def marginal(self) -> list[Difference]:
        """Each average marginal effect with interval and p; NaN for the intercept."""
        return _tests(self.effects, self.effect_errors, self.df, self.clusters)

    def odds_ratios(self) -> list[Interval]:
        """Intervals of the odds ratios exp(coefficient)."""
        return [Interval(float(np.exp(t.interval.low)), float(np.exp(t.interval.high))) for t in self.tests()]


def _tests(value: Array, error: Array, df: float, clusters: int) -> list[Difference]:
    return differences(value, error, np.full(len(value), df), np.full(len(value), clusters))


def logit(
    names: Sequence[str],
    x: Array,
    successes: Array,
    failures: Array,
    *,
    blocks: Mapping[str, Sequence[str]] = NO_BLOCKS,
    cluster: Array | None = None,
) -> LogitFit:
    """Maximum likelihood from covariate patterns x (patterns, p) and their counts of yes and no.

    blocks: the dummies of each factor, so that a marginal effect is against its reference category. cluster: of each
    pattern (which then are patterns within clusters): errors are CR1 with clusters - 1 degrees of freedom.

    >>> fit = logit(["late"], np.array([[0.0], [1.0]]), np.array([30, 10]), np.array([10, 30]))
    >>> round(float(np.exp(fit.coefficients[1])), 3), round(float(fit.effects[1]), 3)
    (0.111, -0.5)
    """
    every, whole = (INTERCEPT, *names), float(np.sum(successes + failures))
    repeats, kept = independent(names, x, successes + failures)
    if not 0 < np.sum(successes) < whole:
        return _nothing(every, whole, (), repeats)
    own, full = [every[i] for i in kept], np.column_stack([np.ones(len(x)), x])[:, kept]
    b, inverse = maximum(full, successes, failures)
    separated = _separated(own, full, successes, failures) if _suspicious(full @ b, successes + failures) else ()
    if separated:
        return _nothing(every, whole, separated, repeats)
    share, n = special.expit(full @ b), successes + failures
    scores = full * (successes - n * share)[:, None]
    covariance = inverse if cluster is None else sandwich(inverse, scores, cluster)
    clusters = 0 if cluster is None else len(np.unique(cluster))
    effects, slopes = _effects(own, full, n, b, blocks)
    effect_errors = np.sqrt(np.einsum("ij,jk,ik->i", slopes, covariance, slopes))
    covariance = placed_square(covariance, kept, len(every))
    return LogitFit(
        names=every,
        n=whole,
        coefficients=placed(b, kept, len(every)),
        errors=np.sqrt(np.diagonal(covariance)),
        df=float(clusters - 1) if clusters else math.inf,
        covariance=covariance,
        effects=placed(effects, kept, len(every)),
        effect_errors=placed(effect_errors, kept, len(every)),
        deviance=_deviance(share, successes, failures),
        null_deviance=_deviance(np.full(len(n), np.sum(successes) / whole), successes, failures),
        skill=skill(share, successes, failures),
        collinear=repeats,
        clusters=clusters,
    )


def independent(names: Sequence[str], x: Array, n: Array) -> tuple[tuple[Collinear, ...], Array]:
    """Columns that repeat those before them, and the numbers of the others, the intercept (0) among them."""
    if not np.sum(n) > 0:
        return (), np.arange(len(names) + 1)
    repeats = collinear(CrossProducts.of(names, x, n, n, n))
    dropped = {column.name for column in repeats}
    return repeats, np.array([0, *(i for i, name in enumerate(names, 1) if name not in dropped)])


def maximum(full: Array, successes: Array, failures: Array) -> tuple[Array, Array]:
    """Coefficients of the greatest likelihood and their inverse information, by Newton's steps, halved if too far.

    Where no maximum exists (separation) the steps end with coefficients that are large.
    """
    n = successes + failures
    turn = standardising(full, n)
    z, b = full @ turn, np.zeros(full.shape[1])
    deviance = _deviance(np.full(len(n), 0.5), successes, failures)
    for _ in step_by_step(range(MOST_STEPS)):
        share = special.expit(z @ b)
        inverse = np.linalg.pinv(z.T @ (z * (n * share * (1 - share))[:, None]), hermitian=True)
        step = inverse @ (z.T @ (successes - n * share))
        gain = float((successes - n * share) @ z @ step)
        most = deviance * (1 + 1e-9)
        while (deviance := _deviance(special.expit(z @ (b + step)), successes, failures)) > most:
            step = step / 2
        b = b + step
        if gain < 1e-12:
            break
    return turn @ b, turn @ inverse @ turn.T


def standardising(full: Array, n: Array) -> Array:
    """The matrix that turns an intercept and columns into an intercept and columns of mean 0 and variance 1."""
    mean = n @ full / n.sum()
    sd = np.sqrt(n @ (full - mean) ** 2 / n.sum())
    turn = np.diag([1.0, *(1 / sd[1:])])
    turn[0, 1:] = -mean[1:] / sd[1:]
    return turn


def _suspicious(line: Array, n: Array) -> bool:
    """Whether predictions run to the ends, as they do when a column separates."""
    return bool(np.max(np.abs(line[n > 0]), initial=0) > EXTREME)


def _nothing(
    names: tuple[str, ...], n: float, separated: tuple[str, ...], repeats: tuple[Collinear, ...]
) -> LogitFit:
    q, unknown = len(names), Skill(NAN, Interval(NAN, NAN), NAN, NAN, NAN)
    long, square = np.full(q, NAN), np.full((q, q), NAN)
    return LogitFit(names, n, long, long, NAN, square, long, long, NAN, NAN, unknown, separated, repeats)


def _separated(names: Sequence[str], full: Array, successes: Array, failures: Array) -> tuple[str, ...]:
    way = boundless(np.vstack([full[successes > 0], -full[failures > 0]]))
    return tuple(name for name, moves in zip(names[1:], way[1:], strict=True) if moves)


def boundless(toward: Array) -> Array:
    """Which coefficients grow without end: those of a direction in which no row falls and some row rises.

    Rows say how what was seen becomes likelier; the direction is a linear program (Konis 2007).
    """
    from scipy import optimize  # slow to import: only who asks waits

    size = np.abs(toward).max(axis=0, initial=0)
    toward = toward / np.where(size > 0, size, 1.0)
    optimum = optimize.linprog(-toward.sum(axis=0), A_ub=-toward, b_ub=np.zeros(len(toward)), bounds=(-1, 1))
    moves = optimum.fun is not None and optimum.fun < -1e-7
    return np.abs(optimum.x) > 1e-7 if moves else np.zeros(toward.shape[1], dtype=bool)


def _effects(
    names: Sequence[str], full: Array, n: Array, b: Array, blocks: Mapping[str, Sequence[str]]
) -> tuple[Array, Array]:
    """Average marginal effects and their slopes in the coefficients (delta method)."""
    q = len(names)
    effects, slopes, weight = np.full(q, NAN), np.full((q, q), NAN), n / n.sum()
    family = {c: [names.index(m) for m in columns if m in names] for columns in blocks.values() for c in columns}
    for j in range(1, q):
        rule = _step if names[j] in family or np.isin(full[n > 0, j], (0, 1)).all() else _slope
        effects[j], slopes[j] = rule(full, weight, b, j, family.get(names[j], [j]))
    return effects, slopes


def _step(full: Array, weight: Array, b: Array, j: int, family: Sequence[int]) -> tuple[float, Array]:
    """From 0 to 1, the other columns of the factor at 0."""
    low = full.copy()
    low[:, family] = 0
    high = low.copy()
    high[:, j] = 1
    (p0, p1) = special.expit(low @ b), special.expit(high @ b)
    bends = (weight * p1 * (1 - p1)) @ high - (weight * p0 * (1 - p0)) @ low
    return float(weight @ (p1 - p0)), bends


def _slope(full: Array, weight: Array, b: Array, j: int, family: Sequence[int]) -> tuple[float, Array]:
    """Per unit of a number."""
    p = special.expit(full @ b)
    steep = weight * p * (1 - p)
    bends = b[j] * ((steep * (1 - 2 * p)) @ full)
    bends[j] += steep.sum()
    return float(b[j] * steep.sum()), bends


def _deviance(share: Array, successes: Array, failures: Array) -> float:
    """Of single answers: twice the logarithm of their chance, with its sign changed."""
    return -2 * float(np.sum(special.xlogy(successes, share) + special.xlog1py(failures, -share)))


def skill(share: Array, successes: Array, failures: Array) -> Skill:
    """Predicted shares of yes against counts of yes and no, on the data of the fit or, better, on later data.

    Fitted to the same counts, slope and intercept are 1 and 0 by construction. A slope below 1 says that the
    predictions are too extreme (van Calster and others 2019). The slope is NaN if all predictions are alike.
    """
    score, place = np.unique(np.round(share, 12), return_inverse=True)
    yes, no = (np.bincount(place, counts, len(score)) for counts in (successes, failures))
    brier = float(np.sum(yes * (1 - score) ** 2 + no * score**2) / np.sum(yes + no)) if len(score) else NAN
    if not (yes.sum() > 0 and no.sum() > 0):
        return Skill(NAN, Interval(NAN, NAN), brier, NAN, NAN)
    curve = brunner_munzel(no, yes)
    return Skill(curve.a, _delong(curve.a, curve.error), brier, *_calibration(score, yes, no))


def _delong(auc: float, error: float) -> Interval:
    reach = Z_95 * error
    return Interval(auc - reach, auc + reach).clipped(0.0, 1.0)


def _calibration(score: Array, yes: Array, no: Array) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of what came on the logit of what was predicted."""
    if len(score) < 2:
        return NAN, NAN
    line = special.logit(np.clip(score, 1e-12, 1 - 1e-12))
    full = np.column_stack([np.ones(len(line)), line])
    b, _ = maximum(full, yes, no)
    if _suspicious(full @ b, yes + no) and _separated((INTERCEPT, "line"), full, yes, no):
        return NAN, NAN
    return float(b[1]), float(b[0])

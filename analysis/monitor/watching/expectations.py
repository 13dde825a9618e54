"""What is expected of each segment on each day, how far is it from that, and is it large enough to be watched?

A segment with fewer than 20 answers a day is looked at every second day, every third .. or once a week, so that each
look has as many; with fewer than 20 a week it is too small to be watched. The standard error of a look is that of its
answers, times by how much looks and weeks of the baseline varied by more than that. Answers are skewed, and so are
means of few: a distance is put on a normal scale as Wilson and Hilferty (1931) do it for a gamma distribution of the
same skewness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from analysis.monitor.baseline import LEAST_DAYS
from analysis.monitor.expected import fit_sums
from analysis.monitor.watching.dependence import widened
from analysis.monitor.watching.evidence import Looks
from analysis.monitor.watching.segments_watched import SUMS, Watched
from analysis.monitor.watching.spread import moderated
from analysis.stats.intervals import Array
from analysis.stats.patience import go_on
from data_access.selection import Period

ANSWERS_OF_LOOK = 20.0
LONGEST = 7  # days of a look
LEAST_LOOKS = 4  # of the baseline
WEEK = 7
STEEPEST = 1.5  # of the skewness of a look that is allowed for: beyond, the approximation is none
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Expectations:
    """By segment (row) and day (column). All in the unit of the metric.

    center: what is expected of a day. error: the standard error of a look, on its last day (NaN on others). spread:
    by how much variances exceed those of the answers, df: its degrees of freedom. per_day: answers a day in the
    baseline. judged: days after those that the limits rest on. sd: of a single answer. baseline: effective answers
    of the days that the level rests on. watched: segments that are large enough.
    """

    center: Array
    looks: Looks
    spread: Array
    df: Array
    per_day: Array
    judged: Flags
    sd: Array
    baseline: Array
    watched: Flags


def expectations(
    found: Watched, baseline: Period, *, skewness: float, rebased: Mapping[int, date] | None = None
) -> Expectations:
    """What the baseline lets expect.

    skewness: of single answers of a score. rebased: segments whose limits begin anew on a day: their level is that
    of the first 28 days from there, and they are watched after these.
    """
    basis = _bases(found, baseline, rebased or {})
    learnt = np.array([found.within(own) for own in basis]).reshape(len(basis), len(found.days))
    after = np.array([[day >= max(own.end, baseline.end) for day in found.days] for own in basis])
    per_day = found.sums.n[:, found.within(baseline)].mean(axis=1) if len(basis) else np.zeros(0)
    length = np.clip(np.ceil(ANSWERS_OF_LOOK / np.maximum(per_day, 1e-9)), 1, LONGEST)
    center, fitted = _centers(found, baseline, basis, learnt)
    sd = _deviations(found, found.within(baseline), center)
    size = _ratio((found.sums.w * learnt).sum(axis=1) ** 2, (found.sums.v * learnt).sum(axis=1))
    z = _distances(found, baseline.end, length, center, sd, skewness)
    calm = found.within(baseline)
    spread, df = _spread(z[:, calm], length, fitted)
    scale = np.sqrt(spread * (1 + fitted / np.maximum(calm.sum(), 1)))
    looks_of = size / np.maximum(learnt.sum(axis=1) / length, 1e-9)  # effective answers of a look
    enough = (per_day * WEEK >= ANSWERS_OF_LOOK) & (np.isfinite(z[:, calm]).sum(axis=1) >= LEAST_LOOKS)
    looks = Looks(np.where(after, z / scale[:, None], np.nan), length, _ratio(looks_of, size), df)
    return Expectations(center, looks, spread, df, per_day, after, sd, size, enough & (sd > 0))


def _bases(found: Watched, baseline: Period, rebased: Mapping[int, date]) -> list[Period]:
    """The days that the level of each segment rests on."""
    anew = {place: Period(day, day + timedelta(days=LEAST_DAYS)) for place, day in rebased.items()}
    own = {place: Period(period.start, max(period.end, baseline.end)) for place, period in anew.items()
           if period.start < baseline.end}  # fmt: skip
    return [own.get(i) or anew.get(i) or baseline for i in range(len(found.segments))]


def _centers(found: Watched, baseline: Period, basis: Sequence[Period], learnt: Flags) -> tuple[Array, Array]:
    """What is expected of each day, and the numbers that were fitted besides the level."""
    center, fitted = np.empty(found.sums.w.shape), np.empty(len(basis))
    for place, own in enumerate(basis):
        go_on()
        effects = fit_sums(found.days, found.sums.w[place], found.sums.wx[place], baseline)
        center[place], fitted[place] = effects.expected(found.days), effects.fitted
        if own != baseline:
            w, rows = found.sums.w[place, learnt[place]], found.sums.wx[place, learnt[place]]
            center[place] += _ratio(rows.sum() - (w * center[place, learnt[place]]).sum(), w.sum())
    low, high = found.metric.kind.range
    return np.clip(center, low, high), fitted


def _deviations(found: Watched, calm: Flags, center: Array) -> Array:
    """The standard deviation of a single answer within a day, by segment."""
    sums = found.sums
    if found.metric.unit.is_share:
        n = sums.n[:, calm].sum(axis=1)
        share = _ratio((center * sums.n)[:, calm].sum(axis=1), n) / 100
        room = 0.5 / np.maximum(n, 1.0)  # a rate that was never seen is still possible
        share = np.clip(share, room, 1 - room)
        return np.asarray(100 * np.sqrt(share * (1 - share)))
    n, w, wx, v, vx, vxx = (getattr(sums, name)[:, calm] for name in SUMS)
    mean = _ratio(wx, w)
    left = np.maximum(vxx - 2 * mean * vx + mean**2 * v, 0.0) * (n > 1)
    several = np.maximum(n - 1, 0) / np.maximum(n, 1)
    return np.sqrt(_ratio(np.nansum(left, axis=1), (v * several).sum(axis=1)))


def _distances(
    found: Watched, anchor: date, length: Array, center: Array, sd: Array, skewness: float
) -> Array:  # fmt: skip
    """By segment and day, the distance of the look that ends then from what is expected, on a normal scale."""
    sums, z = found.sums, np.full(center.shape, np.nan)
    start = (anchor - found.days[0]).days
    for days in range(1, LONGEST + 1):
        own = np.flatnonzero(length == days)
        ends = np.arange((start - 1) % days, len(found.days), days)
        ends = ends[ends >= days - 1]
        if len(own) and len(ends):
            w, gap, v = (_of_looks(x[own], days, ends) for x in (sums.w, sums.wx - sums.w * center, sums.v))
            n = _of_looks(sums.n[own], days, ends)
            plain = _ratio(_ratio(gap, w), sd[own][:, None] * np.sqrt(v) / np.where(w > 0, w, np.nan))
            size = _ratio(w**2, v)
            skew = _skewness(found, center[own], skewness) / np.sqrt(np.where(size > 0, size, np.nan))
            z[np.ix_(own, ends)] = np.where(n > 0, normal_scores(plain, skew), np.nan)
    return z


def _of_looks(daily: Array, days: int, ends: npt.NDArray[np.int64]) -> Array:
    """Sums over the days of each look."""
    until = np.concatenate([np.zeros((len(daily), 1)), np.cumsum(daily, axis=1)], axis=1)
    return np.asarray(until[:, ends + 1] - until[:, ends + 1 - days])


def _skewness(found: Watched, center: Array, skewness: float) -> Array:
    """Of single answers, by segment (one column): that of a rate follows from it."""
    if not found.metric.unit.is_share:
        return np.full((len(center), 1), skewness)
    share = np.clip(center.mean(axis=1, keepdims=True) / 100, 1e-3, 1 - 1e-3)
    return np.asarray((1 - 2 * share) / np.sqrt(share * (1 - share)))


def normal_scores(z: Array, skewness: Array) -> Array:
    """Standardised sums of so much skewness, as the normal values with the same chance (Wilson and Hilferty 1931).

    >>> normal_scores(np.array([-3.0, 0.0, 3.0]), np.array([-0.5] * 3)).round(2).tolist()
    [-2.54, -0.08, 4.36]
    """
    skew = np.clip(skewness, -STEEPEST, STEEPEST)
    steep = np.where(np.abs(skew) < 1e-6, 1e-6, skew)
    root = np.cbrt(np.maximum(1 + steep * z / 2, 0.0))
    return np.asarray(np.where(np.abs(skew) < 1e-6, z, 6 / steep * (root - 1) + steep / 6))


def _spread(z: Array, length: Array, fitted: Array) -> tuple[Array, Array]:
    """By how much variances exceed those of the answers: of looks, one after another, or of weeks; at least 1."""
    looks = np.isfinite(z).sum(axis=1)
    df = np.maximum(looks - 1 - fitted / length, 1.0)
    apart = z - np.where(looks > 0, np.nansum(z, axis=1) / np.maximum(looks, 1), 0.0)[:, None]
    single, own = moderated(np.where(looks > 1, np.nansum(apart**2, axis=1) / df, np.nan), df)
    weeks, weeks_df = _of_weeks(apart)
    weekly, theirs = moderated(weeks, weeks_df)
    factor, of_factor = widened(z, length, single)
    after_another, own = single * factor, 1 / (1 / own + 1 / of_factor)
    spread = np.fmax(np.fmax(after_another, weekly), 1.0)
    return spread, np.where(np.nan_to_num(weekly) > np.fmax(after_another, 1.0), theirs, own)


def _of_weeks(apart: Array) -> tuple[Array, Array]:
    """The variance of sums over weeks, in that of as many looks by chance; more where days follow one another."""
    weeks = apart.shape[1] // WEEK
    blocks = apart[:, apart.shape[1] - weeks * WEEK :].reshape(len(apart), weeks, WEEK)
    looks = np.isfinite(blocks).sum(axis=2)
    sums = np.nansum(blocks, axis=2)
    told = (looks > 0).sum(axis=1)
    df = np.maximum(told - 1.0, 1.0)
    squares = np.where(looks > 0, sums**2 / np.maximum(looks, 1), 0.0).sum(axis=1)
    return np.where(told > 1, squares / df, np.nan), df


def _ratio(a: Array, b: Array) -> Array:
    """a / b, NaN for nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(np.asarray(b) > 0, a / np.asarray(b), np.nan))

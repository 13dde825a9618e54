"""Did the line break where the plan began? An interrupted time series, for plans without a control group.

Segmented regression of the weekly (or daily) means on a line that may change its level and its slope at the start
(Wagner et al. 2002, J. Clin. Pharm. Ther. 27:299; Penfold and Zhang 2013, Acad. Pediatr. 13:S38), weighted by
answers, with errors after Newey and West at a stated lag that allow for few points (`stats.newey_west`). The effect
is the mean distance, over the answers since the start, between what came and the line of the time before. Nothing
here tells the plan from anything else that began on that day: whoever shows the effect must say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import NAN, Array, Difference, differences
from analysis.stats.newey_west import Line, combination, newey_west, usual_lags

LEAST_BEFORE, LEAST_AFTER = 8, 4  # weeks; Penfold and Zhang ask for 8 on either side, a plan cannot always wait
LEAST_DAYS_BEFORE, LEAST_DAYS_AFTER = 28, 14  # fewer let weekdays pass for a break
WEEKDAYS = 7
UNKNOWN = Difference(NAN, NAN, NAN, differences(np.array([NAN]), np.array([NAN]), np.array([NAN]))[0].interval, NAN)


@dataclass(frozen=True)
class Series:
    """An interrupted series, in points of the metric.

    effect: mean distance since the start from the line of before; level, slope: what changed at the start, and by how
    much a point of time (week, day) since; trend: the slope before; lags and autocorrelation: of Newey and West;
    daily: whether points are days; before, after: points used; expected: what the line of before says of each point;
    fitted: what the model says.
    Without enough points everything is NaN and `enough` is False.
    """

    enough: bool
    effect: Difference
    level: Difference
    slope: Difference
    trend: Difference
    lags: int
    autocorrelation: float
    daily: bool
    before: int
    after: int
    expected: Array
    fitted: Array


def series(
    at: Sequence[int] | Array, n: Sequence[float] | Array, total: Sequence[float] | Array, start: int,
    *, daily: bool = False, lags: int | None = None,
) -> Series:  # fmt: skip
    """One number a point: `at` counts weeks (or days) from anywhere, `n` answers, `total` sum of their scores.

    start: number of the first point under the plan. daily: the points are days, and each weekday has a level of its
    own; the lag is then at least a week. Points without answers do not count.

    >>> weeks = np.arange(20); found = series(weeks, np.full(20, 100), 100 * (80 + 3.0 * (weeks >= 12)), 12)
    >>> found.enough, round(found.effect.value, 6), round(found.trend.value, 6)
    (True, 3.0, 0.0)
    """
    when, answers, sums = np.asarray(at), np.asarray(n, dtype=float), np.asarray(total, dtype=float)
    used = answers > 0
    when, answers, sums = when[used], answers[used], sums[used]
    order = np.argsort(when)
    when, answers, sums = when[order], answers[order], sums[order]
    since = when >= start
    if not _enough(since, daily):
        return _nothing(since, daily)
    span = usual_lags(len(when)) if lags is None else lags
    x = _columns(when, since, start, daily)
    line = newey_west(x, sums / answers, at=when, weight=answers, lags=max(span, WEEKDAYS) if daily else span)
    return _read(line, x, since, answers, daily)


def _enough(since: Array, daily: bool) -> bool:
    before, after = (LEAST_DAYS_BEFORE, LEAST_DAYS_AFTER) if daily else (LEAST_BEFORE, LEAST_AFTER)
    return int((~since).sum()) >= before and int(since.sum()) >= after


def _columns(when: Array, since: Array, start: int, daily: bool) -> Array:
    """Intercept, time, level and slope since the start, then weekdays but one, each less its mean."""
    time = (when - start).astype(float)
    columns = [np.ones(len(when)), time, since.astype(float), time * since]
    if daily:
        weekday = [(when % WEEKDAYS == day).astype(float) for day in range(1, WEEKDAYS)]
        columns += [day - day.mean() for day in weekday]
    return np.column_stack(columns)


def _read(line: Line, x: Array, since: Array, answers: Array, daily: bool) -> Series:
    mean_time = float(np.average(x[since, 1], weights=answers[since]))
    apart = np.zeros(x.shape[1])
    apart[2], apart[3] = 1.0, mean_time
    one = np.eye(x.shape[1])
    effect, level, slope, trend = (_difference(line, c) for c in (apart, one[2], one[3], one[1]))
    fitted = x @ line.coefficients
    expected = fitted - x[:, 2:4] @ line.coefficients[2:4]
    before, after = int((~since).sum()), int(since.sum())
    return Series(
        True, effect, level, slope, trend, line.lags, line.autocorrelation, daily, before, after, expected, fitted
    )


def _difference(line: Line, contrast: Array) -> Difference:
    found = combination(line, contrast)
    return differences(np.array([found.value]), np.array([found.error]), np.array([found.df]))[0]


def _nothing(since: Array, daily: bool) -> Series:
    blank = np.full(len(since), NAN)
    before, after = int((~since).sum()), int(since.sum())
    return Series(False, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, 0, NAN, daily, before, after, blank, blank)

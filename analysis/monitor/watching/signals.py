"""Which segments signal at the end, since when, and by how much?

A signal begins on the first day on which the evidence of a segment is among those discovered (`evidence`) and the
change since it began is as large as the smallest that matters. It goes on until the last week is back by more than
half of that. The change is that of all looks since the likeliest day, with an interval at 1 - 0.05 x signals /
segments (Benjamini and Yekutieli 2005: what was selected for being large needs wider intervals).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.monitor.watching.evidence import FALSE_PER_YEAR, RULES, YEAR, Looks, adjusted, evidence
from analysis.monitor.watching.expectations import Expectations
from analysis.monitor.watching.segments_watched import Segment, Watched
from analysis.stats.distributions import normal_ppf
from analysis.stats.intervals import Array

SIGMAS = 3.0
WEEK = 7
NOISE = float(np.log(10.0))  # taken off the logarithm of the evidence of a segment for each time it was called noise
ALPHA = 0.05


@dataclass(frozen=True)
class Stretch:
    """The days of a segment from one on: answers, mean, what was expected, and the standard error of the mean."""

    n: float
    value: float
    center: float
    error: float

    @property
    def change(self) -> float:
        return self.value - self.center


@dataclass(frozen=True)
class Signal:
    """A segment (its place among those watched) that signals: on which day first, since when, which way, how much."""

    place: int
    segment: Segment
    time: date
    since: date
    direction: str
    rule: str
    stretch: Stretch
    p_adjusted: float


def signals(found: Watched, known: Expectations, smallest: float, penalty: Array) -> list[Signal]:
    """The signals that go on at the end of the days, strongest first. penalty: by segment, off its evidence."""
    own = np.flatnonzero(known.watched)
    looks = known.looks
    some = Looks(looks.z[own], looks.length[own], looks.level_error[own], looks.df[own])
    told = evidence(some)
    rate = adjusted(told.total, penalty[own])
    begun = [_begun(found, known, int(place), told.down[:, i], told.up[:, i], rate[i], smallest)
             for i, place in enumerate(own)]  # fmt: skip
    open_ = [signal for signal in begun if signal is not None]
    return sorted(open_, key=lambda signal: -abs(signal.stretch.change / signal.stretch.error))


def _begun(
    found: Watched, known: Expectations, place: int, down: Array, up: Array, rate: Array, smallest: float
) -> Signal | None:
    """The signal of a segment that goes on at the end, if there is one."""
    first, sign = -1, 0.0
    for day in np.flatnonzero(known.judged[place] & (rate <= FALSE_PER_YEAR / YEAR)):
        way = -1.0 if down[:, day].max() >= up[:, day].max() else 1.0
        since = _since(known, place, int(day), way)
        if way * stretch(found, known, place, since, int(day)).change >= smallest and (first < 0 or way != sign):
            first, sign = int(day), way
    if first < 0 or _is_over(found, known, place, first, sign, smallest):
        return None
    last = len(found.days) - 1
    since = _since(known, place, last, sign)
    rule = RULES[int(np.argmax((down if sign < 0 else up)[:, first]))]
    own = stretch(found, known, place, since, last)
    p = min(1.0, WEEK * float(np.nanmin(rate[first:])))
    days = found.days
    return Signal(place, found.segments[place], days[first], days[since], "down" if sign < 0 else "up", rule, own, p)


def _is_over(found: Watched, known: Expectations, place: int, first: int, sign: float, smallest: float) -> bool:
    """Whether the last week, or more where looks are rarer, came back after the signal began."""
    last = len(found.days) - 1
    start = max(last + 1 - max(WEEK, 2 * int(known.looks.length[place])), 0)
    late = stretch(found, known, place, start, last)
    return last - first >= WEEK and not sign * late.change > smallest / 2


def _since(known: Expectations, place: int, last: int, sign: float) -> int:
    """The likeliest day of the change: up to `last` the looks since are the farthest off, for their number."""
    z = sign * known.looks.z[place, : last + 1]
    ends = np.flatnonzero(np.isfinite(z))
    total = np.cumsum(z[ends][::-1])[::-1]
    best = int(np.argmax(np.maximum(total, 0.0) ** 2 / np.arange(len(ends), 0, -1)))
    return max(int(ends[best]) + 1 - int(known.looks.length[place]), 0)


def stretch(found: Watched, known: Expectations, place: int, first: int, last: int) -> Stretch:
    """The days first .. last of a segment; its error includes that of the baseline."""
    own = slice(first, last + 1)
    sums = found.sums
    w, v = float(sums.w[place, own].sum()), float(sums.v[place, own].sum())
    if not w > 0:
        return Stretch(0.0, np.nan, np.nan, np.nan)
    center = float((sums.w[place, own] * known.center[place, own]).sum() / w)
    variance = known.spread[place] * known.sd[place] ** 2 * (v / w**2 + 1 / max(float(known.baseline[place]), 1.0))
    return Stretch(
        float(sums.n[place, own].sum()), float(sums.wx[place, own].sum()) / w, center, float(variance**0.5)
    )


def reach(signals_: int, segments: int) -> float:
    """How many standard errors an interval reaches that holds for segments selected as signals."""
    share = ALPHA * max(signals_, 1) / max(segments, 1)
    return -float(normal_ppf(share / 2))


def week_of(found: Watched, known: Expectations, place: int) -> Stretch:
    """The last week of a segment."""
    return stretch(found, known, place, max(len(found.days) - WEEK, 0), len(found.days) - 1)


def is_new(signal: Signal, last: date) -> bool:
    """Whether it began within the last seven days."""
    return signal.time > last - timedelta(days=WEEK)

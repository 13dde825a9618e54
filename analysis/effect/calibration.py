"""What do promises come to? Promised against verified lift over all plans, and what to expect of the next promise.

A promise is the lift of the whole metric: share of the segment x gain of the segment (see `pages.record.lift`). An
effect is the gain of the segment, so the verified lift is effect x share (see `verified_lift`).

The ratio of verified to promised lift is taken apart (normal-normal): ratio of a plan = ratio of its owner + luck
between plans + error of its effect, which is known. An owner's ratio is drawn to that of all owners by the share of
its variance that is luck. Both variances are averaged over their restricted likelihood (REML, each standard deviation
equally likely before), since at its maximum alone few plans would often seem to have none. With fewer than three
verified plans nothing is known: the factor is 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.stats.distributions import t_ppf
from analysis.stats.intervals import NAN, Array, Interval

NORMAL = 1.96  # errors from the middle to an end, where no degrees of freedom are known
LEAST_PLANS = 3  # verified plans from which anything is known
STEPS = 25  # of each standard deviation that is tried
WIDEST = 1.5  # of them, in standard deviations of the ratios


@dataclass(frozen=True)
class Verified:
    """A promise whose effect was verified: both lifts of the whole metric, positive is better.

    owner: the department or whoever answers for it. error: standard error of the verified lift.
    """

    owner: str
    promised: float
    verified: float
    error: float

    @property
    def has_ratio(self) -> bool:
        return self.promised > 0 and self.error > 0 and bool(np.isfinite(self.verified))


@dataclass(frozen=True)
class Factor:
    """What verified lift is of promised lift.

    plans: verified ones behind it. raw: from an owner's own plans alone, before it is drawn to all. factor: what to
    count on, 1 where nothing is known; error, interval (95 %): its own. ahead: the standard deviation of the ratio
    of one more plan about the factor.
    """

    plans: int
    raw: float
    factor: float
    error: float
    interval: Interval
    ahead: float

    @property
    def known(self) -> bool:
        return self.plans > 0


NOTHING_KNOWN = Factor(0, NAN, 1.0, NAN, Interval(NAN, NAN), NAN)


@dataclass(frozen=True)
class Calibration:
    """The factor over all plans, and of each owner who has verified plans."""

    whole: Factor
    owners: Mapping[str, Factor]

    def of(self, owner: str) -> Factor:
        """The factor of an owner; that of all for one without verified plans."""
        return self.owners.get(owner, self.whole)

    def expected(self, owner: str, promised: float) -> tuple[float, Interval]:
        """The lift to expect of the next promise, and the interval in which 95 of 100 such plans end.

        The promise itself, without an interval, where nothing is known.
        """
        factor = self.of(owner)
        if not factor.known:
            return promised, Interval(NAN, NAN)
        around = _interval(factor.factor, factor.ahead, self.whole.plans)
        low, high = sorted((promised * around.low, promised * around.high))
        return promised * factor.factor, Interval(low, high)


def verified_lift(effect: float, error: float, share: float) -> tuple[float, float]:
    """The lift of the whole metric and its standard error, from the effect on a segment with this share of answers.

    >>> verified_lift(2.5, 0.5, 0.2)
    (0.5, 0.1)
    """
    return effect * share, error * share


def verified_of(owner: str, promised: float, found: Mapping[str, Any], share: float) -> Verified | None:
    """A promise beside what the statistics of `effect` say of it; None where they know no interval.

    share: that of the segment in all answers. The error is that of the interval, whatever looks it allows for.
    """
    gain, low, high = (found.get(name) for name in ("gain", "gain_low", "gain_high"))
    if gain is None or low is None or high is None:
        return None
    reach = float(t_ppf(0.975, found["df"])) if found.get("df") else NORMAL
    return Verified(owner, promised, *verified_lift(gain, (high - low) / 2 / reach, share))


@dataclass(frozen=True)
class Pooled:
    """Ratios under each pair of variances (rows): of plans about their owner, of owners about all.

    mean, error (rows, owners): an owner's own; whole, whole_error (rows): of all; log: restricted log likelihood.
    """

    mean: Array
    error: Array
    whole: Array
    whole_error: Array
    log: Array


def pooled(ratios: Array, errors: Array, owner: Array, plans: Array, owners: Array) -> Pooled:
    """Means and likelihood of ratios, for variances between plans and between owners of one length."""
    members = np.eye(int(owner.max()) + 1)[owner]
    weight = 1 / (errors**2 + plans[:, None])
    own = weight @ members
    mean = (weight * ratios) @ members / own
    above = 1 / (1 / own + owners[:, None])
    total = above.sum(axis=1)
    whole = (above * mean).sum(axis=1) / total
    squares = (weight * (ratios - mean[:, owner]) ** 2).sum(axis=1)
    squares += (above * (mean - whole[:, None]) ** 2).sum(axis=1)
    sizes = np.log(weight).sum(axis=1) - np.log(own).sum(axis=1) + np.log(above).sum(axis=1) - np.log(total)
    return Pooled(mean, own**-0.5, whole, total**-0.5, (sizes - squares) / 2)


def calibrate(plans: Sequence[Verified]) -> Calibration:
    """Promises of no lift, or of an effect without a known error, are left out: they have no ratio."""
    plans = [plan for plan in plans if plan.has_ratio]
    if len(plans) < LEAST_PLANS:
        return Calibration(NOTHING_KNOWN, {})
    ratios = np.array([p.verified / p.promised for p in plans])
    errors = np.array([p.error / p.promised for p in plans])
    names = list(dict.fromkeys(p.owner for p in plans))
    owner = np.array([names.index(p.owner) for p in plans])
    tried = np.linspace(0, WIDEST * max(float(ratios.std(ddof=1)), float(errors.max())), STEPS) ** 2
    between_plans, between_owners = (grid.ravel() for grid in np.meshgrid(tried, tried, indexing="ij"))
    found = pooled(ratios, errors, owner, between_plans, between_owners)
    likely = np.exp(found.log - found.log.max())
    likely /= likely.sum()
    kept = between_owners[:, None] / (between_owners[:, None] + found.error**2)
    drawn = kept * found.mean + (1 - kept) * found.whole[:, None]
    spread = kept * found.error**2 + ((1 - kept) * found.whole_error[:, None]) ** 2
    luck = float(likely @ between_plans)
    whole = _factor(found.whole, found.whole_error**2, likely, luck + float(likely @ between_owners), len(plans))
    own = {name: _factor(drawn[:, i], spread[:, i], likely, luck, len(plans), own=(int((owner == i).sum()),
                         float(likely @ found.mean[:, i]))) for i, name in enumerate(names)}  # fmt: skip
    return Calibration(whole, own)


def _factor(
    value: Array, variance: Array, likely: Array, luck: float, plans: int, own: tuple[int, float] | None = None
) -> Factor:
    """A ratio averaged over the variances that are likely; own: an owner's plans and ratio before it is drawn."""
    factor = float(likely @ value)
    total = float(likely @ (variance + (value - factor) ** 2))
    count, raw = own or (plans, factor)
    interval = _interval(factor, total**0.5, plans)
    return Factor(count, raw, factor, total**0.5, interval, (total + luck) ** 0.5)


def _interval(value: float, error: float, plans: int) -> Interval:
    reach = float(t_ppf(0.975, plans - 1.0)) * error
    return Interval(value - reach, value + reach)

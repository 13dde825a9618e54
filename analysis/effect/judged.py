"""From sums to a verdict, without a warehouse: what a page shows is what a simulation repeats."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.effect.before import Before, before
from analysis.effect.did import Estimated, estimated, moments, raw
from analysis.effect.few_clusters import SecondOpinions, second_opinions
from analysis.effect.looks import Look, Stage, information, look_interval, looks_at
from analysis.effect.series import Series
from analysis.effect.verdict import NOT_ENOUGH, Needed, needed, verdict_of
from analysis.stats.intervals import Array
from data_access.selection import Period


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an effect is judged. sign: 1 where a higher metric is better, -1 where a lower is.

    smallest: the smallest gain that matters; baseline: what is compared with, all before the start where None;
    noticed: when the problem was seen; until: the first day that no longer counts; check_on: the planned day of the
    verdict, by the answers before it.
    """

    start: date
    smallest: float
    sign: float = 1.0
    baseline: Period | None = None
    noticed: Period | None = None
    until: date | None = None
    check_on: date | None = None


@dataclass(frozen=True)
class Judged:
    """A verdict and all it rests on.

    effect is like for like (units with themselves, strata with their own kind), `raw` of the four means as they are;
    `against`: why an effect whose interval is sure is not called one. rows, after: the cells that were compared;
    look: which answers these are, and what their interval allows for.
    """

    verdict: str
    effect: Estimated
    raw: float
    opinions: SecondOpinions
    before: Before
    against: tuple[str, ...]
    needed: Needed
    rows: pd.DataFrame
    after: Array
    look: Look
    course: Series | None = None


Judge = Callable[[pd.DataFrame, Terms, Look], Judged]


def judged(sums: pd.DataFrame, terms: Terms, judge: Judge | None = None) -> Judged:
    """The verdict on sums as `analysis.effect.did` describes them: a row a cell, with day, unit, cluster, treated,
    stratum and n, w, wx, v, vx, vxx. Of the looks that are due (`looks`) the first that decides, else the last.

    judge: of another design; difference in differences where it is not given.
    """
    end = terms.until or max(sums["day"]) + timedelta(days=1)
    for look in looks_at(end, terms.check_on):
        found = (judge or did_judged)(sums, terms, look)
        if found.verdict != NOT_ENOUGH:
            break
    return found


def did_judged(sums: pd.DataFrame, terms: Terms, look: Look) -> Judged:
    """Difference in differences at one look."""
    chosen = before(sums, terms.start, terms.sign, baseline=terms.baseline, noticed=terms.noticed)
    later = np.array([terms.start <= d < look.until for d in sums["day"]], dtype=bool)
    kept = chosen.cells | later
    rows, after = sums[kept], later[kept]
    m = moments(rows, after)
    effect = estimated(m)
    opinions = second_opinions(m, effect)
    return concluded(effect, rows, after, terms, look, chosen, opinions, opinions.against)


def concluded(
    effect: Estimated, rows: pd.DataFrame, after: Array, terms: Terms, look: Look, chosen: Before,
    opinions: SecondOpinions, against: tuple[str, ...],
) -> Judged:  # fmt: skip
    """The verdict on an effect of any design, with the interval of the look."""
    effect = _seen(effect, rows, terms, look)
    gain, low, high = oriented(effect, terms.sign)
    if math.isnan(effect.error) and min(effect.treated_clusters, effect.clusters - effect.treated_clusters) == 1:
        against = (*against, "one_cluster")
    against = (*against, "only_noticed") if chosen.alone else against
    verdict = verdict_of(gain, low, high, terms.smallest, sure=not against)
    weeks, answers = max((look.until - terms.start).days / 7, 1.0), float(rows["n"].sum())
    took = needed(effect, gain, terms.smallest, weeks=weeks, answers=answers)
    return Judged(verdict, effect, raw(rows, after), opinions, chosen, against, took, rows, after, look)


def _seen(effect: Estimated, rows: pd.DataFrame, terms: Terms, look: Look) -> Estimated:
    """The effect with the interval of this look; on the planned day it is the effect's own."""
    if look.stage is Stage.PLANNED:
        return effect
    first, check_on = min(rows["day"], default=terms.start), terms.check_on or look.until
    spans = ((first, terms.start), (terms.start, look.until), (terms.start, check_on))
    before, after, planned = ((b - a).days or math.inf for a, b in spans)  # two arms have no time before
    interval = look_interval(effect.value, effect.error, effect.df, look.stage, information(before, after, planned))
    return replace(effect, low=interval.low, high=interval.high, p=math.nan)  # a p holds for one look only


def oriented(effect: Estimated, sign: float) -> tuple[float, float, float]:
    """Gain with its interval: positive is better."""
    low, high = sorted((sign * effect.low, sign * effect.high)) if math.isfinite(effect.low) else (math.nan,) * 2
    return sign * effect.value, low, high

"""From sums to a verdict, without a warehouse: what a page shows is what a simulation repeats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.effect.before import Before, before
from analysis.effect.did import Estimated, estimated, moments, raw
from analysis.effect.few_clusters import SecondOpinions, second_opinions
from analysis.effect.verdict import Needed, needed, verdict_of
from analysis.stats.intervals import Array
from data_access.selection import Period


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an effect is judged. sign: 1 where a higher metric is better, -1 where a lower is.

    smallest: the smallest gain that matters; baseline: what is compared with, all before the start where None;
    noticed: when the problem was seen; until: the first day that no longer counts.
    """

    start: date
    smallest: float
    sign: float = 1.0
    baseline: Period | None = None
    noticed: Period | None = None
    until: date | None = None


@dataclass(frozen=True)
class Judged:
    """A verdict and all it rests on.

    effect is like for like (units with themselves, strata with their own kind), `raw` of the four means as they are;
    `against`: why an effect whose interval is sure is not called one. rows, after: the cells that were compared.
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


def judged(sums: pd.DataFrame, terms: Terms) -> Judged:
    """The verdict on sums as `analysis.effect.did` describes them: a row a cell, with day, unit, cluster, treated,
    stratum and n, w, wx, v, vx, vxx.
    """
    chosen = before(sums, terms.start, terms.sign, baseline=terms.baseline, noticed=terms.noticed)
    later = np.array([terms.start <= d and not (terms.until and d >= terms.until) for d in sums["day"]], dtype=bool)
    kept = chosen.cells | later
    rows, after = sums[kept], later[kept]
    m = moments(rows, after)
    effect = estimated(m)
    opinions = second_opinions(m, effect)
    gain, low, high = oriented(effect, terms.sign)
    against = (*opinions.against, *(["one_cluster"] if math.isnan(effect.error) else []),
               *(["only_noticed"] if chosen.alone else []))  # fmt: skip
    verdict = verdict_of(gain, low, high, terms.smallest, sure=not against)
    took = needed(
        effect, gain, terms.smallest, weeks=_weeks(rows.loc[after, "day"], terms), answers=float(rows["n"].sum())
    )
    return Judged(verdict, effect, raw(rows, after), opinions, chosen, against, took, rows, after)


def oriented(effect: Estimated, sign: float) -> tuple[float, float, float]:
    """Gain with its interval: positive is better."""
    low, high = sorted((sign * effect.low, sign * effect.high)) if math.isfinite(effect.low) else (math.nan,) * 2
    return sign * effect.value, low, high


def _weeks(days: pd.Series, terms: Terms) -> float:
    """Weeks after the start that hold answers."""
    if days.empty:
        return 0.0
    last = terms.until.toordinal() if terms.until else max(days).toordinal() + 7
    return max((last - terms.start.toordinal()) / 7, 1.0)

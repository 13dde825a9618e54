"""Where there is no control beside the treated from the start on: steps of a roll-out, one course, two drawn arms.

Each gives what difference in differences gives (`judged.Judged`), so that a verdict means the same and everything
said of one is said of all.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import factorial, prod

import numpy as np
import pandas as pd

from analysis.effect import arms
from analysis.effect.before import Before, within
from analysis.effect.cohorts import Cohort, effects_of, staggered
from analysis.effect.did import Estimated
from analysis.effect.few_clusters import NO_OPINIONS, SecondOpinions, are_few
from analysis.effect.judged import Judged, Terms, concluded
from analysis.effect.looks import Look
from analysis.effect.randomisation import Randomised
from analysis.effect.series import UNKNOWN, Series, series
from analysis.effect.weekly import week_of, weekly
from analysis.stats.intervals import NAN, Array, Difference

PERCENT = 100.0
CHOICES = 199  # of other starts, each a roll-out of its own
Starts = Mapping[Hashable, date]


@dataclass(frozen=True)
class Setting:
    """What a design knows besides the sums. starts: clusters that begin on a day of their own, in the cohorts'.

    contacts: how many were drawn into (treated, control), of two arms, and planned: the share that was to be treated;
    share: whether the metric is one, in percent.
    """

    starts: Starts = field(default_factory=dict)
    contacts: tuple[float, float] | None = None
    planned: float = 0.5
    share: bool = False


def series_judged(sums: pd.DataFrame, terms: Terms, look: Look, setting: Setting) -> Judged:
    """The treated against their own course before: an interrupted series of weekly means, of daily ones if short."""
    chosen, after = _sides(sums, terms, look)
    rows, after = sums[chosen.cells | after], after[chosen.cells | after]
    found = _course(rows, terms.start)
    against = () if found.enough else ("few_points",)
    effect = _effect(found.effect, found.before + found.after, 0)
    return replace(concluded(effect, rows, after, terms, look, chosen, NO_OPINIONS, against), course=found)


def _course(rows: pd.DataFrame, start: date) -> Series:
    weeks = weekly(rows, start).groupby("week")[["n", "total"]].sum()
    by_week = series(weeks.index.to_numpy(), weeks["n"].to_numpy(), weeks["total"].to_numpy(), 0)
    if by_week.enough:
        return by_week
    days = rows.assign(at=[day.toordinal() for day in rows["day"]]).groupby("at")[["w", "wx"]].sum()
    by_day = series(days.index.to_numpy(), days["w"].to_numpy(), days["wx"].to_numpy(), start.toordinal(), daily=True)
    return by_day if by_day.enough else by_week


def cohorts_judged(sums: pd.DataFrame, terms: Terms, look: Look, setting: Setting) -> Judged:
    """Each cohort against clusters that have not begun; with a test by other starts where few are treated."""
    chosen, after = _sides(sums, terms, look)
    kept = chosen.cells | after
    rows, after, starts = sums[kept], after[kept], _starts(sums[kept], terms, setting)
    weeks, numbers = weekly(rows, terms.start, starts), _numbers(starts, terms.start)
    found = staggered(weeks, numbers)
    effect = _effect(found.effect, found.effect.clusters, found.treated)
    few = are_few(found.effect.clusters, found.treated)
    test = _other_starts(weeks, numbers, found.effect.value) if few else NO_OPINIONS.randomised
    opinions = SecondOpinions(NAN, test)
    return concluded(effect, rows, after, terms, look, chosen, opinions, opinions.against)


def cohorts_of(verdict: Judged, terms: Terms, setting: Setting) -> list[tuple[date, Cohort]]:
    """Each cohort with the day it began on."""
    starts = _starts(verdict.rows, terms, setting)
    days = {week_of(day, terms.start, day): day for day in sorted(starts.values(), reverse=True)}
    found = staggered(weekly(verdict.rows, terms.start, starts), _numbers(starts, terms.start))
    return [(days[cohort.start], cohort) for cohort in found.cohorts]


def arms_judged(sums: pd.DataFrame, terms: Terms, look: Look, setting: Setting) -> Judged:
    """Two arms that chance drew, side by side from the start on; withheld where they are not of the planned size."""
    after = np.array([terms.start <= day < look.until for day in sums["day"]], dtype=bool)
    rows, chosen = sums[after], Before(np.zeros(len(sums), dtype=bool))
    by = rows.groupby(["cluster", "treated"], dropna=False)[["n", "w", "wx", "vxx"]].sum().reset_index()
    side = by["treated"].to_numpy(dtype=bool)
    if by["cluster"].nunique() > 1:
        found = arms.clustered_means(
            side, by["cluster"].astype(str).to_numpy(), by["w"].to_numpy(), by["wx"].to_numpy()
        )
    else:
        each = [arms.Sums(*by.loc[own, ["w", "wx", "vxx"]].sum().tolist()) for own in (side, ~side)]
        found = arms.shares(*each, whole=PERCENT) if setting.share else arms.means(*each)
    clusters = len(by) if by["cluster"].nunique() > 1 else 0
    counts = setting.contacts or tuple(float(by.loc[own, "n"].sum()) for own in (side, ~side))
    against = () if arms.split(*counts, planned=setting.planned).as_planned else ("ratio",)
    found = UNKNOWN if against else found  # withheld: an arm that lost answers differs for that reason already
    effect = _effect(found, clusters, int(side.sum()) if clusters else 0, within=(0.0, found.error**2))
    return concluded(effect, rows, np.ones(len(rows), dtype=bool), terms, look, chosen, NO_OPINIONS, against)


def _sides(sums: pd.DataFrame, terms: Terms, look: Look) -> tuple[Before, Array]:
    """What is compared before the start, without the time in which the problem was noticed; and what came since."""
    days = sums["day"].to_numpy()
    earlier = np.array([day < terms.start for day in days], dtype=bool)
    inside = earlier & within(days, terms.baseline) if terms.baseline else earlier
    without = inside & ~within(days, terms.noticed) if terms.noticed else inside
    after = np.array([terms.start <= day < look.until for day in days], dtype=bool)
    left_out = terms.noticed if without.any() and (without != inside).any() else None
    return Before(without if without.any() else inside, left_out, alone=not without.any()), after


def _effect(d: Difference, clusters: int, treated: int, *, within: tuple[float, float] = (NAN, NAN)) -> Estimated:
    return Estimated(d.value, d.error, d.df, d.interval.low, d.interval.high, d.p, clusters, treated, within)


def _starts(rows: pd.DataFrame, terms: Terms, setting: Setting) -> dict[Hashable, date]:
    """The day on which each treated cluster begins."""
    treated = rows.loc[rows["treated"].to_numpy(dtype=bool), "cluster"].unique()
    return {cluster: setting.starts.get(cluster, terms.start) for cluster in treated}


def _numbers(starts: Starts, start: date) -> dict[Hashable, int]:
    return {cluster: week_of(day, start, day) for cluster, day in starts.items()}


def _other_starts(weeks: pd.DataFrame, numbers: Mapping[Hashable, int], observed: float) -> Randomised:
    """How often as much shows when chance hands the same starts to other clusters."""
    clusters = sorted(weeks["cluster"].unique(), key=str)
    own = [float(numbers.get(cluster, math.inf)) for cluster in clusters]
    rng = np.random.default_rng(1)
    drawn = pd.DataFrame([np.array(own)[rng.permutation(len(own))] for _ in range(CHOICES)], columns=clusters)
    found = effects_of(weeks, drawn[weeks["cluster"].unique()].to_numpy())
    tried, reached = (int(x.sum()) for x in (np.isfinite(found), np.abs(found) >= abs(observed) * (1 - 1e-9)))
    ways = factorial(len(own)) / prod(factorial(own.count(value)) for value in set(own))
    return Randomised((reached + 1) / (tried + 1), max(1 / ways, 1 / (CHOICES + 1)), tried, False)

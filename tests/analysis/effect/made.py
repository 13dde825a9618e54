"""Answers as they come from teams: whole scores of 1 to 10; teams differ, and so do the months of each team."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

MONDAY = date(2026, 1, 5)
SPREAD = 2.0  # of single answers about their team and month, on the scale of 1 to 10
MONTH = 4  # weeks that a shock of a team lasts


def team_weeks(
    rng: np.random.Generator,
    *,
    teams: int,
    weeks: int,
    each: int,
    icc: float,
    effect: np.ndarray | float = 0.0,
    level: float = 7.5,
) -> pd.DataFrame:
    """Sums by team and week of scores times ten: day, unit, cluster, stratum, n, w, wx, v, vx, vxx.

    icc: share of variance that lies between teams, and as much again between the months of a team. effect: points of
    100 that are added before scores are rounded and cut at 10, (teams, weeks).
    """
    between = SPREAD * math.sqrt(icc / (1 - 2 * icc))
    team = rng.normal(0, between, (teams, 1))
    month = rng.normal(0, between, (teams, -(-weeks // MONTH))).repeat(MONTH, axis=1)[:, :weeks]
    mean = level + team + month + rng.normal(0, 0.1, weeks) + np.asarray(effect) / 10
    scores = 10 * np.clip(np.rint(rng.normal(mean[:, :, None], SPREAD, (teams, weeks, each))), 1, 10)
    return frame(np.full((teams, weeks), float(each)), scores.sum(axis=2), (scores**2).sum(axis=2))


def frame(n: np.ndarray, total: np.ndarray, squares: np.ndarray) -> pd.DataFrame:
    """Sums of (teams, weeks) as rows; every answer has a weight of one."""
    team, week = (place.ravel() for place in np.indices(n.shape))
    days = np.array([MONDAY + timedelta(weeks=w) for w in range(n.shape[1])])
    sums = {"w": n, "wx": total, "v": n, "vx": total, "vxx": squares}
    columns: dict[str, Any] = {"day": days[week], "unit": team, "cluster": team, "stratum": 0, "n": n.ravel()}
    return pd.DataFrame(columns | {name: values.ravel() for name, values in sums.items()})


def treat(sums: pd.DataFrame, teams: Sequence[int]) -> pd.DataFrame:
    """The same sums, some teams treated."""
    return sums.assign(treated=sums["cluster"].isin(teams))


def steps(starts: Mapping[Hashable, int], *, teams: int, weeks: int, points: float) -> np.ndarray:
    """An effect of so many points from each team's start on; (teams, weeks)."""
    begin = np.array([starts.get(team, weeks) for team in range(teams)])
    return np.where(np.arange(weeks) >= begin[:, None], points, 0.0)


def autocorrelated(rng: np.random.Generator, points: int, rho: float) -> np.ndarray:
    """A stationary series of variance 1 whose neighbours correlate by rho."""
    noise, settled = rng.normal(0, 1, points + 60), math.sqrt(1 - rho**2)
    for t in range(1, len(noise)):
        noise[t] = rho * noise[t - 1] + settled * noise[t]
    return noise[60:]


def rate(times: int, happens: Callable[[np.random.Generator], bool], *, seed: int = 1) -> tuple[float, float, float]:
    """How often something happens in so many repetitions, each with its own seed, and the exact 95 % interval."""
    k = sum(happens(np.random.default_rng([seed, i])) for i in range(times))
    interval = stats.binomtest(k, times).proportion_ci(method="exact")
    return k / times, float(interval.low), float(interval.high)


def at_most(found: tuple[float, float, float], bar: float, times: int) -> bool:
    """Whether a rate keeps a bar; few repetitions may exceed it by what one in ten thousand would by chance."""
    return found[0] <= (bar if times >= 1_000 else float(stats.binom.isf(1e-4, times, bar)) / times)


def at_least(found: tuple[float, float, float], bar: float, times: int) -> bool:
    return at_most((1 - found[0], *found[1:]), 1 - bar, times)

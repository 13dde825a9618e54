"""Who begins first, so that rolling a remedy out becomes evidence? Units in waves, drawn by lot within like ones.

Units that stood and moved alike and are of like size form blocks of as many units as there are waves; a printed seed
draws who of a block begins in which wave. Until its own start each unit is the control of those before it.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.effect.history import MONTH, History, Spread
from analysis.effect.horizon import Trial
from analysis.effect.proposals import Standing, standardised
from analysis.stats.intervals import Array
from data_access.selection import months_later

SEED = 20
LEAST_UNITS = 4
LEAST_GAP = 2  # weeks between two waves


def waves_for(units: int) -> int:
    """Two waves of few units, three from nine, four from sixteen on.

    >>> waves_for(8), waves_for(12), waves_for(40)
    (2, 3, 4)
    """
    return 2 if units < 9 else 3 if units < 16 else 4


def rollout(
    stood: Standing, start: date, weeks: float, *, seed: int = SEED, whole_months: bool = False
) -> pd.DataFrame:
    """unit, wave (from 1), start, block, level, trend, n. No rows for too few units.

    whole_months: waves begin months apart, as they must where single days are secret.

    weeks: until the verdict; the waves share them, so that the last still is a control for as long as the others.
    """
    units = len(stood.units)
    if units < LEAST_UNITS:
        return pd.DataFrame(columns=["unit", "wave", "start", "block", "level", "trend", "n"])
    waves = waves_for(units)
    gap = max(LEAST_GAP, int(weeks // (waves - 1)))
    block, wave = _blocks(stood, waves), np.zeros(units, dtype=int)
    rng = np.random.default_rng(seed)
    for own in range(int(block.max()) + 1):
        members = np.flatnonzero(block == own)
        wave[members] = rng.permutation(waves)[: len(members)]
    months = max(1, round(gap / MONTH))
    starts = [months_later(start, months * int(w)) if whole_months else start + timedelta(weeks=gap * int(w))
              for w in wave]  # fmt: skip
    table = pd.DataFrame({"unit": stood.units, "wave": wave + 1, "start": starts, "block": block + 1,
                          "level": stood.level, "trend": stood.trend, "n": stood.n})  # fmt: skip
    return table.sort_values(["wave", "block"], kind="stable", ignore_index=True)


def _blocks(stood: Standing, size: int) -> Array:
    """The block of each unit: the one farthest out and those nearest to it, until all are in one."""
    place = np.column_stack([standardised(stood), _scaled(np.log(np.maximum(stood.n, 1.0)))])
    block, left, number = np.zeros(len(place), dtype=int), np.arange(len(place)), 0
    while len(left):
        away = ((place[left] - place[left].mean(axis=0)) ** 2).sum(axis=1)
        first = place[left[np.argmax(away)]]
        left = left[np.argsort(((place[left] - first) ** 2).sum(axis=1), kind="stable")]
        block[left[:size]] = number
        left, number = left[size:], number + 1
    return block


def _scaled(values: Array) -> Array:
    spread = values.std(ddof=1)
    return np.asarray((values - values.mean()) / (spread if spread > 0 else 1.0))


def shown_by_waves(plan: pd.DataFrame, past: History, moved: Spread, smallest: float) -> pd.DataFrame:
    """What each wave lets one show by the day on which the next begins; one row a wave but the last.

    The units that have begun are compared with those that have not, which nobody can any more once all have.
    """
    rows, own = [], past.by_unit()
    starts = plan.groupby("wave")["start"].min()
    for wave, until in zip(starts.index[:-1], starts.iloc[1:], strict=True):
        begun = set(plan.loc[plan["wave"] <= wave, "unit"])
        new = set(plan.loc[plan["wave"] == wave, "unit"])
        treated = np.array([unit in begun for unit in own.units], dtype=bool)
        trial = Trial(own.rates, treated, own.compared, moved)
        weeks = (until - starts.iloc[0]).days / 7
        mean = np.mean([(until - day).days / 7 for unit, day in zip(plan["unit"], plan["start"], strict=True)
                        if unit in begun])  # fmt: skip
        rows.append({"wave": wave, "start": starts[wave], "until": until, "units": len(new),
                     "control": int((~treated).sum()), "weeks": weeks,
                     "detectable": trial.detectable(float(mean), smallest)})  # fmt: skip
    return pd.DataFrame(rows, columns=["wave", "start", "until", "units", "control", "weeks", "detectable"])

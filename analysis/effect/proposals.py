"""Which units make a control? Those that stood and moved alike before the start; what came after is never looked at.

Units are told apart by their level (mean before the start) and their trend (slope of the weekly means, weighted by
answers), each in standard deviations between all units. The distance is that of level and trend together, from the
treated as a whole. Nearest first, the control is made of the units within two of these, at least twice as many as are
treated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.effect.history import History
from analysis.stats.intervals import Array

NEAR = 2.0  # standard deviations between units, within which one is a control
TIMES = 2  # as many units as are treated are proposed at least, where there are so many
LEAST_ANSWERS = 30


@dataclass(frozen=True)
class Standing:
    """Where units stood before the start: level, trend a week, answers."""

    units: tuple[str, ...]
    level: Array
    trend: Array
    n: Array

    def rows(self, units: Sequence[str]) -> list[int]:
        """The places of some units."""
        return [place for place, unit in enumerate(self.units) if unit in units]


def standing(past: History) -> Standing:
    """Level and trend of each unit."""
    own = past.by_unit()
    weight, mean = own.n, np.nan_to_num(own.mean)
    total = np.maximum(weight.sum(axis=1), 1e-12)
    level = (weight * mean).sum(axis=1) / total
    week = np.arange(weight.shape[1], dtype=float)
    away = week - (weight @ week / total)[:, None]
    squares = (weight * away**2).sum(axis=1)
    trend = np.divide((weight * away * (mean - level[:, None])).sum(axis=1), squares, out=np.zeros_like(level),
                      where=squares > 0)  # fmt: skip
    return Standing(own.units, level, trend, weight.sum(axis=1))


def standardised(stood: Standing) -> Array:
    """Level and trend of each unit in standard deviations between units; (units, 2)."""
    columns = np.column_stack([stood.level, stood.trend])
    between = columns.std(axis=0, ddof=1) if len(columns) > 1 else np.ones(2)
    return np.asarray((columns - columns.mean(axis=0)) / np.where(between > 0, between, 1.0))


def controls(stood: Standing, treated: Sequence[str]) -> pd.DataFrame:
    """All other units, nearest first: unit, level, trend, n, distance in level, in trend and together, proposed.

    A unit of too few answers to say where it stands is listed last and not proposed.
    """
    own, place = stood.rows(treated), standardised(stood)
    weights = stood.n[own]
    away = place - np.average(place[own], axis=0, weights=weights)
    table = pd.DataFrame({
        "unit": stood.units, "level": stood.level, "trend": stood.trend, "n": stood.n,
        "level_distance": np.abs(away[:, 0]), "trend_distance": np.abs(away[:, 1]),
        "distance": np.hypot(away[:, 0], away[:, 1]), "few": stood.n < LEAST_ANSWERS,
    }).drop(index=own)  # fmt: skip
    table = table.sort_values(["few", "distance"], kind="stable", ignore_index=True)
    nearest = np.arange(len(table)) < TIMES * len(own)
    return table.assign(proposed=~table["few"] & ((table["distance"] <= NEAR) | nearest)).drop(columns="few")

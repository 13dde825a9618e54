"""Strengths and weaknesses: which drivers matter and perform badly? The map of Martilla and James (1977).

Performance is the position of a driver's mean between a bad and a good value of its own, 0 to 100. A wait of an hour
must not make all other waits look good, so the scale ends two standard deviations from the mean (which covers nine of
ten values of any unimodal distribution, Vysochanskij and Petunin 1980), or at the extreme value if that is closer; a
yes or no ends at its two values. A driver lies on one side of a line only if its whole interval does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.result import Statement
from analysis.stats.clustered_regression import clustered_mean
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, t_bounds
from analysis.stats.regression import CrossProducts, Weights, correlations, together

REACH = 2.0  # standard deviations from the mean to the ends of the scale
MOST_COUNTED = 20.0
LINES = ("mean", "target")
QUADRANTS: Mapping[tuple[bool | None, bool | None], str] = {  # more important, better than the lines
    (True, False): "concentrate", (True, True): "keep", (False, False): "low", (False, True): "overkill",
}  # fmt: skip
UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class DriverScale:
    """A driver's mean with its interval, the ends of its scale, and a readable step."""

    mean: float
    low: float
    high: float
    worst: float
    best: float
    step: float
    is_yes_no: bool

    def performance(self, value: float) -> float:
        """Position of a value of the driver, 0 (worst) to 100 (best); NaN for a constant."""
        if not abs(self.best - self.worst) > 0:
            return NAN
        return float(np.clip(100 * (value - self.worst) / (self.best - self.worst), 0.0, 100.0))

    @property
    def interval(self) -> tuple[float, float]:
        """Performance at the ends of the mean's interval, lower first, taking the scale as fixed."""
        ends = self.performance(self.low), self.performance(self.high)
        return min(ends), max(ends)


def driver_scales(
    parts: Sequence[CrossProducts], extremes: Mapping[str, tuple[float, float]], better: Mapping[str, str],
    *, alone: Array | None,
) -> dict[str, DriverScale]:  # fmt: skip
    """Scale of each driver in `extremes` (lowest and highest value), from the sums of each cluster.

    alone: which of the clusters are parts by chance of answers without one, where intervals of means are between
    clusters (CR2, Satterthwaite); None where they are from single answers, and NaN for survey weights.
    """
    whole = together(parts)
    c = correlations(whole.xx, whole.xy, np.array(whole.yy))
    scales = {}
    for name, (low, high) in extremes.items():
        j = whole.names.index(name)
        mean, sd = float(c.mean[j]), float(c.sd[j])
        two = sd > 0 and _has_two_values(whole, j + 1, low, high)
        ends = (low, high) if two else (max(low, mean - REACH * sd), min(high, mean + REACH * sd))
        worst, best = ends if better[name] == "high" else ends[::-1]
        bounds = _bounds(parts, j + 1, mean, sd, alone=alone)
        step = high - low if two else round_step(sd)
        if low.is_integer() and high.is_integer() and high - low <= MOST_COUNTED:
            step = max(1.0, step)  # counts have no halves
        scales[name] = DriverScale(
            mean=mean,
            low=bounds[0],
            high=bounds[1],
            worst=worst,
            best=best,
            step=step,
            is_yes_no=two and (low, high) == (0.0, 1.0),
        )
    return scales


def _has_two_values(whole: CrossProducts, j: int, low: float, high: float) -> bool:
    """Whether all values are the lowest or the highest: the products of their distances to both sum to 0."""
    apart = whole.xx[j, j] - (low + high) * whole.xx[0, j] + low * high * whole.xx[0, 0]
    return bool(abs(apart) <= 1e-9 * max(whole.xx[j, j], whole.xx[0, 0] * (high - low) ** 2))


def _bounds(
    parts: Sequence[CrossProducts], j: int, mean: float, sd: float, *, alone: Array | None
) -> tuple[float, float]:
    """95 % interval of a driver's mean."""
    if alone is not None:
        weight, total = (np.array([part.xx[0, i] for part in parts]) for i in (0, j))
        answers = np.array([part.n for part in parts])
        error, df = np.array(clustered_mean(weight, total, answers, alone=alone))[:, None]
    else:
        n = sum(part.n for part in parts)
        known = n > 1 and parts[0].kind is Weights.FREQUENCY
        error, df = np.array([sd / np.sqrt(n - 1) if known else NAN]), np.array([n - 1.0])
    low, high = t_bounds(np.array([mean]), error, df)
    return float(low[0]), float(high[0])


def round_step(sd: float) -> float:
    """1, 2 or 5 times a power of ten, nearest to a standard deviation in its logarithm; 1 for a constant.

    >>> round_step(96.4), round_step(0.8), round_step(0.0)
    (100.0, 1.0, 1.0)
    """
    if not sd > 0:
        return 1.0
    power = int(np.floor(np.log10(sd)))
    steps = [float(f"{digit}e{power + up}") for up in (0, 1) for digit in (1, 2, 5)]
    return min(steps, key=lambda step: abs(np.log(step / sd)))


def mapped(table: pd.DataFrame, targets: Mapping[str, float]) -> tuple[pd.DataFrame, dict[str, float]]:
    """The table with `line` (the performance a driver is compared with) and `quadrant`, and where the lines are.

    targets: target performance of drivers; the others are compared with the mean of all. Columns needed: driver,
    importance, low, high, performance, performance_low, performance_high. No performance, no quadrant ("").
    """
    on_map = table["performance"].notna()
    lines = {
        "line_importance": float(table["importance"][on_map].mean()) if on_map.any() else NAN,
        "line_performance": float(table["performance"][on_map].mean()) if on_map.any() else NAN,
    }
    line = np.array([targets.get(name, lines["line_performance"]) for name in table["driver"]])
    matters = _side(table["low"], table["high"], np.full(len(table), lines["line_importance"]))
    does_well = _side(table["performance_low"], table["performance_high"], line)
    codes = [QUADRANTS.get((m, p), UNDECIDED) for m, p in zip(matters, does_well, strict=True)]
    quadrant = np.where(on_map, codes, "")
    return table.assign(line=np.where(on_map, line, NAN), quadrant=quadrant.astype(object)), lines


def _side(low: pd.Series, high: pd.Series, line: Array) -> list[bool | None]:
    """Above the line, below it, or None where the interval crosses it or is missing."""
    above, below = low.to_numpy() > line, high.to_numpy() < line
    return [True if a else False if b else None for a, b in zip(above, below, strict=True)]


def map_finding(table: pd.DataFrame, lines: str) -> Statement:
    """What to concentrate on, in one sentence; only significant drivers are named."""
    sure = table[table["p_adjusted"] < SIGNIFICANCE]
    for code in ("concentrate", "keep"):
        names = [{"dimension": name} for name in sure["driver"][sure["quadrant"] == code]]
        if names:
            return Statement(f"strengths.{code}_{lines}", {"names": names})
    return Statement("strengths.nothing")

"""In which unit does a metric count, and how does the mean of what was recorded become its value?"""

from __future__ import annotations

import math
from abc import ABC
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
NAN = math.nan
PROMOTERS_FROM, DETRACTORS_TO, LIKELIEST = 9, 6, 10  # of an answer from 0 or 1 to 10 (Reichheld 2003)
RARE = 0.1  # of a rare event: a tenth of its rate matters
SMALL = 0.2  # of a measure in its own unit: a fifth of its standard deviation matters (Cohen's small)


class Unit(StrEnum):
    """What a metric is counted in; two of them never share an axis.

    POINTS of 100, RATE in percent, NPS from -100 to 100, RAW in a unit of its own that the metric names.
    """

    POINTS = "points"
    RATE = "rate"
    NPS = "nps"
    RAW = "raw"

    @property
    def is_share(self) -> bool:
        """Whether an answer counts or does not, so that the metric is the share of those that do."""
        return self is Unit.RATE

    @property
    def is_bounded(self) -> bool:
        """Whether there is a best and a worst value."""
        return self is not Unit.RAW

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest value that anything of this unit can have."""
        return {Unit.NPS: (-100.0, 100.0), Unit.RAW: (-math.inf, math.inf)}.get(self, (0.0, 100.0))

    @property
    def of_change(self) -> str:
        """The code of the unit of a difference: two rates differ by percentage points."""
        return {Unit.RATE: "pp", Unit.NPS: "nps_points"}.get(self, "points")


def nps_points(values: npt.ArrayLike) -> Array:
    """+100 for a promoter (9, 10), -100 for a detractor (0..6), else 0; answers from 0 or 1 to 10 (Reichheld 2003).

    Their mean is the score, -100..100, and the usual error of that mean its error: that of the two shares of one
    sample, which depend on each other. NaN for what is no answer on that scale.

    >>> nps_points([10, 9, 8, 7, 6, 0, 11]).tolist()
    [100.0, 100.0, 0.0, 0.0, -100.0, -100.0, nan]
    """
    answers = np.asarray(values, dtype=float)
    points = 100.0 * (answers >= PROMOTERS_FROM) - 100.0 * (answers <= DETRACTORS_TO)
    return np.where((answers >= 0) & (answers <= LIKELIEST), points, NAN)


@dataclass(frozen=True)
class MetricKind(ABC):
    """How the mean of x, the raw value of an answer in [low, high], becomes a metric: slope * x + offset.

    smallest: the smallest difference that matters unless somebody says otherwise, a hundredth of what can be.
    ends: what the rates of the best and of the worst answers are called.
    """

    unit: ClassVar[Unit]
    formula: ClassVar[str]
    ends: ClassVar[tuple[str, str]] = ("satisfied", "dissatisfied")
    smallest: ClassVar[float] = 1.0
    low: float
    high: float

    @property
    def slope(self) -> float:
        """Metric units per raw unit."""
        return 100.0 / (self.high - self.low)

    @property
    def offset(self) -> float:
        """Value of the metric at raw 0."""
        return -100.0 * self.low / (self.high - self.low)

    @property
    def measure(self) -> str:
        """The unit's own name where a metric counts in what its column does."""
        return ""

    @property
    def has_promoters(self) -> bool:
        """Whether promoters and detractors can be distinguished in its answers."""
        return False

    def nps_points(self, x: Array) -> Array:
        """What each answer adds to a Net Promoter Score; NaN where that cannot be said."""
        return np.full(x.shape, NAN)

    def value(self, raw: float) -> float:
        """A raw mean on the scale of the metric.

        >>> MeanOfMaximum(1, 10).value(8.47), Nps().value(0.25)
        (84.7, 25.0)
        """
        return self.slope * raw + self.offset

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest value the metric can have."""
        return self.unit.range

    def spread(self, value: Array) -> Array:
        """The standard deviation of single answers that their mean implies; NaN where it implies none."""
        return np.full(value.shape, NAN)

    def smallest_that_matters(self, value: float, spread: float) -> float:
        """The smallest difference from `value` that matters, where single answers have this standard deviation."""
        return self.smallest


@dataclass(frozen=True)
class Rescaled(MetricKind):
    """A score from 0 at its lowest mark to 100 at its highest: 100 (x - low) / (high - low)."""

    unit = Unit.POINTS
    formula = "rescaled"

    @property
    def has_promoters(self) -> bool:
        return self.high == LIKELIEST

    def nps_points(self, x: Array) -> Array:
        return nps_points(x)


@dataclass(frozen=True)
class MeanOfMaximum(Rescaled):
    """A score in percent of its maximum: 100 x / high. Its worst value is that of the lowest mark, not 0."""

    formula = "mean_of_max"

    @property
    def slope(self) -> float:
        return 100.0 / self.high

    @property
    def offset(self) -> float:
        return 0.0

    @property
    def range(self) -> tuple[float, float]:
        return self.value(self.low), 100.0


@dataclass(frozen=True)
class Rate(MetricKind):
    """The share of answers that count, in percent; x is `high` where one does, else `low`."""

    unit = Unit.RATE
    formula = "rate"
    low: float = 0.0
    high: float = 1.0

    def spread(self, value: Array) -> Array:
        return np.asarray(np.sqrt(value * (100 - value)))

    def smallest_that_matters(self, value: float, spread: float) -> float:
        """A percentage point; of what is rarer than one in ten, or than one in ten is not so, a tenth of it.

        >>> round(Rate().smallest_that_matters(2.6, 16.0), 2), Rate().smallest_that_matters(50.0, 50.0)
        (0.26, 1.0)
        """
        return min(self.smallest, RARE * value, RARE * (100 - value)) or self.smallest


@dataclass(frozen=True)
class Nps(MetricKind):
    """Promoters less detractors in percent of all: x is 1 for a promoter, -1 for a detractor, 0 for others.

    One customer in a hundred who turns from a detractor into a promoter moves it by 2.
    """

    unit = Unit.NPS
    formula = "nps"
    ends = ("promoters", "detractors")
    smallest = 2.0
    low: float = -1.0
    high: float = 1.0

    @property
    def has_promoters(self) -> bool:
        return True

    def nps_points(self, x: Array) -> Array:
        return self.slope * x

    @property
    def slope(self) -> float:
        return 100.0

    @property
    def offset(self) -> float:
        return 0.0


@dataclass(frozen=True)
class Raw(MetricKind):
    """The mean of x itself, in the unit `of`; there is no best or worst value."""

    unit = Unit.RAW
    formula = "raw"
    low: float = -math.inf
    high: float = math.inf
    of: str = ""

    @property
    def slope(self) -> float:
        return 1.0

    @property
    def offset(self) -> float:
        return 0.0

    @property
    def measure(self) -> str:
        return self.of

    def smallest_that_matters(self, value: float, spread: float) -> float:
        return SMALL * spread

"""What is measured of a contact? A metric: a column, how an answer is had from it, and in what it is counted."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from data_access.labels import Labels, Scalar
from data_access.metric_kinds import MetricKind, Unit
from data_access.repeats import NoReturn
from data_access.selection import Filter

Number = TypeVar("Number", float, npt.NDArray[np.float64])


@dataclass(frozen=True)
class Metric:
    """The mean of a value per contact; `kind` says how it is counted.

    The warehouse sums the raw value x, which the column holds, unless one of these says how it is had from there:
    `at_least` or `at_most` turn a score into a rate, x is 1 where the score passes, else 0; with both, x is 1 from
    `at_least` on, -1 up to `at_most`, else 0. `yes` / `no` are the two values of a column of words or truth values.
    `since`: x is the time from that column to `column`, in the unit of the kind (a key of `SECONDS`).

    scale: the lowest and highest valid value of the column, where x is another. only: its valid values, where they
    are few. turned: the lowest value of the column is the best answer, so that x comes from low + high - value, and
    `at_least` and `at_most` are of that. missing: values of the column that stand for no answer. blank: what an empty
    cell counts as, None for nothing. of: the metric whose best or worst answers count.

    survey: whether customers were asked for it, so that its values are answers. where: the contacts that could have a
    value, such as those that waited in a queue; no other counts. repeat: x is 1 for a first contact without a further
    one, 0 with one; the warehouse finds out in a column that no table holds.
    """

    name: str
    column: str
    labels: Labels
    kind: MetricKind
    _: KW_ONLY
    better: str = "high"
    missing: tuple[Scalar, ...] = ()
    scale: tuple[float, float] | None = None
    only: tuple[float, ...] = ()
    turned: bool = False
    at_least: float | None = None
    at_most: float | None = None
    yes: Scalar | None = None
    no: Scalar | None = None
    blank: float | None = None
    since: str = ""
    of: str = ""
    survey: bool = False
    where: tuple[Filter, ...] = ()
    repeat: NoReturn | None = None

    @property
    def unit(self) -> Unit:
        return self.kind.unit

    @property
    def low(self) -> float:
        """The lowest valid value of the column."""
        return self.kind.low if self.scale is None else self.scale[0]

    @property
    def high(self) -> float:
        """The highest valid value of the column."""
        return self.kind.high if self.scale is None else self.scale[1]

    def is_valid(self, value: float) -> bool:
        """Whether the column may hold a number as an answer."""
        return value in self.only if self.only else self.low <= value <= self.high

    @property
    def slope(self) -> float:
        """Metric units per raw unit."""
        return self.kind.slope

    @property
    def offset(self) -> float:
        """Value of the metric at raw 0."""
        return self.kind.offset

    def value(self, raw: float) -> float:
        """A raw mean on the scale of the metric."""
        return self.kind.value(raw)

    @property
    def sign(self) -> float:
        """1 where higher is better, -1 where lower is."""
        return 1.0 if self.better == "high" else -1.0

    @property
    def best(self) -> float:
        """The metric's best value; NaN for a measure of no scale."""
        return self._end(1 if self.better == "high" else 0)

    @property
    def worst(self) -> float:
        """The metric's worst value; NaN for a measure of no scale."""
        return self._end(0 if self.better == "high" else 1)

    def _end(self, place: int) -> float:
        return self.kind.range[place] if self.unit.is_bounded else math.nan

    @property
    def best_raw(self) -> float:
        """The raw value of the best answer."""
        return self.kind.high if self.better == "high" else self.kind.low

    def lost(self, value: Number) -> Number:
        """How far values lie from the best.

        >>> from data_access.metric_kinds import Nps
        >>> Metric("nps", "n", Labels("nps"), Nps()).lost(29.0)
        71.0
        """
        return abs(self.best - value)

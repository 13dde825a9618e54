"""In which unit does a metric count?"""

from __future__ import annotations

from enum import StrEnum


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
    def of_change(self) -> str:
        """The code of the unit of a difference: two rates differ by percentage points."""
        return {Unit.RATE: "pp", Unit.NPS: "nps_points"}.get(self, "points")

"""How are numbers of a unit written? The specs of `pages.words.format` for each unit of a metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data_access.metric_kinds import Unit


@dataclass(frozen=True)
class UnitWriting:
    """How numbers of one unit are written: the specs of a value and of a difference, each within a sentence and
    where little room is, of the size of a difference, and the text with its sign on an axis, empty for none.
    """

    value: str
    change: str
    size: str
    level: str
    gap: str
    sign: str = ""


WRITING: Mapping[Unit, UnitWriting] = {
    Unit.POINTS: UnitWriting("score", "score_change", "score", "number", "change"),
    Unit.RATE: UnitWriting("rate", "pp_change", "pp", "rate", "pp_change", "format.percent"),
    Unit.NPS: UnitWriting("nps", "nps_change", "nps_points", "number", "change"),
    Unit.RAW: UnitWriting("raw", "raw_change", "raw", "raw", "raw_change"),
}

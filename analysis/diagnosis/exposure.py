"""Do customers who were told or sold something score lower than others of the same path? Where data say who was."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.diagnosis.comparator import LEAST, Ground, strata_of
from analysis.diagnosis.sides import family, sums
from analysis.diagnosis.standardised_gap import Gap, gap
from data_access.semantics import Dimension

MARKS = ("campaign", "exposure", "exposed", "advert", "promotion", "offer", "seller", "活动", "触达", "宣传")
NOT_EXPOSED = ("", "0", "no", "none", "false", "否", "无", "未触达")


@dataclass(frozen=True)
class Exposure:
    """Exposed against unexposed contacts of the path; `dimension` tells who was exposed."""

    dimension: str
    gap: Gap
    sql: tuple[str, ...]


def exposure(ground: Ground) -> Exposure | None:
    """None where no dimension marks exposure, or either group has fewer than thirty answers."""
    model = ground.warehouse.model
    name = next((n for n, d in model.dimensions.items() if not d.overlaps and _marks(d)), None)
    if name is None:
        return None
    own = ground.own
    strata, sql = strata_of(ground, own, family(model, name))
    rows, asked = sums(ground.warehouse, ground.metric.name, own, (name, *strata))
    told = rows["stratum"].str.split("|", n=1, expand=True).reindex(columns=[0, 1]).astype(object).fillna("")
    rows, exposed = rows.assign(stratum=told[1]), ~told[0].map(_is_unexposed).astype(bool)
    sides = rows[exposed], rows[~exposed]
    if min(float(side["n"].sum()) for side in sides) < LEAST:
        return None
    return Exposure(name, gap(*sides), (*sql, asked))


def _marks(dimension: Dimension) -> bool:
    words = " ".join([dimension.name, str(dimension.column), *(t for _, t in dimension.labels.texts)]).casefold()
    return any(mark in words for mark in MARKS)


def _is_unexposed(member: str) -> bool:
    return member.casefold() in NOT_EXPOSED

"""Do customers exposed to a campaign or offer score lower than others of the same path, where data say who was?"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.diagnosis.comparator import LEAST, PathScope, strata_of
from analysis.diagnosis.standardised_gap import StandardisedGap, gap
from analysis.diagnosis.strata import family, sums
from data_access.semantics import Dimension

MARKS = ("campaign", "exposure", "exposed", "advert", "promotion", "offer", "seller", "活动", "触达", "宣传")
NOT_EXPOSED = ("", "0", "no", "none", "false", "否", "无", "未触达")


@dataclass(frozen=True)
class Exposure:
    """Exposed against unexposed contacts of the path; `dimension` says who was exposed."""

    dimension: str
    gap: StandardisedGap
    sql: tuple[str, ...]


def exposure(scope: PathScope) -> Exposure | None:
    """None where no dimension marks exposure, or either group has fewer than thirty answers."""
    model = scope.warehouse.model
    name = next((n for n, d in model.dimensions.items() if not d.overlaps and _marks(d)), None)
    if name is None:
        return None
    own = scope.own
    strata, sql = strata_of(scope, own, family(model, name))
    rows, query = sums(scope.warehouse, scope.metric.name, own, (name, *strata))
    member_and_strata = (
        rows["stratum"].str.split("|", n=1, expand=True).reindex(columns=[0, 1]).astype(object).fillna("")
    )
    rows, exposed = rows.assign(stratum=member_and_strata[1]), ~member_and_strata[0].map(_is_unexposed).astype(bool)
    samples = rows[exposed], rows[~exposed]
    if min(float(side["n"].sum()) for side in samples) < LEAST:
        return None
    return Exposure(name, gap(*samples), (*sql, query))


def _marks(dimension: Dimension) -> bool:
    words = " ".join([dimension.name, str(dimension.column), *(t for _, t in dimension.labels.texts)]).casefold()
    return any(mark in words for mark in MARKS)


def _is_unexposed(member: str) -> bool:
    return member.casefold() in NOT_EXPOSED

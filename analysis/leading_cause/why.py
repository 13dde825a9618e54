"""Why so far? The reason whose lost points moved most within a segment, and in whose power that reason is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.diagnosis.reasons import loss_by_reason, reason_of
from analysis.diagnosis.strata import Sample
from analysis.disclosure import check_selection
from analysis.powers import NOBODYS, listed_powers
from analysis.stats.distributions import Z_95, normal_sf
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.stats.multiplicity import holm
from data_access.selection import Filter, Selection
from data_access.semantics import Reason
from data_access.statement import NothingToShow
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

AHEAD = 2.0  # times the move of the next reason: then this one beats the others


@dataclass(frozen=True)
class Why:
    """A reason of the segment: its share of the lost points (0..1), how many points an answer it costs more than
    before with a 95 % interval, and whose it is. grade: shown beyond chance, likely, possible or unknown.
    """

    reason: str | None = None
    dimension: str = ""
    share: float = NAN
    grown: float = NAN
    low: float = NAN
    high: float = NAN
    p: float = NAN
    n: float = NAN
    power: str = ""
    owner: str = ""
    power_share: float = NAN
    grade: str = "unknown"
    sql: tuple[str, ...] = ()


def why(warehouse: Warehouse, selection: Selection, path: tuple[Filter, ...], change: float) -> Why:
    """The reason that moved most in the direction of the change; unknown where none is stated."""
    reason = reason_of(warehouse, ())
    if reason is None:
        return Why()
    inside = selection.within(path)
    now, sql = loss_by_reason(warehouse, Sample(inside, selection.period), reason)
    before, more = loss_by_reason(warehouse, Sample(inside, selection.baseline), reason)
    moved = _moved(now, before)
    stated = moved[moved["reason"] != reason.not_stated]
    stated = stated[[not _is_secret(warehouse, inside, reason, value) for value in stated["reason"]]]
    worse = -np.sign(warehouse.model.metric(selection.metric).sign * change)
    if stated.empty:
        return Why(sql=(*sql, *more))
    ranked = stated.assign(along=stated["grown"] * worse).sort_values("along", ascending=False, kind="stable")
    return _why(warehouse, reason, ranked, now, (*sql, *more))


def _why(warehouse: Warehouse, reason: Reason, ranked: pd.DataFrame, now: pd.DataFrame, sql: tuple[str, ...]) -> Why:
    top = ranked.iloc[0]
    power = str(top["power"])
    return Why(
        reason=top["reason"],
        dimension=reason.name,
        share=float(top["share"]),
        grown=float(top["grown"]),
        low=float(top["grown"] - Z_95 * top["error"]),
        high=float(top["grown"] + Z_95 * top["error"]),
        p=float(top["p"]),
        n=float(top["n"]),
        power="" if power in NOBODYS else power,
        owner=_owner(warehouse, reason, top),
        power_share=float(now.loc[now["power"] == power, "contribution"].sum()),
        grade=_grade(ranked),
        sql=sql,
    )


def _is_secret(warehouse: Warehouse, inside: Selection, reason: Reason, value: str) -> bool:
    """Whether so few of the segment name a reason that the model keeps them secret."""
    try:
        check_selection(warehouse, inside.within((Filter(reason.name, (value,)),)))
    except NothingToShow:
        return True
    return False


def _moved(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Reasons of the period: share, and the growth of their lost points an answer with its error and adjusted p."""
    sides = [frame.set_index("reason") for frame in (now, before)]
    lost, error = (
        [side[name].astype(float) for side in map(_with_error, sides)] for name in ("lost_points", "error")
    )
    after = lost[0].index
    grown = lost[0] - lost[1].reindex(after).fillna(0.0)
    spread = np.sqrt(error[0] ** 2 + error[1].reindex(after).fillna(0.0) ** 2)
    p = 2 * normal_sf((grown.abs() / spread).to_numpy(dtype=float))
    table = sides[0].assign(share=sides[0]["contribution"], grown=grown, error=spread, p=holm(np.asarray(p)))
    return table.reset_index()


def _with_error(side: pd.DataFrame) -> pd.DataFrame:
    """With the standard error of lost points an answer, from the interval of the share."""
    whole = side["lost_points"].sum()
    return side.assign(error=(side["contribution"] - side["low"]).clip(lower=0.0) / Z_95 * whole)


def _grade(ranked: pd.DataFrame) -> str:
    """Shown beyond chance after correction for all reasons; likely where it moved far more than any other."""
    top = ranked.iloc[0]
    if not top["along"] > 0:
        return "unknown"
    if top["p"] < SIGNIFICANCE:
        return "shown"
    second = float(ranked["along"].iloc[1]) if len(ranked) > 1 else 0.0
    return "likely" if top["along"] >= AHEAD * max(second, 0.0) else "possible"


def _owner(warehouse: Warehouse, reason: Reason, top: Mapping[Any, Any] | pd.Series) -> str:
    """Who owns a reason: the user's own list, else the taxonomy."""
    listed = listed_powers(warehouse, reason)
    if listed is not None and "owner" in listed:
        own = listed.loc[listed["reason"].astype(str) == str(top["reason"]), "owner"].dropna()
        if len(own):
            return str(own.iloc[0])
    code = top["code"]
    return (load_taxonomy().owner_of(code) or "") if isinstance(code, str) else ""

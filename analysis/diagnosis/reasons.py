"""Which reasons stand behind a path, and which causes do they suggest? Lost points against those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.contribution import contribution
from analysis.diagnosis.strata import Sample
from analysis.kept import Kept
from analysis.result import Result
from analysis.trace.path import reason_steps
from data_access.selection import Filter, Selection
from data_access.semantics import Reason
from data_access.statement import NothingToShow
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

COLUMNS = ["reason", "code", "power", "n", "contribution", "low", "lost_points"]
MOST_ROWS = 2_000  # of contributions, kept for one warehouse
_KEPT = Kept[Result](MOST_ROWS)
MACHINES = ("bot_design", "system", "network")  # causes for which the units are machines


@dataclass(frozen=True)
class ReasonProfile:
    """Reasons of a path, most lost points first: columns `COLUMNS`, excess (lost points beyond the others').

    table: those that the path names, or all; all_reasons: all of them.
    """

    table: pd.DataFrame
    all_reasons: pd.DataFrame
    causes: Mapping[str, float]
    sql: tuple[str, ...] = ()

    @property
    def by_people(self) -> bool:
        """Whether the units are people: the first cause that the lost points suggest is no machine."""
        return next(iter(self.causes), "") not in MACHINES


def reason_of(warehouse: Warehouse, path: Sequence[Filter]) -> Reason | None:
    """The dimension of reasons: that of the path, else the first of the model."""
    named = reason_steps(warehouse.model, path)
    name = named[0].dimension if named else next(iter(warehouse.model.reasons), None)
    return None if name is None else warehouse.model.reasons[name]


def lost_by_reason(warehouse: Warehouse, selection: Selection, reason: Reason) -> Result:
    """The contribution of each reason, which several analyses of a page rest on. Raises as `contribution` does."""
    asked = replace(selection, baseline=None)
    return _KEPT.of(
        warehouse,
        (asked, reason.name),
        lambda: contribution(warehouse, asked, by=[reason.name]),
        lambda found: len(found.table),
    )


def loss_by_reason(warehouse: Warehouse, side: Sample, reason: Reason) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Reasons of a sample with their share of its lost points: columns `COLUMNS`; no rows where nothing was lost."""
    selection = replace(side.selection, period=side.period)
    try:
        result = lost_by_reason(warehouse, selection, reason)
    except NothingToShow:
        return pd.DataFrame({c: [] for c in COLUMNS}), ()
    taxonomy, names = load_taxonomy(), [segment[0] for segment in result.table["segment"]]
    stated = [None if name == reason.not_stated else taxonomy.reason_for(name) for name in names]
    table = result.table.drop(columns="low").rename(columns={"contribution_low": "low"})
    return table.assign(reason=names, code=stated)[COLUMNS], result.sql


def reason_profile(warehouse: Warehouse, own: Sample, other: Sample | None, path: Sequence[Filter]) -> ReasonProfile:
    """The reasons of a sample; excess is over the lost points of `other`, if there is one."""
    reason = reason_of(warehouse, path)
    if reason is None:
        nothing = pd.DataFrame({c: [] for c in [*COLUMNS, "excess"]})
        return ReasonProfile(nothing, nothing, {})
    table, sql = loss_by_reason(warehouse, own, reason)
    theirs, sql1 = loss_by_reason(warehouse, other, reason) if other else (table.iloc[:0], ())
    lost_by_others = theirs.set_index("reason")["lost_points"]
    table = table.assign(excess=table["lost_points"] - table["reason"].map(lost_by_others).fillna(0.0).astype(float))
    named = {value for step in reason_steps(warehouse.model, path) for value in step.values}
    own = table[table["reason"].isin(named)].reset_index(drop=True) if named else table
    return ReasonProfile(own, table, _causes(own), (*sql, *sql1))


def _causes(table: pd.DataFrame) -> dict[str, float]:
    """Cause types with their share of the excess, largest first; a reason weighs its causes 1, 1/2, 1/3 in order."""
    taxonomy, parts = load_taxonomy(), dict[str, float]()
    known = {r.code: r.causes for r in taxonomy.reasons}
    for code, excess in zip(table["code"], table["excess"], strict=True):
        causes = known.get(code, ()) if isinstance(code, str) else ()
        whole = sum(1 / (i + 1) for i in range(len(causes)))
        for i, cause in enumerate(causes):
            parts[cause] = parts.get(cause, 0.0) + max(float(excess), 0.0) / (i + 1) / whole
    total = sum(parts.values())
    ranked = sorted(parts.items(), key=lambda pair: -pair[1])
    return {cause: part / total for cause, part in ranked} if total > 0 else {}


def reasons_in_both_periods(
    warehouse: Warehouse, baseline: Sample, now: pd.DataFrame, path: Sequence[Filter]
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Columns reason, now, now_low, before, before_low, rank_now, rank_before; None without baseline or reasons.

    now: all reasons of the path, as `ReasonProfile.every`; baseline: the path before.
    """
    reason = reason_of(warehouse, path)
    if reason is None or baseline.period is None:
        return None, ()
    before, sql = loss_by_reason(warehouse, baseline, reason)
    frames = [_ranked(frame, reason, name) for frame, name in ((now, "now"), (before, "before"))]
    return frames[0].join(frames[1], how="outer").rename_axis("reason").reset_index(), sql


def _ranked(table: pd.DataFrame, reason: Reason, name: str) -> pd.DataFrame:
    stated = table[table["reason"] != reason.not_stated]
    return pd.DataFrame({
        name: stated["contribution"].to_numpy(), f"{name}_low": stated["low"].to_numpy(),
        f"rank_{name}": range(1, len(stated) + 1),
    }, index=pd.Index(stated["reason"], name="reason"))  # fmt: skip

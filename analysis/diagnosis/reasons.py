"""Which reasons stand behind a path, and what causes do they suggest? Lost points beside those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.contribution import contribution
from analysis.diagnosis.sides import Side, reasons_of
from data_access.selection import Filter
from data_access.semantics import Reason
from data_access.statement import NothingToShow
from data_access.taxonomy import load_taxonomy
from data_access.warehouse import Warehouse

COLUMNS = ["reason", "code", "power", "n", "contribution", "low", "lost_points"]
MACHINES = ("bot_design", "system", "network")  # causes of which the units that serve are no people


@dataclass(frozen=True)
class Behind:
    """Reasons of a path, most lost points first: columns `COLUMNS`, excess (lost points beyond the others').

    table: those that the path names, or all; every: all of them.
    """

    table: pd.DataFrame
    every: pd.DataFrame
    causes: Mapping[str, float]
    sql: tuple[str, ...] = ()

    @property
    def by_people(self) -> bool:
        """Whether those who serve are people: what the lost points suggest first is no machine."""
        return next(iter(self.causes), "") not in MACHINES


def reason_of(warehouse: Warehouse, path: Sequence[Filter]) -> Reason | None:
    """The reasons asked about: those of the path, else the first of the model."""
    named = reasons_of(warehouse.model, path)
    name = named[0].dimension if named else next(iter(warehouse.model.reasons), None)
    return None if name is None else warehouse.model.reasons[name]


def listed(warehouse: Warehouse, side: Side, reason: Reason) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Reasons of one side with their part of its lost points: columns `COLUMNS`; no rows where nothing was lost."""
    selection = replace(side.selection, period=side.period, baseline=None)
    try:
        found = contribution(warehouse, selection, by=[reason.name])
    except NothingToShow:
        return pd.DataFrame({c: [] for c in COLUMNS}), ()
    taxonomy, names = load_taxonomy(), [segment[0] for segment in found.table["segment"]]
    stated = [None if name == reason.not_stated else taxonomy.reason_for(name) for name in names]
    told = found.table.drop(columns="low").rename(columns={"contribution_low": "low"})
    return told.assign(reason=names, code=stated)[COLUMNS], found.sql


def behind(warehouse: Warehouse, own: Side, other: Side | None, path: Sequence[Filter]) -> Behind:
    """The reasons of one side; `other`: whose lost points are taken off, none where None."""
    reason = reason_of(warehouse, path)
    if reason is None:
        nothing = pd.DataFrame({c: [] for c in [*COLUMNS, "excess"]})
        return Behind(nothing, nothing, {})
    table, sql = listed(warehouse, own, reason)
    theirs, sql1 = listed(warehouse, other, reason) if other else (table.iloc[:0], ())
    usual = theirs.set_index("reason")["lost_points"]
    table = table.assign(excess=table["lost_points"] - table["reason"].map(usual).fillna(0.0).astype(float))
    asked = {value for step in reasons_of(warehouse.model, path) for value in step.values}
    own = table[table["reason"].isin(asked)].reset_index(drop=True) if asked else table
    return Behind(own, table, _causes(own), (*sql, *sql1))


def _causes(table: pd.DataFrame) -> dict[str, float]:
    """Cause types with their part of the excess, most first: a reason counts 1, 1/2 .. for its causes in order."""
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


def both_periods(
    warehouse: Warehouse, baseline: Side, now: pd.DataFrame, path: Sequence[Filter]
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Columns reason, now, now_low, before, before_low, rank_now, rank_before; None without baseline or reasons.

    now: all reasons of the path, as `Behind.every`; baseline: the path before.
    """
    reason = reason_of(warehouse, path)
    if reason is None or baseline.period is None:
        return None, ()
    before, sql = listed(warehouse, baseline, reason)
    frames = [_ranked(frame, reason, name) for frame, name in ((now, "now"), (before, "before"))]
    return frames[0].join(frames[1], how="outer").rename_axis("reason").reset_index(), sql


def _ranked(table: pd.DataFrame, reason: Reason, name: str) -> pd.DataFrame:
    stated = table[table["reason"] != reason.not_stated]
    return pd.DataFrame({
        name: stated["contribution"].to_numpy(), f"{name}_low": stated["low"].to_numpy(),
        f"rank_{name}": range(1, len(stated) + 1),
    }, index=pd.Index(stated["reason"], name="reason"))  # fmt: skip

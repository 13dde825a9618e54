"""How did the people of the service stand, month by month and team by team? New hires, training, load, leaving."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.service.rates import Ratio, numbered, rates
from analysis.stats.intervals import NAN, Array, wilson_bounds
from data_access.warehouse.agent_months import MEASURED, NEW, START, TENURED

NEW_HIRES = Ratio("new_hire_share", NEW, TENURED, "low")
BUSY = Ratio("occupancy", "busy", "loaded", "low")
STAFF = ["agents", *MEASURED, "left", "left_of", "left_rate", "left_low", "left_high"]


def by_team(newcomers: pd.DataFrame, months: pd.DataFrame | None, by: Sequence[str]) -> pd.DataFrame:
    """A row a team: contacts whose agent's time there is known, the share of new hires, and its months of agents."""
    segments, coded = numbered(newcomers, by)
    found = rates(coded, len(segments), NEW_HIRES)
    table = pd.DataFrame({"segment": pd.Series(segments, dtype=object), "n": found.of, NEW: found.count})
    table = table.assign(new_hire_share=found.shown("value"), new_hire_share_low=found.shown("low"),
                         new_hire_share_high=found.shown("high"))  # fmt: skip
    if months is None:
        return table
    teams, rows = numbered(months, by)
    return table.merge(_staff(rows, teams).rename(columns={"key": "segment"}), on="segment", how="left")


def by_month(newcomers: pd.DataFrame, months: pd.DataFrame | None, by: Sequence[str]) -> pd.DataFrame:
    """The same a team and month of the calendar; who left is known only of months that others follow."""
    dated = newcomers.assign(month=[str(day)[:7] for day in newcomers["day"]])
    named, coded = numbered(dated, [*by, "month"])
    found = rates(coded, len(named), NEW_HIRES)
    table = pd.DataFrame({"key": pd.Series(named, dtype=object), "n": found.of, "handled": found.of,
                          NEW: found.count, "new_hire_share": found.shown("value")})  # fmt: skip
    if months is not None:
        own, rows = numbered(months.assign(month=[str(start)[:7] for start in months[START]]), [*by, "month"])
        table = table.merge(_staff(rows, own), on="key", how="left")
    table = table.assign(segment=table["key"].str[:-1], month=table["key"].str[-1]).drop(columns="key")
    return table.sort_values(["month", "new_hire_share"], ascending=[True, False], kind="stable", ignore_index=True)


def closed(months: pd.DataFrame, last: str) -> pd.DataFrame:
    """With `left` and `left_of`: of the last month in the table nobody can say yet who left after it."""
    known = (months[START] < last) & months["left_centre"].notna()
    return months.assign(left_of=known.astype(float), left=np.where(known, months["left_centre"], 0.0))


def _occupancy(rows: pd.DataFrame, k: int) -> Array:
    """As on the board: each month of an agent weighs as its contacts."""
    known = rows[rows["occupancy"].notna()]
    loaded, s = known["contacts"].fillna(1.0).to_numpy(), known["s"].to_numpy()
    of = np.bincount(s, loaded, k)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(of > 0, np.bincount(s, loaded * known["occupancy"].to_numpy(), k) / of, NAN)


def _staff(rows: pd.DataFrame, keys: Sequence[object]) -> pd.DataFrame:
    k, s = len(keys), rows["s"].to_numpy()
    table = pd.DataFrame({"key": pd.Series(list(keys), dtype=object)})
    table["agents"] = rows.groupby("s")["who"].nunique().reindex(range(k), fill_value=0).to_numpy(dtype=float)
    for name in MEASURED:
        table[name] = rows.groupby("s")[name].mean().reindex(range(k)).to_numpy()
    table["occupancy"] = _occupancy(rows, k)
    left, of = (np.bincount(s, rows[name], k) for name in ("left", "left_of"))
    low, high = wilson_bounds(left, of)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(of > 0, left / of, NAN)
    return table.assign(left=left, left_of=of, left_rate=rate, left_low=low, left_high=high)

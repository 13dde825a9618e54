"""Do training, coaching and load go with the score? Of team-months, and of the agents within a team-month beside it.

What holds between teams need not hold for the people in them (the ecological fallacy, Robinson 1950): a good team may
train more because it is good. So the months of agents are split into the mean of their team's month and their own
distance from it, and the score is fitted on both (Mundlak 1978), each month of an agent with its answers, errors
between teams (CR2). `alike` is the slope within a team among agents who are equally new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import LEAST_CLUSTERS, scaled
from analysis.stats.clustered_regression import clustered_ols
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array
from analysis.stats.multiplicity import holm
from analysis.stats.regression import Fit, by_cluster
from data_access.metrics import Metric
from data_access.warehouse.agent_months import MEASURED, START, WHO

STEP: Mapping[str, float] = {"occupancy": 0.1}  # a readable step of a measure: 10 points; an hour of the others
NEW_DAYS = 60
COLUMNS = [
    "measure", "n", "teams", "team_months", "between", "between_low", "between_high", "within", "within_low",
    "within_high", "alike", "alike_low", "alike_high", "p_between", "p_within", "p_apart", "verdict",
]  # fmt: skip


@dataclass(frozen=True)
class Slope:
    """A slope for one step of a measure, with its interval and p."""

    value: float
    low: float
    high: float
    p: float


UNKNOWN = Slope(NAN, NAN, NAN, NAN)


def relations(scores: pd.DataFrame, months: pd.DataFrame, metric: Metric, by: Sequence[str]) -> pd.DataFrame:
    """A row a measure that varies: the slopes between team-months and within them, columns COLUMNS.

    scores: as `Warehouse.scores_by_agent`; months: as `Warehouse.agent_months`. p adjusted for the measures (Holm).
    """
    rows = scaled(scores, metric).merge(months, on=[WHO, START, *by], how="inner")
    rows["team"] = pd.factorize(pd.Series(list(zip(*(rows[name] for name in by), strict=True)), dtype=object))[0]
    rows["cell"] = rows.groupby(["team", START], sort=False).ngroup()
    found = [row for name in MEASURED if (row := _relation(rows[rows[name].notna()], name)) is not None]
    table = pd.DataFrame(found, columns=[c for c in COLUMNS if c != "verdict"])
    for name in ("p_between", "p_within", "p_apart"):
        table[name] = holm(table[name].to_numpy(dtype=float))
    return table.assign(verdict=[verdict_of(row) for row in table.to_dict("records")])[COLUMNS]


def _relation(rows: pd.DataFrame, name: str) -> dict[str, object] | None:
    """None where the measure is unknown or the same everywhere, or there are too few teams."""
    teams = rows["team"].nunique()
    if teams < LEAST_CLUSTERS or rows[name].nunique() < 2:
        return None
    x = rows[name].to_numpy(dtype=float) / STEP.get(name, 1.0)
    mean, own = _parted(x, rows)
    new_mean, new = _parted((rows["tenure_days"] <= NEW_DAYS).to_numpy(dtype=float), rows)
    plain = _fit(rows, {"mean": mean, "own": own})
    apart = _fit(rows, {"mean": mean, "x": x})  # the slope of the mean is then how far the two lie apart
    alike = _fit(rows, {"mean": mean, "own": own, "new": new, "new_mean": new_mean})
    between, within = _slope(plain, "mean"), _slope(plain, "own")
    same_tenure = _slope(alike, "own")
    row: dict[str, object] = {"measure": name, "n": float(rows["n"].sum()), "teams": teams}
    row |= {"team_months": rows["cell"].nunique(), "p_between": between.p, "p_within": within.p}
    for place, slope in (("between", between), ("within", within), ("alike", same_tenure)):
        row |= {place: slope.value, f"{place}_low": slope.low, f"{place}_high": slope.high}
    return row | {"p_apart": _slope(apart, "mean").p}


def _parted(x: Array, rows: pd.DataFrame) -> tuple[Array, Array]:
    """The mean of the team's month, each agent by its answers, and each agent's distance from it."""
    cell, w = pd.factorize(rows["cell"])[0], rows["w"].to_numpy(dtype=float)
    mean = (np.bincount(cell, w * x) / np.bincount(cell, w))[cell]
    return mean, x - mean


def _fit(rows: pd.DataFrame, columns: Mapping[str, Array]) -> Fit:
    x = np.column_stack(list(columns.values()))
    x = x - np.average(x, axis=0, weights=rows["w"])
    w, wx = (rows[name].to_numpy(dtype=float) for name in ("w", "wx"))
    return clustered_ols(by_cluster(rows["team"].to_numpy(), list(columns), x, w, wx, rows["vxx"].to_numpy(float)))


def _slope(fit: Fit, name: str) -> Slope:
    """NaN where a column says nothing beyond the others."""
    found = dict(zip(fit.names, fit.tests(), strict=True)).get(name)
    if found is None or found.value != found.value:
        return UNKNOWN
    return Slope(found.value, found.interval.low, found.interval.high, found.p)


def verdict_of(row: Mapping[str, float]) -> str:
    """ecological: between the teams only, or the other way round within them, and the two are apart beyond chance."""
    between, within, apart = (row[f"p_{name}"] < SIGNIFICANCE for name in ("between", "within", "apart"))
    if between and apart and (not within or row["between"] * row["within"] < 0):
        return "ecological"
    if between and within:
        return "both"
    return "within" if within else "between" if between else "none"

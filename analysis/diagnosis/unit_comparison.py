"""Do all units (teams, flows) share a loss, or do a few of them carry it?

Each unit is compared with what the other sample scored at the unit's own mix. Cochran's Q tests whether units differ
by more than chance; the variance between them is that of Paule and Mandel (1982).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.diagnosis.standardised_gap import StandardisedGap, expected
from analysis.diagnosis.strata import by_stratum
from analysis.estimate import SUMS, WITHHELD_BELOW, residual_squares
from analysis.stats.distributions import chi2_sf, normal_cdf, t_sf
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array, Difference, Interval, differences
from analysis.stats.league import paule_mandel
from analysis.stats.multiplicity import holm

COLUMNS = ["unit", "n", "difference", "low", "high", "p", "carries"]
LEFT_OUT = 0.25  # of the units, the worst: without them the loss must remain if all units share it
LEAST_UNITS = 4  # that are left
FEW = 1 / 3  # of the answers: units with more are not few
HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class UnitComparison:
    """Units of one sample compared with the other, worst first.

    table: columns `COLUMNS`; carries: significantly worse than the rest of the units. q_p: p of the test that all
    units are equal; between: standard deviation of their true differences; whole: their mean; rest: the mean without
    the worst quarter; carried: share of the loss made by the units that carry it; few_share: their share of answers.
    """

    table: pd.DataFrame
    q_p: float
    between: float
    whole: float
    rest: Difference
    carried: float
    few_share: float

    @property
    def few(self) -> tuple[str, ...]:
        """Units that carry the loss, if they are few and carry at least half of it."""
        carrying = tuple(self.table.loc[self.table["carries"], "unit"])
        return carrying if self.few_share <= FEW and self.carried >= HALF and self.q_p < SIGNIFICANCE else ()


def compare_units(
    first: pd.DataFrame, other: pd.DataFrame, sign: float, *, own: bool = False
) -> UnitComparison | None:
    """The units of the first sample with at least ten answers; sign is -1 where a low value is good.

    own: each unit is compared with itself in the other sample (before), not with what all scored there at its mix.
    None with fewer than two units.
    """
    if own:
        first, other = (rows.assign(stratum=rows["unit"]) for rows in (first, other))
    table, weight = _table(first, other, sign)
    if len(table) < 2:
        return None
    d, error = table["difference"].to_numpy() * sign, table["error"].to_numpy()
    rest = _rest(d, weight, 0.0 if own else _variance(other))
    carries = _carrying(d, error, rest.value)
    whole = float(weight @ d / weight.sum())
    left = float(weight[~carries] @ d[~carries] / weight.sum())
    q = float(np.sum((d - np.average(d, weights=error**-2.0)) ** 2 / error**2))
    return UnitComparison(
        table=table.assign(carries=carries)[COLUMNS],
        q_p=float(chi2_sf(q, len(d) - 1)),
        between=math.sqrt(paule_mandel(d, error**2)),
        whole=sign * whole,
        rest=_with_sign(rest, sign),
        carried=1 - left / whole if whole < 0 else NAN,
        few_share=float(weight[carries].sum() / weight.sum()),
    )


def _table(first: pd.DataFrame, other: pd.DataFrame, sign: float) -> tuple[pd.DataFrame, Array]:
    """Units with their difference, error and interval, worst first; and their weights."""
    known = expected(other)
    rows = first[first["stratum"].isin(known.index) & (first["unit"] != "")]  # a blank is no unit
    m = rows["stratum"].map(known["mean"]).to_numpy(dtype=float)
    error2 = rows["stratum"].map(known["s2"] / known["n"]).fillna(0.0).to_numpy() * rows["w"] ** 2
    rows = rows.assign(
        wx=rows["wx"] - m * rows["w"],
        vxx=residual_squares(rows, m),
        vx=rows["vx"] - m * rows["v"],
    )
    each = by_stratum(rows.groupby("unit")[list(SUMS)].sum().reset_index().assign(stratum=lambda r: r["unit"]))
    each = each[(each["n"] >= WITHHELD_BELOW) & (each["s2"] > 0)]
    if each.empty:
        return pd.DataFrame(columns=COLUMNS[:-1]), np.array([])
    each = each.iloc[np.argsort(sign * each["mean"].to_numpy(), kind="stable")]
    theirs = error2.groupby(rows["unit"]).sum().reindex(each.index) / each["w"] ** 2
    n, error = each["n"].to_numpy(), np.sqrt((each["s2"] / each["n"] + theirs).to_numpy())
    unit_differences = differences(each["mean"].to_numpy(), error, n - 1)
    table = pd.DataFrame(
        {
            "unit": list(each.index),
            "n": n,
            "difference": each["mean"].to_numpy(),
            "error": error,
            "low": [f.interval.low for f in unit_differences],
            "high": [f.interval.high for f in unit_differences],
            "p": [f.p for f in unit_differences],
        }
    )
    return table, each["w"].to_numpy()


def _variance(other: pd.DataFrame) -> float:
    """The variance of the mean that all units are compared with."""
    strata = by_stratum(other)
    return float((strata["s2"] * strata["n"]).sum()) / float(strata["n"].sum()) ** 2


def _rest(d: Array, weight: Array, theirs: float) -> Difference:
    """The mean without the worst quarter of the units, with its error between those left and that of the others."""
    left = math.ceil(LEFT_OUT * len(d))
    d, weight = d[left:], weight[left:]
    if len(d) < LEAST_UNITS:
        return Difference(NAN, NAN, NAN, Interval(NAN, NAN), NAN)
    mean, k = float(weight @ d / weight.sum()), len(d)
    own = k / (k - 1) * float(np.sum(weight**2 * (d - mean) ** 2)) / float(weight.sum()) ** 2
    return differences(np.array([mean]), np.array([math.sqrt(own + theirs)]), np.array([k - 1.0]))[0]


def _carrying(d: Array, error: Array, rest: float) -> Array:
    """Units significantly worse than the rest, adjusted for their number (Holm)."""
    level = rest if rest == rest else float(np.max(d))
    behind = normal_cdf((d - level) / error)
    return np.asarray((holm(behind) < SIGNIFICANCE) & (d < level))


def _with_sign(difference: Difference, sign: float) -> Difference:
    if sign > 0:
        return difference
    return Difference(
        -difference.value,
        difference.error,
        difference.df,
        Interval(-difference.interval.high, -difference.interval.low),
        difference.p,
    )


def p_against_peers(gap: StandardisedGap, peers: UnitComparison | None) -> float:
    """p of the gap of some units to their peers, given how much the peers differ among themselves."""
    between = peers.between if peers else 0.0
    if not gap.known:
        return NAN
    k = len(peers.table) if peers else 2
    t = gap.value / math.sqrt(gap.error**2 + between**2)
    return float(2 * t_sf(abs(t), max(k - 1, 1)))

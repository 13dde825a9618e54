"""How far is one sample below another at the same mix? Direct standardisation to the mix of the first.

Means are compared within each stratum and weighted by the answers of the first sample. Standard errors come from the
variation between units where both samples have enough of them (CR2 with Satterthwaite's degrees of freedom), else
from single answers; a stratum with a single unit adds the variance of its answers. An answer without a unit is one of
its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.diagnosis.strata import by_stratum, units_of
from analysis.estimate import BLANK, LEAST_CLUSTERS, cluster_sums
from analysis.stats.clustered import contrasts
from analysis.stats.intervals import NAN, Array, Interval, differences
from analysis.stats.standardised import variance_of_means

COVERS = 0.8  # of the first sample's answers that must lie in strata of the other
LEAST_OTHERS = 2  # answers of the other sample in a stratum


@dataclass(frozen=True, kw_only=True)
class StandardisedGap:
    """First sample minus the other at the mix of the first; NaN where they cannot be compared."""

    value: float
    error: float
    interval: Interval
    p: float
    n: float
    n_other: float
    covered: float

    @property
    def known(self) -> bool:
        return self.p == self.p


UNKNOWN = StandardisedGap(value=NAN, error=NAN, interval=Interval(NAN, NAN), p=NAN, n=0.0, n_other=0.0, covered=0.0)


def gap(first: pd.DataFrame, other: pd.DataFrame) -> StandardisedGap:
    """The difference within strata, of frames as `strata.sums` returns them."""
    if first.empty or other.empty:
        return UNKNOWN
    table = _joined(first, other)
    n, n_other = float(first["n"].sum()), float(other["n"].sum())
    covered = float(table["w"].sum() / first["w"].sum())
    if covered < COVERS:
        return StandardisedGap(
            value=NAN, error=NAN, interval=Interval(NAN, NAN), p=NAN, n=n, n_other=n_other, covered=covered
        )
    share = (table["w"] / table["w"].sum()).to_numpy()
    value = float(share @ (table["mean"] - table["mean_other"]).to_numpy())
    error, df = _error(first, other, table, share)
    difference = differences(np.array([value]), np.array([error]), np.array([df]))[0]
    return StandardisedGap(
        value=value, error=error, interval=difference.interval, p=difference.p, n=n, n_other=n_other, covered=covered
    )


def expected(other: pd.DataFrame) -> pd.DataFrame:
    """The strata of the other sample, as `by_stratum`."""
    table = by_stratum(other)
    return table[table["n"] >= LEAST_OTHERS]


def _joined(first: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return by_stratum(first).join(expected(other).add_suffix("_other"), how="inner")


def _error(first: pd.DataFrame, other: pd.DataFrame, table: pd.DataFrame, share: Array) -> tuple[float, float]:
    """Standard error of the weighted difference, with Satterthwaite's degrees of freedom."""
    coefficients = np.concatenate([share, -share])
    n, s2 = (np.stack([table[name], table[f"{name}_other"]]).astype(float) for name in ("n", "s2"))
    variance, freedom = (part.ravel() for part in variance_of_means(n, s2))
    lone, between, df = np.ones(len(coefficients), dtype=bool), 0.0, NAN
    if min(units_of(rows).max(initial=BLANK) + 1 for rows in (first, other)) >= LEAST_CLUSTERS:
        lone = np.concatenate([table["units"], table["units_other"]]) < 2
        between, df = _between(first, other, list(table.index), np.where(lone, 0.0, coefficients))
    parts = np.append((coefficients**2 * variance)[lone], between**2)
    freedom = np.append(freedom[lone], df)
    used = parts > 0
    whole = float(parts[used].sum())
    return float(np.sqrt(whole)), float(whole**2 / np.sum(parts[used] ** 2 / freedom[used])) if used.any() else NAN


def _between(first: pd.DataFrame, other: pd.DataFrame, strata: list[str], coefficients: Array) -> tuple[float, float]:
    places = {stratum: i for i, stratum in enumerate(strata)}
    kept = [rows[rows["stratum"].isin(places)] for rows in (first, other)]
    group = np.concatenate([rows["stratum"].map(places) + side * len(places) for side, rows in enumerate(kept)])
    rows = pd.concat(kept, ignore_index=True).assign(s=0, k=group.astype(int), c=units_of(*kept))
    between = contrasts(cluster_sums(rows, problems=1, groups=len(coefficients)), coefficients)
    return (0.0, NAN) if not coefficients.any() else (float(between.error[0]), float(between.df[0]))

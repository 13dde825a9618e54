"""What would be lost anyway? The loss of an answer beyond what is usual for what it was about.

A group is compared with the others like for like: every answer counts by its distance from the mean loss of its
stratum, that is of the same members of one or two dimensions that say what a contact was about. Dimensions that only
say who served it - whose members follow from the cluster, as a team's skill or a bot's scenario - are never strata:
what those are bad at is what is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.contrast.mix_explanation import COVERS
from analysis.trace.cluster_variance import SUMS, mean_and_error
from data_access.semantics import SemanticModel

MOST = 2  # dimensions that form strata together
FOLLOWS = 0.98  # share of the answers whose member their cluster tells
LEAST = 30  # answers of a member, and of the others, from which they are compared
MOST_BLANK = 0.5
CLEARLY = 3.5  # standard errors, from which on something can be beyond chance after all that is searched
TELLS = 3.0  # times the spread that chance alone gives the means of the members
Cuts = Mapping[str, pd.DataFrame]


def strata_of(model: SemanticModel, cuts: Cuts) -> tuple[str, ...]:
    """The dimensions that tell most about the loss without telling who served, at most MOST, none above another."""
    usable = {n: rows for n, rows in cuts.items() if not is_trait_of_cluster(rows) and _blank(rows) <= MOST_BLANK}
    told = {name: _explained(rows) for name, rows in usable.items()}
    chosen: list[str] = []
    for name in sorted((n for n in told if told[n] > 0), key=lambda n: -told[n]):
        if not any(related(model, name, other) for other in chosen) and len(chosen) < MOST:
            chosen.append(name)
    return tuple(chosen)


def related(model: SemanticModel, name: str, other: str) -> bool:
    """Whether one of two dimensions lies under the other, or is it."""
    return name == other or name in model.ancestors(other) or other in model.ancestors(name)


def is_trait_of_cluster(rows: pd.DataFrame) -> bool:
    """Whether who served tells the member, as a team tells its skill."""
    if "cluster" not in rows:
        return False
    known = rows[rows["cluster"].notna() & (rows["cluster"] != "")]
    each = known.groupby(["cluster", "segment"], sort=False)["w"].sum()
    total = float(each.sum())
    return bool(total > 0 and float(each.groupby(level=0).max().sum()) >= FOLLOWS * total)


def _blank(rows: pd.DataFrame) -> float:
    blank = np.array([segment == (None,) for segment in rows["segment"]], dtype=bool)
    return float(rows.loc[blank, "w"].sum() / rows["w"].sum())


def _explained(rows: pd.DataFrame) -> float:
    """The spread between members beyond what chance gives as many, weighed by answers; 0 where it is no clear one."""
    sums = rows.groupby("segment", sort=False)[["n", "w", "lost", "lost2"]].sum()
    mean, whole = sums["lost"] / sums["w"], float(rows["lost"].sum() / rows["w"].sum())
    variance = float(rows["lost2"].sum() / rows["n"].sum()) - whole**2
    between, chance = float((sums["w"] * (mean - whole) ** 2).sum()), (len(sums) - 1) * variance
    return between - chance if between > TELLS * chance else 0.0


def like_for_like(rows: pd.DataFrame, strata: Sequence[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The cells, coded, with their loss beyond the mean of their stratum, and the dimensions of the strata.

    Those that the groups share too little of are left out, the last first; without any, all answers are one stratum.
    """
    usable = (s for s in (strata, strata[:1], strata[1:]) if s and _comparable(rows, s))
    used = tuple(next(usable, ()))
    place = np.zeros(len(rows), dtype=int)
    if used:
        place = rows.groupby(list(used), sort=False, dropna=False).ngroup().to_numpy()
    usual = (np.bincount(place, rows["lost"]) / np.bincount(place, rows["w"]))[place]
    beyond = rows.assign(
        lost=rows["lost"] - usual * rows["w"],
        lostw=rows["lostw"] - usual * rows["v"],
        lost2=rows["lost2"] - 2 * usual * rows["lostw"] + usual**2 * rows["v"],
    )
    return beyond, used


def stands_out(rows: pd.DataFrame) -> bool:
    """Whether a member loses clearly more than the others as they are, its answers taken as independent."""
    sums = rows.groupby("segment", sort=False)[list(SUMS)].sum()
    own = {name: sums[name].to_numpy() for name in SUMS}
    (mean, error), (rest, rest_error) = (mean_and_error(t) for t in (own, {n: own[n].sum() - own[n] for n in SUMS}))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (mean - rest) / np.sqrt(error**2 + rest_error**2)
    return bool((z[own["n"] >= LEAST] > CLEARLY).any())


def _comparable(rows: pd.DataFrame, strata: Sequence[str]) -> bool:
    """Whether most answers are in strata that several groups share."""
    weights = rows.groupby([*strata, "s"], sort=False, dropna=False)["w"].sum()
    by_stratum = weights.groupby(level=list(range(len(strata))), sort=False, dropna=False)
    shared = by_stratum.sum()[by_stratum.count() > 1]
    return float(shared.sum()) >= COVERS * float(weights.sum())

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
from analysis.estimate import BLANK, Pairs, totals
from analysis.stats.intervals import Array
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
    if "c" not in rows:
        return False
    cluster, member, w = (rows[name].to_numpy() for name in ("c", "s", "w"))
    named = cluster != BLANK
    pairs = Pairs.of(cluster[named], member[named], w[named])
    most = np.zeros(int(cluster.max(initial=BLANK)) + 1)
    np.maximum.at(most, pairs.s, pairs.sums)
    total = float(pairs.sums.sum())
    return bool(total > 0 and float(most.sum()) >= FOLLOWS * total)


def members_in(rows: pd.DataFrame) -> int:
    """How many members some coded cells have."""
    return int(rows["s"].max()) + 1


def _blank(rows: pd.DataFrame) -> float:
    blank = np.array([segment == (None,) for segment in rows["segment"]], dtype=bool)
    return float(rows.loc[blank, "w"].sum() / rows["w"].sum())


def _explained(rows: pd.DataFrame) -> float:
    """The spread between members beyond what chance gives as many, weighed by answers; 0 where it is no clear one."""
    weight, lost = (totals(rows, name, members_in(rows)) for name in ("w", "lost"))
    mean, whole = lost / weight, float(lost.sum() / weight.sum())
    variance = float(rows["lost2"].sum() / rows["n"].sum()) - whole**2
    between, chance = float((weight * (mean - whole) ** 2).sum()), (len(mean) - 1) * variance
    return between - chance if between > TELLS * chance else 0.0


def like_for_like(rows: pd.DataFrame, strata: Sequence[str]) -> tuple[dict[str, Array], tuple[str, ...]]:
    """The columns of coded cells with their loss beyond the mean of their stratum, and the dimensions of the strata.

    Those that the groups share too little of are left out, the last first; without any, all answers are one stratum.
    """
    numbers = columns_of(rows)
    places = {name: pd.factorize(rows[name], use_na_sentinel=False)[0] for name in strata}
    usable = (s for s in (strata, strata[:1], strata[1:]) if s and _comparable(numbers, [places[n] for n in s]))
    used = tuple(next(usable, ()))
    place = _together([places[name] for name in used], len(rows))
    w, v, lost, lost2, lostw = (numbers[name] for name in ("w", "v", "lost", "lost2", "lostw"))
    usual = (np.bincount(place, lost) / np.bincount(place, w))[place]
    squares = lost2 - 2 * usual * lostw + usual**2 * v
    return {**numbers, "lost": lost - usual * w, "lostw": lostw - usual * v, "lost2": squares}, used


def columns_of(rows: pd.DataFrame) -> dict[str, Array]:
    """The numbers of coded cells by name."""
    return {name: rows[name].to_numpy() for name in (*SUMS, "s", "c") if name in rows}


def stands_out(rows: pd.DataFrame) -> bool:
    """Whether a member loses clearly more than the others as they are, its answers taken as independent."""
    own = {name: totals(rows, name, members_in(rows)) for name in SUMS}
    (mean, error), (rest, rest_error) = (mean_and_error(t) for t in (own, {n: own[n].sum() - own[n] for n in SUMS}))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (mean - rest) / np.sqrt(error**2 + rest_error**2)
    return bool((z[own["n"] >= LEAST] > CLEARLY).any())


def _together(places: Sequence[Array], rows: int) -> Array:
    """(rows,) the place of each combination of the members of some dimensions; of none, all rows are in one."""
    place = np.zeros(rows, dtype=np.int64)
    for own in places:
        place = pd.factorize(place * (int(own.max(initial=0)) + 1) + own)[0]
    return place


def _comparable(rows: Mapping[str, Array], places: Sequence[Array]) -> bool:
    """Whether most answers are in strata that several groups share."""
    stratum = _together(places, len(rows["s"]))
    pairs = Pairs.of(stratum, rows["s"], rows["w"])
    groups = pairs.counts(int(stratum.max(initial=-1)) + 1)
    shared = pairs.sums[groups[pairs.s] > 1]
    return float(shared.sum()) >= COVERS * float(pairs.sums.sum())

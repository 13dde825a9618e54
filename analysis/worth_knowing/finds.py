"""From everything that was searched to a short list: beyond chance, one of a kind, the costliest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast.mix_explanation import EXPLAINS
from analysis.stats.intervals import NAN, SIGNIFICANCE
from analysis.worth_knowing.because import mix_behind
from analysis.worth_knowing.case_mix import LEAST, related
from analysis.worth_knowing.levels import COLUMNS as LEVEL_COLUMNS
from analysis.worth_knowing.losses import Within
from analysis.worth_knowing.overlap import Overlap
from data_access.selection import Filter, Selection
from data_access.semantics import SemanticModel
from data_access.warehouse import Warehouse

Find = Mapping[Any, Any]
PERIOD, ALL = "period", "all"
LEVEL, MOVED, MIX, LOOKS = "level", "moved", "mix", "looks"
MOST, MOST_LOOKS = 12, 2  # finds that are compared with one another
COLUMNS = [
    "kind", "dimension", "value", "span", "n", "share", "lost_share", "score", "usual", "cost", "p_adjusted",
    "score0", "share0", "mix_dimension", "mix_member", "mix_share", "mix_elsewhere",
]  # fmt: skip


@dataclass(frozen=True)
class Searched:
    """The levels of one span of time, with the losses they were taken from."""

    span: str
    levels: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEVEL_COLUMNS))
    within: Within = field(default_factory=lambda: Within({}, {}, ()))
    dimensions: int = 0
    tried: int = 0
    sql: tuple[str, ...] = ()


def beyond_chance(searched: Sequence[Searched], moved: pd.DataFrame, least: float) -> pd.DataFrame:
    """The finds that chance does not explain: what moved or only grew, then what costs most, then what looks worst.

    Chance is shared out equally among all dimensions searched, within each among its members or runs (Bonferroni). Of
    two dimensions with the same member the first names it; of those that only look bad, the worst of a dimension.
    What costs less than `least` is left out.
    """
    dimensions = sum(s.dimensions for s in searched)
    found = pd.concat([_levels(s, dimensions) for s in searched], ignore_index=True)
    found = found.drop_duplicates(["kind", "span", "value", "n"]).sort_values(
        ["kind", "cost"], ascending=[True, False], kind="stable"
    )
    costly, looks = (found[found["kind"] == kind] for kind in (LEVEL, LOOKS))
    rows = [*moved.to_dict("records"), *costly.head(MOST).to_dict("records")]
    rows += looks.drop_duplicates("dimension").head(MOST_LOOKS).to_dict("records")
    table = pd.DataFrame(rows, columns=[*COLUMNS, "strata", "plain_gap"])
    return table[table["cost"].astype(float).abs() >= least].reset_index(drop=True)


def _levels(searched: Searched, dimensions: int) -> pd.DataFrame:
    """What costs more than it should, and what only looks as if it did: that costs what the eye sees."""
    found = searched.levels[searched.levels[["n", "others"]].min(axis=1) >= LEAST]
    family = found["tried"].astype(float) * dimensions
    p, plain = ((found[name].astype(float) * family).clip(upper=1.0) for name in ("p", "plain_p"))
    found = found.assign(p_adjusted=p, span=searched.span)
    costly = (p < SIGNIFICANCE) & (found["gap"] > 0)
    explained = found["gap"] <= EXPLAINS * found["plain_gap"]
    looks = (plain < SIGNIFICANCE) & (found["plain_gap"] > 0) & ~(p < SIGNIFICANCE) & explained
    seen = found["plain_gap"] * found["share"]
    return pd.concat([found[costly].assign(kind=LEVEL), found[looks].assign(kind=LOOKS, cost=seen[looks])])


def with_mix(table: pd.DataFrame, searched: Sequence[Searched], model: SemanticModel) -> pd.DataFrame:
    """The finds that only look bad with the mix behind each, but where the few of a group in it are secret."""
    frames = {s.span: s.within.frames for s in searched}
    rows = []
    for row in table.to_dict("records"):
        if row["kind"] == LOOKS:
            strata = () if model.disclose_from else row["strata"]
            dimensions = [d for s in strata for d in (*reversed(model.ancestors(s)), s)]
            mix = mix_behind(frames[row["span"]][row["dimension"]], row["value"], dimensions, row["plain_gap"])
            row |= {"mix_dimension": mix.dimension, "mix_member": mix.member, "mix_share": mix.share,
                    "mix_elsewhere": mix.elsewhere}  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def moved_finds(table: pd.DataFrame, sign: float) -> pd.DataFrame:
    """The segments of one condition that explain a change, and those that only grew, as finds."""
    rows = []
    for row in table.to_dict("records"):
        (dimension, member), *further = row["segment"]
        if not further:
            rows.append({
                "kind": MOVED if row["kind"] == "rate" else MIX, "dimension": dimension, "value": (member,),
                "span": PERIOD, "n": row["n1"], "share": row["share1"], "lost_share": NAN, "score": row["score1"],
                "usual": NAN, "cost": -sign * row["total_effect"], "p_adjusted": row["p_adjusted"],
                "score0": row["score0"], "share0": row["share0"],
            })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def distinct(
    warehouse: Warehouse, selection: Selection, finds: pd.DataFrame, known: Sequence[Filter]
) -> pd.DataFrame:
    """One find for each group of answers: none that lies mostly in one before it, or holds most of one.

    One that was compared within the same dimension stands for itself. Of a dimension only the first of a kind is
    named, and no level of a member that only grew. Costliest first.
    """
    named = list(zip(finds["kind"], zip(finds["dimension"], finds["value"], strict=True), strict=True))
    grown = {name for kind, name in named if kind == MIX}
    kept = [not (kind == LEVEL and name in grown) for kind, name in named]
    finds = finds[np.array(kept, dtype=bool)].reset_index(drop=True)
    rows = finds.to_dict("records")
    groups = [(Filter(row["dimension"], row["value"]),) for row in rows]
    overlap = Overlap(warehouse, selection, [*groups, *([tuple(known)] if known else [])])
    taken: list[int] = []
    for i in range(len(rows)):
        others = [*taken, *([len(rows)] if known else [])]
        if _first_of_kind(rows, i, taken) and not any(_same(overlap, rows, i, j, warehouse.model) for j in others):
            taken.append(i)
    return finds.loc[taken].sort_values("cost", ascending=False, kind="stable", ignore_index=True)


def _first_of_kind(finds: Sequence[Find], i: int, taken: Sequence[int]) -> bool:
    named = [(finds[j]["kind"], finds[j]["dimension"]) for j in (i, *taken)]
    return named[0] not in named[1:]


def _same(overlap: Overlap, finds: Sequence[Find], i: int, other: int, model: SemanticModel) -> bool:
    if overlap.inside(other, i):
        return True
    strata = finds[i]["strata"]
    within = other < len(finds) and isinstance(strata, tuple)
    alone = within and any(related(model, finds[other]["dimension"], s) for s in strata)
    return overlap.inside(i, other) and not alone

"""Which cells are asked for? Those of every dimension by itself, and those within its strata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.estimate import coded
from analysis.worth_knowing.case_mix import related
from analysis.worth_knowing.marginal import Asked
from data_access.selection import Selection
from data_access.semantics import SemanticModel


@dataclass(frozen=True)
class Within:
    """Losses by dimension, each with its strata, and the query."""

    frames: Mapping[str, pd.DataFrame]
    strata: Mapping[str, tuple[str, ...]]
    sql: tuple[str, ...]


def dimensions_of(model: SemanticModel, selection: Selection) -> tuple[list[str], list[str]]:
    """What is searched: dimensions of the model, and those of time; not what is filtered to a single member."""
    free = [n for n in model.offered if not model.dimension(n).overlaps and len(selection.values_of(n) or (0, 0)) > 1]
    timed = [name for name in free if model.dimension(name).built_in]
    return [name for name in free if name not in timed], timed


def single(losses: Asked, names: Sequence[str]) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Losses by each dimension alone, coded, and the query."""
    found = losses([(name,) for name in names]) if names else []
    rows = {name: coded(alone.rows)[1][0] for name, alone in zip(names, found, strict=True)}
    return rows, tuple(dict.fromkeys(alone.sql for alone in found))


def within_strata(losses: Asked, model: SemanticModel, strata: Mapping[str, Sequence[str]]) -> Within:
    """Losses by each dimension and those of its strata that are not the same thing, with the dimensions above."""
    if not strata:
        return Within({}, {}, ())
    own = {name: tuple(s for s in some if not related(model, name, s)) for name, some in strata.items()}
    cuts = [(name, *some, *(above for s in some for above in model.ancestors(s))) for name, some in own.items()]
    found = losses(cuts)
    frames = {
        name: cut.rows.assign(segment=[segment[:1] for segment in cut.rows["segment"]])
        for name, cut in zip(own, found, strict=True)
    }
    return Within(frames, own, tuple(dict.fromkeys(cut.sql for cut in found)))


def over_all(selection: Selection) -> Selection:
    """The selection without its periods."""
    return replace(selection, period=None, baseline=None)

"""Does a different mix explain a gap? Every difference again, standardised over one other dimension.

Scores are compared within each stratum of the dimension, and strata are weighted by the answers of both samples
together (direct standardisation). Each dimension of the model is tried, and the one that leaves least of the gap is
named. Whether that is a mix to allow for (what customers ask) or a trait of the group itself (new agents) is for
people to decide; until then the gap gets no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.contrast.question import Question
from analysis.contrast.samples import Answers
from analysis.estimate import scaled
from analysis.stats.intervals import NAN, Array
from data_access.statement import BadInput
from data_access.warehouse import Warehouse

EXPLAINS = 0.5  # of a gap: at least so much of it must go
COVERS = 0.8  # share of the answers of both samples in strata that both have
MOST_DIMENSIONS = 12
COLUMNS = ["mix", "alike_difference"]


@dataclass(frozen=True)
class Sums:
    """Weight and weighted value by group (row) and stratum (column)."""

    w: Array
    wx: Array

    def of(self, groups: Sequence[int]) -> tuple[Array, Array]:
        """Weight and mean of some groups together, by stratum."""
        w = self.w[list(groups)].sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return w, self.wx[list(groups)].sum(axis=0) / w


def with_mix(
    warehouse: Warehouse, question: Question, answers: Answers, pairs: pd.DataFrame, *, named: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The comparisons with `mix`, the dimension that explains a gap ("" for none), and `alike_difference`, the rest.

    `named`: the other sample is a group, not all the others.
    """
    dimensions = _candidates(warehouse, question)
    blank = pairs.assign(mix="", alike_difference=NAN)
    if not dimensions or not pairs["verdict"].str.startswith("different").any():
        return blank, ()  # there is no gap to explain
    try:
        cuts = [(*question.by, name) for name in dimensions]
        answers_by_cut = warehouse.cells_each(
            question.metric.name, cuts, question.selection.period, question.selection.filters
        )
    except BadInput:  # more cells than may be fetched: too fine to standardise over
        return blank, ()
    frames = [scaled(answer.rows, question.metric) for answer in answers_by_cut]
    tables = [_sums(answers, question, rows, name) for rows, name in zip(frames, dimensions, strict=True)]
    rows = [_explained(row, answers, dimensions, tables, named) for row in pairs.itertuples()]
    return pairs.assign(**pd.DataFrame(rows, columns=COLUMNS, index=pairs.index)), (answers_by_cut[0].sql,)


def _candidates(warehouse: Warehouse, question: Question) -> list[str]:
    """Dimensions other than those that form the groups."""
    model = warehouse.model
    usable = [n for n, d in model.dimensions.items() if not d.overlaps and n not in question.by]
    return usable[:MOST_DIMENSIONS]


def _sums(answers: Answers, question: Question, rows: pd.DataFrame, dimension: str) -> Sums:
    keys = zip(*(rows[name] for name in question.by), strict=True)
    places = {group: place for place, group in enumerate(answers.groups)}
    group = np.array([places[key] for key in keys], dtype=int)
    stratum, names = pd.factorize(rows[dimension], use_na_sentinel=False)
    w, wx = np.zeros((2, len(answers.groups), len(names)))
    np.add.at(w, (group, stratum), rows["w"].to_numpy())
    np.add.at(wx, (group, stratum), rows["wx"].to_numpy())
    return Sums(w, wx)


def _explained(
    row: Any, answers: Answers, dimensions: Sequence[str], tables: Sequence[Sums], named: bool
) -> tuple[str, float]:
    if not str(row.verdict).startswith("different"):
        return "", NAN
    place = answers.groups.index(row.a)
    others = [answers.groups.index(row.b)] if named else [i for i in range(len(answers.groups)) if i != place]
    left = np.array([_left(sums, place, others) for sums in tables])
    if np.isnan(left).all():
        return "", NAN
    best = int(np.nanargmin(np.abs(left)))
    return (dimensions[best], float(left[best])) if abs(left[best]) <= EXPLAINS * abs(row.difference) else ("", NAN)


def _left(sums: Sums, place: int, others: Sequence[int]) -> float:
    """The gap over the strata that both samples have; NaN where these hold too few of the answers."""
    (w_a, a), (w_b, b) = sums.of([place]), sums.of(others)
    shared = (w_a > 0) & (w_b > 0)
    weight = np.where(shared, w_a + w_b, 0.0)
    if weight.sum() < COVERS * (w_a + w_b).sum() or w_a[shared].sum() < COVERS * w_a.sum() or shared.sum() < 2:
        return NAN
    return float(np.sum(weight[shared] * (a - b)[shared]) / weight.sum())

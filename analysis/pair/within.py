"""Does an association hold within strata, month by month, and controlling for other columns?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.association.pairwise import PairCoefficient, relate
from analysis.estimate import WITHHELD_BELOW
from analysis.pair.pair_rows import Weights, block_of, of_rows
from analysis.stats.coefficient_names import UNSIGNED
from analysis.stats.coefficients import Association
from analysis.stats.effective import effect_of_sums, kish
from analysis.stats.intervals import NAN
from analysis.stats.partial_correlation import Residuals, residuals_of
from analysis.stats.patience import step_by_step
from analysis.stats.stratified import opposite, pooled
from data_access.semantics import Level
from data_access.warehouse.codes import Codes, Column

STRATA = ["stratum", "n", "value", "low", "high", "p", "turned"]
PARTIAL = ["given", "value", "low", "high", "p", "n", "before"]


@dataclass(frozen=True)
class Strata:
    """The coefficient of a pair in each stratum, pooled over them, and the strata significantly of opposite sign."""

    table: pd.DataFrame
    pooled: Association
    turned: tuple[str | None, ...]


def strata_of(codes: Codes, x: str, y: str, within: Column, whole: Association) -> Strata:
    """The pair within the members of a dimension; strata with too few contacts are listed without a number."""
    by_member = [(member, _of_stratum(part, x, y, whole.name)) for member, part in _split(codes, within)]
    signed = whole.name not in UNSIGNED
    each = [a for _, a in by_member]
    turned = opposite(whole, each) if signed else [False] * len(each)
    numbers = {name: [getattr(a, name) for a in each] for name in ("n", "value", "low", "high", "p")}
    members = pd.Series([member for member, _ in by_member], dtype=object)  # else pandas turns a blank into a number
    table = pd.DataFrame({"stratum": members, **numbers, "turned": turned})[STRATA]
    sure = tuple(member for member, turns in zip(members, turned, strict=True) if turns)
    return Strata(table, pooled(each, signed=signed), sure)


def _split(codes: Codes, within: Column) -> Iterator[tuple[str | None, Codes]]:
    """The rows of each member in its order; those of none at the end."""
    order = np.argsort(within.codes, kind="stable")
    ends = np.searchsorted(within.codes[order], np.arange(-1, len(within.values) + 1))
    for i, member in step_by_step([*enumerate(within.values, 1), (0, None)]):
        rows = order[ends[i] : ends[i + 1]]
        if len(rows):
            yield (None if member is None else str(member)), of_rows(codes, np.sort(rows))


def _of_stratum(part: Codes, x: str, y: str, name: str) -> Association:
    n = float(Weights.of(part).n.sum())
    if n < WITHHELD_BELOW:
        return Association(name, NAN, NAN, NAN, NAN, n)
    return relate(part.columns[x], part.columns[y], part, name).association


def partial_of(codes: Codes, x: str, y: str, given: Sequence[str], pair_coefficient: PairCoefficient) -> pd.DataFrame:
    """The pair controlling for each candidate, and for all of them together (given "").

    `before` is the same coefficient of the same contacts without controls. A candidate that determines one of the two
    has no number and is left out of the joint controls.
    """
    before = _before(codes, x, y, pair_coefficient)
    alone = {
        name: _partial(codes, x, y, given=[name], pair_coefficient=pair_coefficient, before=before) for name in given
    }
    leaving = [name for name, (value, *_) in alone.items() if not math.isnan(value)]
    together = (
        {"": _partial(codes, x, y, given=leaving, pair_coefficient=pair_coefficient, before=before)}
        if len(leaving) > 1
        else {}
    )
    return pd.DataFrame([(name, *numbers) for name, numbers in {**alone, **together}.items()], columns=PARTIAL)


def _partial(
    codes: Codes, x: str, y: str, *, given: Sequence[str], pair_coefficient: PairCoefficient, before: float
) -> tuple[float, ...]:
    """value, low, high, p, n, before."""
    known = np.ones(codes.n, dtype=bool)
    for name in step_by_step(given):
        if codes.columns[name].level is Level.INTERVAL:
            known &= codes.columns[name].codes >= 0
    part = codes if known.all() else of_rows(codes, known)
    n = float(Weights.of(part).n.sum())
    if n < WITHHELD_BELOW:
        return (NAN, NAN, NAN, NAN, n, NAN)
    left = _left(part, [x, y, *given])
    a = left.association(design_effect=_effect(part, left))
    return (a.value, a.low, a.high, a.p, n, before if part is codes else _before(part, x, y, pair_coefficient))


def _before(codes: Codes, x: str, y: str, pair_coefficient: PairCoefficient) -> float:
    before = _left(codes, [x, y])
    return before.association(design_effect=pair_coefficient.association.n / pair_coefficient.n_effective).value


def _left(codes: Codes, names: Sequence[str]) -> Residuals:
    x, y, *given = (block_of(codes.columns[name]) for name in names)
    weight = codes.weight / codes.weight.mean() if codes.weight is not None else None
    return replace(residuals_of(x, y, given, weight), n=float(Weights.of(codes).n.sum()))


def _effect(codes: Codes, left: Residuals) -> float:
    """The design effect of weights and of the clusters of the residuals; a contact without one is its own."""
    w = Weights.of(codes)
    efficiency = kish(float(w.w.sum()), float(w.v.sum())) / float(w.n.sum()) if codes.weighting == "survey" else 1.0
    if codes.cluster is None:
        return 1 / efficiency
    cluster, sizes = codes.cluster.astype(np.int64) + 1, np.bincount(codes.cluster + 1, w.w)
    blank, v = codes.cluster < 0, w.v  # the first of the sums are those of blanks
    if left.xy.size > 1:
        sums = left.sums(cluster, w.w)
        mean, each = sums.sum(axis=0) / sizes.sum(), sums.shape[1] * v
    else:
        products = left.products()
        less = products - w.w @ products / w.w.sum()
        sums, mean, each = np.bincount(cluster, w.w * less)[:, None], np.zeros(1), v * less**2
    within, lone = float(each.sum()), float(each[blank].sum())
    return effect_of_sums(sums[1:], sizes[1:], within, mean=mean, lone=lone) / efficiency

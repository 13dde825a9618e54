"""How strongly are two columns associated, with what certainty? The coefficient that fits their levels, from counts.

Counts are first scaled to the effective sample size: by Kish's for survey weights, and the design effect of clusters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from analysis.association.coded_rows import Coded, Rows, rows_of
from analysis.association.crosstab import Crosstab, crosstab
from analysis.association.products import PairSums, Products
from analysis.stats.coefficients import (
    Association,
    coefficient_for,
    pearson,
    pearson_from_sums,
    strength,
)
from analysis.stats.concordance import goodman_kruskal_gamma, kendall_tau_b, somers_d, spearman
from analysis.stats.intervals import Array
from analysis.stats.nominal import cramers_v, eta, rank_epsilon, theils_u
from data_access.semantics import Level
from data_access.warehouse.codes import Codes, Column

LARGE_TABLE = 2_000  # cells: larger tables of two numbers are replaced by sums of products
LINEAR = ("pearson", "phi", "point_biserial")
ORDERED = {"spearman": spearman, "tau_b": kendall_tau_b, "somers_d": somers_d, "gamma": goodman_kruskal_gamma}
GROUPED = ("eta", "rank_epsilon")
LEAST_A_MEMBER = 10  # answers on average from which nesting of one column in another means something


@dataclass(frozen=True, kw_only=True)
class PairCoefficient:
    """The coefficient of a pair, why it was chosen, its design effect and effective sample size.

    link: "exact" where each column determines the other, "nested" where each value of x lies within one value of
    y, "nests" the other way round, else "". reason: of `coefficient_for`; asked, for another one; or constant, few
    or none_together where there is no coefficient.
    """

    association: Association
    reason: str
    design_effect: float
    n_effective: float
    strength: str
    link: str = ""


def relate(x: Column, y: Column, codes: Codes, name: str = "") -> PairCoefficient:
    """The coefficient of two columns of one fetch; `name` requests another than the one that fits them."""
    rows = rows_of(codes, [x, y])
    return pair_coefficient(rows, products_of(rows), rows.columns[0], rows.columns[1], name)


def products_of(rows: Rows) -> Products | None:
    """Sums for the pairs of many values among some columns; None where there are none."""
    numbers = [c for c in rows.columns if c.level is Level.INTERVAL]
    needed = {c.name for x, y in combinations(numbers, 2) if by_sums(x, y) for c in (x, y)}
    return Products.of(rows, [c for c in numbers if c.name in needed]) if needed else None


def pair_coefficient(
    rows: Rows, products: Products | None, x: Coded, y: Coded, name: str = "", *, tables: Array | None = None
) -> PairCoefficient:
    """As `relate`, of coded rows and their `products_of`; tables: those of the pair, where they were counted."""
    ties = next((c.ties for c in (x, y) if c.level is Level.INTERVAL), False)
    choice = coefficient_for(x.level, y.level, binary_x=x.binary, binary_y=y.binary, ties=ties)
    name = name or choice.name
    if products is not None and name in LINEAR and by_sums(x, y):
        pair = _from_sums(products.pair(x.name, y.name), name)
    else:
        pair = _from_table(crosstab(rows, x, y, tables), name)
    if np.isnan(pair.association.value):
        return replace(pair, reason="constant" if pair.association.n > 0 else "none_together")
    return replace(pair, reason=choice.reason if name == choice.name else "asked")


def _from_table(t: Crosstab, name: str) -> PairCoefficient:
    scores = (_scores(t.x, t.counts.sum(axis=1), name), _scores(t.y, t.counts.sum(axis=0), name))
    effect = t.design_effect(*scores)
    effective_n = t.effective_n / effect
    counts = t.counts * (effective_n / t.weight) if t.weight > 0 else t.counts
    association = coefficient(name, counts, t.x, t.y)
    size = strength(name, association.value, df=max(min(_filled(t.counts)) - 1, 1))
    return PairCoefficient(
        association=replace(association, n=t.n),
        reason="",
        design_effect=effect,
        n_effective=effective_n,
        strength=size,
        link=_link(t),
    )


def _scores(column: Coded, margin: Array, name: str) -> Array | None:
    """The score of each value in a coefficient: itself, its midrank, or None."""
    if column.nominal:
        return None
    if name in (*LINEAR, "eta"):
        return column.scores
    return np.asarray(np.cumsum(margin) - margin / 2) / max(float(margin.sum()), 1.0)


def coefficient(name: str, counts: Array, x: Coded, y: Coded) -> Association:
    """A coefficient by its name from a table of counts, the values of x as rows."""
    if name in LINEAR:
        return replace(pearson(counts, x.scores, y.scores), name=name)
    if name in ORDERED:
        return ORDERED[name](counts)
    if name in GROUPED:
        oriented = (counts, y) if x.nominal or not y.nominal else (counts.T, x)
        return rank_epsilon(oriented[0]) if name == "rank_epsilon" else _eta(*oriented)
    return cramers_v(counts) if name == "cramers_v" else theils_u(counts)


def _eta(counts: Array, number: Coded) -> Association:
    n = counts.sum(axis=1)
    some = n > 1  # a single effective answer has no variance
    mean = counts[some] @ number.scores / n[some]
    squares = np.array([row @ (number.scores - m) ** 2 for row, m in zip(counts[some], mean, strict=True)])
    return eta(n[some], mean, squares / (n[some] - 1))


def _filled(counts: Array) -> tuple[int, int]:
    """The number of values that occur, of each column."""
    return int(np.count_nonzero(counts.sum(axis=1))), int(np.count_nonzero(counts.sum(axis=0)))


def _link(t: Crosstab) -> str:
    """Whether one column determines the other."""
    filled = _filled(t.counts)
    if min(filled) < 2 or t.n < LEAST_A_MEMBER * max(filled):
        return ""
    cells = t.counts > 0
    nested, nests = bool(cells.sum(axis=1).max() == 1), bool(cells.sum(axis=0).max() == 1)
    if nested and nests:
        return "exact"
    return "nested" if nested else "nests" if nests else ""


def by_sums(x: Coded, y: Coded) -> bool:
    """Whether two numbers have too many values for a table."""
    return x.size * y.size > LARGE_TABLE and x.level is y.level is Level.INTERVAL


def _from_sums(sums: PairSums, name: str) -> PairCoefficient:
    """Two numbers of many values: Pearson's coefficient from sums of products."""
    effective_n = sums.effective_n / sums.design_effect
    scale = effective_n / sums.weight if sums.weight > 0 else 0.0
    a = pearson_from_sums(effective_n, 0.0, 0.0, sums.xx * scale, sums.yy * scale, sums.xy * scale)
    a = replace(a, name=name, n=sums.n)
    return PairCoefficient(
        association=a,
        reason="",
        design_effect=sums.design_effect,
        n_effective=effective_n,
        strength=strength(name, a.value),
    )

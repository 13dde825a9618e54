"""How strongly do two columns go together, and how sure is it? The coefficient that fits their levels, from counts.

Counts are first made worth what they are: divided by the design effect of clusters, survey weights by Kish's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from analysis.association.crosstab import Tally, tally
from analysis.association.products import PairSums, Products
from analysis.association.rows import Coded, Rows, rows_of
from analysis.stats.association import (
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

LARGE_TABLE = 2_000  # cells: two numbers with more go by sums of products
LINEAR = ("pearson", "phi", "point_biserial")
ORDERED = {"spearman": spearman, "tau_b": kendall_tau_b, "somers_d": somers_d, "gamma": goodman_kruskal_gamma}
GROUPED = ("eta", "rank_epsilon")
LEAST_A_MEMBER = 10  # answers on average before it means something that one column follows from another


@dataclass(frozen=True)
class Related:
    """The coefficient of a pair with the reason for it, and what its answers are worth.

    link: "exact" where each column says what the other says, "nested" where each value of x lies within one value of
    y, "nests" the other way round, else "". reason: of `coefficient_for`; asked, for another one; or constant, few
    or none_together where there is no coefficient.
    """

    association: Association
    reason: str
    design_effect: float
    n_effective: float
    strength: str
    link: str = ""


def relate(x: Column, y: Column, codes: Codes, name: str = "") -> Related:
    """Two columns of one fetch; `name` asks for another coefficient than the one that fits them."""
    rows = rows_of(codes, [x, y])
    return related(rows, products_of(rows), rows.columns[0], rows.columns[1], name)


def products_of(rows: Rows) -> Products | None:
    """Sums for the pairs of many values among some columns; None where there are none."""
    numbers = [c for c in rows.columns if c.level is Level.INTERVAL]
    needed = {c.name for x, y in combinations(numbers, 2) if by_sums(x, y) for c in (x, y)}
    return Products.of(rows, [c for c in numbers if c.name in needed]) if needed else None


def related(rows: Rows, products: Products | None, x: Coded, y: Coded, name: str = "") -> Related:
    """As `relate`, of rows made ready, with `products_of` them."""
    ties = next((c.ties for c in (x, y) if c.level is Level.INTERVAL), False)
    choice = coefficient_for(x.level, y.level, binary_x=x.binary, binary_y=y.binary, ties=ties)
    name = name or choice.name
    if products is not None and name in LINEAR and by_sums(x, y):
        found = _from_sums(products.pair(x.name, y.name), name)
    else:
        found = _from_table(tally(rows, x, y), name)
    if np.isnan(found.association.value):
        return replace(found, reason="constant" if found.association.n > 0 else "none_together")
    return replace(found, reason=choice.reason if name == choice.name else "asked")


def _from_table(t: Tally, name: str) -> Related:
    scores = (_scores(t.x, t.counts.sum(axis=1), name), _scores(t.y, t.counts.sum(axis=0), name))
    effect = t.design_effect(*scores)
    worth = t.worth / effect
    counts = t.counts * (worth / t.weight) if t.weight > 0 else t.counts
    found = coefficient(name, counts, t.x, t.y)
    size = strength(name, found.value, df=max(min(_filled(t.counts)) - 1, 1))
    return Related(replace(found, n=t.n), "", effect, worth, size, _link(t))


def _scores(column: Coded, margin: Array, name: str) -> Array | None:
    """What stands for each value in the sums of a coefficient: itself, its midrank, or no number."""
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
    some = n > 1  # what is worth one answer says nothing of the spread
    mean = counts[some] @ number.scores / n[some]
    squares = np.array([row @ (number.scores - m) ** 2 for row, m in zip(counts[some], mean, strict=True)])
    return eta(n[some], mean, squares / (n[some] - 1))


def _filled(counts: Array) -> tuple[int, int]:
    """Values that occur, of each column."""
    return int(np.count_nonzero(counts.sum(axis=1))), int(np.count_nonzero(counts.sum(axis=0)))


def _link(t: Tally) -> str:
    """Whether one column follows from the other."""
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


def _from_sums(found: PairSums, name: str) -> Related:
    """Two numbers of many values: Pearson's coefficient from sums of products."""
    worth = found.worth / found.design_effect
    scale = worth / found.weight if found.weight > 0 else 0.0
    a = pearson_from_sums(worth, 0.0, 0.0, found.xx * scale, found.yy * scale, found.xy * scale)
    a = replace(a, name=name, n=found.n)
    return Related(a, "", found.design_effect, worth, strength(name, a.value))

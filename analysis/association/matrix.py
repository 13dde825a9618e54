"""Every pair of some columns: its coefficient, its adjusted p, and which pairs are duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.association.coded_rows import Coded, Rows
from analysis.association.joint import joint_tables
from analysis.association.pairwise import PairCoefficient, pair_coefficient, products_of
from analysis.estimate import WITHHELD_BELOW
from analysis.stats.clustering import duplicates, heat_map_order
from analysis.stats.coefficients import Association
from analysis.stats.intervals import NAN, Array
from analysis.stats.multiplicity import family_adjusted
from analysis.stats.patience import step_by_step

TABLE = ["x", "y", "coefficient", "value", "low", "high", "p", "p_adjusted", "n", "n_effective", "strength",
         "reason"]  # fmt: skip
LEAST_SHARED = 10  # answers in common: fewer may agree by chance


def matrix_of(rows: Rows, sources: Mapping[str, str], *, least: int = WITHHELD_BELOW) -> tuple[pd.DataFrame, str]:
    """A row per pair, x before y in the order of the columns, with `link` (see `PairCoefficient`); the adjustment.

    sources: the column of the data behind each name, where there is one. least: answers that must have both, else the
    coefficient is withheld and no part of the family.
    """
    pairs = list(combinations(rows.columns, 2))
    products, tables = products_of(rows), joint_tables(rows)
    coefficients = [
        _withheld(pair_coefficient(rows, products, x, y, tables=tables.get((x.name, y.name))), least)
        for x, y in step_by_step(pairs)
    ]
    p, adjustment = family_adjusted([f.association.p for f in coefficients])
    lines = [
        (*_line(x, y, f, float(q)), _link(x, y, f, sources))
        for (x, y), f, q in zip(pairs, coefficients, p, strict=True)
    ]
    return pd.DataFrame(lines, columns=[*TABLE, "link"]), adjustment


def _withheld(pair: PairCoefficient, least: int) -> PairCoefficient:
    a = pair.association
    if not 0 < a.n < least:
        return pair
    return replace(pair, association=Association(a.name, NAN, NAN, NAN, NAN, a.n), reason="few", strength="")


def _link(x: Coded, y: Coded, pair: PairCoefficient, sources: Mapping[str, str]) -> str:
    """Nesting of one number in another is chance, unless both come from one column; that of names is meant."""
    meaningful = x.values is None or y.values is None or sources.get(x.name, "x") == sources.get(y.name, "y")
    return pair.link if meaningful or pair.link == "exact" else ""


def _line(x: Coded, y: Coded, pair: PairCoefficient, p_adjusted: float) -> tuple[object, ...]:
    a = pair.association
    numbers = (a.name, a.value, a.low, a.high, a.p, p_adjusted, a.n, pair.n_effective)
    return x.name, y.name, *numbers, pair.strength, pair.reason


def strongest_first(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Pairs with the metric before all others, the strongest first, those without a number last."""
    others = (table["x"] != metric) & (table["y"] != metric)
    order = pd.DataFrame({"others": others, "size": -table["value"].abs()}).sort_values(
        ["others", "size"], kind="stable"
    )
    return table.loc[order.index].reset_index(drop=True)


def square(table: pd.DataFrame, names: Sequence[str]) -> Array:
    """The coefficients as a symmetric matrix in the order of the names, 1 on its diagonal."""
    place = {name: i for i, name in enumerate(names)}
    i, j = ([place[name] for name in table[side]] for side in ("x", "y"))
    matrix = np.eye(len(names))
    matrix[i, j] = matrix[j, i] = table["value"]
    return matrix


def order_of(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The order of the columns that puts similar ones side by side."""
    order = heat_map_order(square(table, names))
    return pd.DataFrame({"column": [names[i] for i in order], "place": range(len(order))})


def duplicate_pairs(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Pairs that are the same (exact), nearly so (near), or of which each value of x lies in one of y (nested)."""
    known = table[table["n"] >= LEAST_SHARED]
    like = {(names[d.i], names[d.j]): d.copy for d in duplicates(square(known, names))}
    rows_found = []
    for row in known.itertuples():
        pair = (row.y, row.x) if row.link == "nests" else (row.x, row.y)
        copy = like.get((row.x, row.y))
        if kind := _kind(str(row.link), copy):
            rows_found.append((*pair, kind, row.value))
    rows = pd.DataFrame(rows_found, columns=["x", "y", "kind", "value"])
    rank = rows["kind"].map({"exact": 0, "near": 1, "nested": 2})
    return rows.assign(rank=rank, size=-rows["value"].abs()).sort_values(["rank", "size"], kind="stable")[
        ["x", "y", "kind", "value"]
    ].reset_index(drop=True)  # fmt: skip


def _kind(link: str, copy: bool | None) -> str:
    """Nested takes precedence over near, because it says why."""
    if copy or link == "exact":
        return "exact" if link not in ("nested", "nests") else "nested"
    if link in ("nested", "nests"):
        return "nested"
    return "" if copy is None else "near"

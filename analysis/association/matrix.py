"""Every pair of some columns: its coefficient, what chance leaves of its p, and which pairs say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.association.pairwise import Related, products_of, related
from analysis.association.rows import Coded, Rows
from analysis.estimate import WITHHELD_BELOW
from analysis.stats.association import Association
from analysis.stats.clustering import duplicates, heat_map_order
from analysis.stats.intervals import NAN, Array
from analysis.stats.multiplicity import family_adjusted

TABLE = ["x", "y", "coefficient", "value", "low", "high", "p", "p_adjusted", "n", "n_effective", "strength",
         "reason"]  # fmt: skip
LEAST_ALIKE = 10  # answers: fewer agree by chance


def matrix_of(rows: Rows, sources: Mapping[str, str], *, least: int = WITHHELD_BELOW) -> tuple[pd.DataFrame, str]:
    """A row a pair, x before y in the order of the columns, with `link` (see `Related`); the adjustment's name.

    sources: the column of the data that each comes from, where it comes from one. least: what must know both, else
    the coefficient is withheld and no part of the family.
    """
    pairs = list(combinations(rows.columns, 2))
    products = products_of(rows)
    found = [_withheld(related(rows, products, x, y), least) for x, y in pairs]
    p, adjustment = family_adjusted([f.association.p for f in found])
    lines = [
        (*_line(x, y, f, float(q)), _link(x, y, f, sources)) for (x, y), f, q in zip(pairs, found, p, strict=True)
    ]
    return pd.DataFrame(lines, columns=[*TABLE, "link"]), adjustment


def _withheld(found: Related, least: int) -> Related:
    a = found.association
    if not 0 < a.n < least:
        return found
    return replace(found, association=Association(a.name, NAN, NAN, NAN, NAN, a.n), reason="few", strength="")


def _link(x: Coded, y: Coded, found: Related, sources: Mapping[str, str]) -> str:
    """One number lies within another by chance, unless both come from one column; names are meant to."""
    told = x.values is None or y.values is None or sources.get(x.name, "x") == sources.get(y.name, "y")
    return found.link if told or found.link == "exact" else ""


def _line(x: Coded, y: Coded, found: Related, p_adjusted: float) -> tuple[object, ...]:
    a = found.association
    told = (a.name, a.value, a.low, a.high, a.p, p_adjusted, a.n, found.n_effective)
    return x.name, y.name, *told, found.strength, found.reason


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
    found = np.eye(len(names))
    found[i, j] = found[j, i] = table["value"]
    return found


def order_of(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The place of each column beside those like it."""
    order = heat_map_order(square(table, names))
    return pd.DataFrame({"column": [names[i] for i in order], "place": range(len(order))})


def alike(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Pairs that say the same (exact), nearly (near), or of which each value of x lies in one of y (nested)."""
    known = table[table["n"] >= LEAST_ALIKE]
    like = {(names[d.i], names[d.j]): d.copy for d in duplicates(square(known, names))}
    found = []
    for row in known.itertuples():
        pair = (row.y, row.x) if row.link == "nests" else (row.x, row.y)
        copy = like.get((row.x, row.y))
        if kind := _kind(str(row.link), copy):
            found.append((*pair, kind, row.value))
    rows = pd.DataFrame(found, columns=["x", "y", "kind", "value"])
    rank = rows["kind"].map({"exact": 0, "near": 1, "nested": 2})
    return rows.assign(rank=rank, size=-rows["value"].abs()).sort_values(["rank", "size"], kind="stable")[
        ["x", "y", "kind", "value"]
    ].reset_index(drop=True)  # fmt: skip


def _kind(link: str, copy: bool | None) -> str:
    """Nested comes before near: it says why."""
    if copy or link == "exact":
        return "exact" if link not in ("nested", "nests") else "nested"
    if link in ("nested", "nests"):
        return "nested"
    return "" if copy is None else "near"

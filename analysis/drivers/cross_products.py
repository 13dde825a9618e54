"""The cross products of a linear model, by cluster, from the sums of `Warehouse.products`.

A dimension becomes a column of 0 and 1 for each member but its most frequent one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.stats.intervals import Array
from analysis.stats.patience import step_by_step
from analysis.stats.regression import CrossProducts, Weights
from data_access.metrics import Metric


def dummies_of(rows: pd.DataFrame, name: str) -> dict[str, Array]:
    """A column of 0 and 1 for each member but the most frequent one, the reference."""
    values = rows[name].fillna("")
    counts = rows.groupby(values)["n"].sum().sort_values(ascending=False, kind="stable")
    return {f"{name}={member}": (values == member).to_numpy(dtype=float) for member in counts.index[1:]}


def cross_products(
    rows: pd.DataFrame,
    names: Sequence[str],
    measures: Sequence[str],
    *,
    dummies: Mapping[str, Mapping[str, Array]],
    metric: Metric,
    kind: Weights,
) -> list[CrossProducts]:
    """Sums of each cluster, and of each part of the answers without one; the metric on its own scale."""
    flags = np.column_stack([np.ones(len(rows)), *(d for block in dummies.values() for d in block.values())])
    numbers, moments = _moments(rows, len(measures), metric)
    cluster = _clusters(rows)
    # the order of the sums: intercept, dummies, measures
    by_cluster, place = (
        [],
        {c: i for i, c in enumerate([*(c for block in dummies.values() for c in block), *measures], 1)},
    )
    order = [0, *(place[name] for name in names)]
    for code in step_by_step(range(int(cluster.max()) + 1)):
        own = cluster == code
        whole = _block(flags[own], rows["w"].to_numpy(dtype=float)[own], numbers[own], moments[own])
        xx, last = whole[np.ix_(order, order)], whole.shape[0] - 1
        by_cluster.append(CrossProducts(tuple(names), float(rows["n"][own].sum()), xx, whole[order, last],
                                   float(whole[last, last]), kind))  # fmt: skip
    return by_cluster


def _clusters(rows: pd.DataFrame) -> Array:
    """A number for each cluster, then one for each part of the answers without one."""
    if "cluster" not in rows:
        return np.zeros(len(rows), dtype=np.int64)
    own = pd.factorize(rows["cluster"])[0]
    if "alone" not in rows:
        return np.asarray(own)
    return np.asarray(np.where(own < 0, own.max() + 1 + pd.factorize(rows["alone"], sort=True)[0], own))


def named_clusters(rows: pd.DataFrame) -> int:
    """How many clusters the rows of `Warehouse.products` have, answers without one not counted."""
    return int(rows["cluster"].nunique()) if "cluster" in rows else 0


def _moments(rows: pd.DataFrame, count: int, metric: Metric) -> tuple[Array, Array]:
    """Sums (rows, count + 1) and products (rows, count + 1, count + 1) of the measures and, last, of the metric."""
    order = [*range(1, count + 1), 0]
    sums = np.column_stack([rows[f"s{i}"].to_numpy(dtype=float) for i in order])
    products = np.array([[rows[f"p{min(i, j)}_{max(i, j)}"].to_numpy(dtype=float) for j in order] for i in order])
    products = products.transpose(2, 0, 1)
    a, b, w = metric.slope, metric.offset, rows["w"].to_numpy(dtype=float)
    raw = sums.copy()
    sums[:, -1] = a * raw[:, -1] + b * w
    products[:, :-1, -1] = products[:, -1, :-1] = a * products[:, :-1, -1] + b * raw[:, :-1]
    products[:, -1, -1] = a * a * products[:, -1, -1] + 2 * a * b * raw[:, -1] + b * b * w
    return sums, products


def _block(flags: Array, w: Array, sums: Array, products: Array) -> Array:
    """All products of the flags (the intercept first), the measures and the metric, over some cells."""
    corner, across = flags.T @ (flags * w[:, None]), flags.T @ sums
    return np.block([[corner, across], [across.T, products.sum(axis=0)]])

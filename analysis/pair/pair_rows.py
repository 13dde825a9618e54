"""The rows of a pair: contacts that have both columns, with their cluster and weight, and parts of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimate import Estimates, estimates
from analysis.stats.intervals import Array
from analysis.stats.partial_correlation import Block
from data_access.metrics import Metric
from data_access.semantics import Level, SemanticModel
from data_access.warehouse.codes import Codes, Column

Ints = npt.NDArray[np.int64]
LIKERT = 5  # a number with no more values is a rating scale


def is_number(column: Column) -> bool:
    """Whether a mean describes it better than shares."""
    return column.level is Level.INTERVAL and len(column.values) > LIKERT


def is_yes_or_no(column: Column) -> bool:
    """Whether its values are 0 and 1, or 0 and 100 of a rate."""
    return column.level is Level.INTERVAL and [float(v) for v in column.values] in ([0.0, 1.0], [0.0, 100.0])


def of_rows(codes: Codes, rows: npt.NDArray[np.bool_] | Ints) -> Codes:
    """Some of the rows; `of` and the values of the columns stay as they were."""
    columns = {name: replace(c, codes=c.codes[rows]) for name, c in codes.columns.items()}
    cluster = codes.cluster[rows] if codes.cluster is not None else None
    weight = codes.weight[rows] if codes.weight is not None else None
    n = int(np.count_nonzero(rows)) if rows.dtype == bool else len(rows)
    clusters = len(np.unique(cluster[cluster >= 0])) if cluster is not None else 0
    return replace(codes, columns=columns, cluster=cluster, clusters=clusters, weight=weight, n=n)


@dataclass(frozen=True)
class Weights:
    """Weights of the rows: for counts, for means, and for the variance of a mean (see `warehouse.cells`)."""

    n: Array
    w: Array
    v: Array

    @classmethod
    def of(cls, codes: Codes) -> Weights:
        one = np.ones(codes.n)
        if codes.weight is None:
            return cls(one, one, one)
        if codes.weighting == "frequency":
            return cls(codes.weight, codes.weight, codes.weight)
        return cls(one, codes.weight, codes.weight**2)


def block_of(column: Column) -> Block:
    """A column as it enters a linear model: a number by its values, an order by midranks, groups by indicators.

    Two members always have an order. A blank of a dimension is a group like any other and has no order.
    """
    blank, members = bool((column.codes < 0).any()), len(column.values)
    if column.level is Level.INTERVAL:
        return Block.number(column.codes, np.asarray(column.values))
    if not blank and (column.level is Level.ORDINAL or members == 2):
        return Block.ranks(column.codes, members)
    return Block.groups(np.where(column.codes < 0, members, column.codes), members + blank)


def means_of(codes: Codes, column: Column, segment: Ints, segments: int, model: SemanticModel) -> Estimates:
    """The mean of a number in each segment with its interval, across clusters where the model names them."""
    weights, value = Weights.of(codes), np.asarray(column.values)[column.codes]
    frame = pd.DataFrame({"s": segment, "n": weights.n, "w": weights.w, "v": weights.v})
    frame = frame.assign(
        wx=frame["w"] * value, vx=frame["v"] * value, vxx=frame["v"] * value**2,
        **({"c": codes.cluster} if codes.cluster is not None else {}),
    )  # fmt: skip
    keys = ["s", *(["c"] if "c" in frame else [])]
    sums = frame.groupby(keys, sort=False, as_index=False).sum()
    return estimates(sums, segments, metric_of(model, column.name))


def metric_of(model: SemanticModel, name: str) -> Metric:
    """A number as the metric it is, or as one on its raw scale."""
    metric = model.metrics.get(name)
    return metric if metric is not None else model.drivers[name].as_metric()

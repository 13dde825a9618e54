"""Losses by some dimensions, summed from the cells that the search for segments rests on: no query is run for them.

The search is part of the same answer and needs the cells of the period by all dimensions anyway. Where these are not
kept, or do not hold what survey weights ask for, the losses are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.segments.earlier import are_few
from analysis.segments.fetched import dimensions
from analysis.segments.gathered import Gathered, gathered
from analysis.trace.members import Losses, ask_losses
from data_access.metrics import Metric
from data_access.selection import Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse
from data_access.warehouse.coded import objects

Cut = Sequence[str]
Asked = Callable[[Sequence[Cut]], list[Losses]]


def losses_of(warehouse: Warehouse, selection: Selection) -> Asked:
    """What gives the losses of the period by several cuts."""
    model, query = warehouse.model, partial(ask_losses, warehouse, selection, ())
    found = _gathered(warehouse, selection)
    if found is None:
        return query
    cells, cluster, metric = found, model.cluster, model.metric(selection.metric)
    known = {*cells.dimensions}

    def asked(cuts: Sequence[Cut]) -> list[Losses]:
        if not known.issuperset(name for cut in cuts for name in (*cut, *([cluster] if cluster else []))):
            return query(cuts)
        return [Losses(_summed(cells, cut, cluster, metric), cells.sql) for cut in cuts]

    return asked


def _gathered(warehouse: Warehouse, selection: Selection) -> Gathered | None:
    """The cells of the search by all dimensions; None where there is no search, or its cells are not kept."""
    weight = warehouse.model.weight
    if selection.period is None or selection.baseline is None or (weight and weight.kind == "survey"):
        return None
    if not are_few(warehouse, (selection.baseline, selection.period)):
        return None
    try:
        return gathered(warehouse, selection, dimensions(warehouse.model, selection, (), 1))
    except (BadInput, NothingToShow):
        return None


def _summed(found: Gathered, cut: Cut, cluster: str | None, metric: Metric) -> pd.DataFrame:
    """Columns as `ask_losses` gives them, by the members of a cut and the cluster."""
    sums = found.cell_sums
    there = np.flatnonzero(sums.n[:, 1] > 0)
    names = list(dict.fromkeys((*cut, *([cluster] if cluster else []))))
    places = [found.dimensions.index(name) for name in names]
    key = np.zeros(len(there), dtype=np.int64)
    for place in places:
        key = key * sums.sizes[place] + sums.codes[there, place]
    _, first, into = np.unique(key, return_index=True, return_inverse=True)
    n, x, xx = (np.bincount(into, column[there, 1], len(first)) for column in (sums.n, sums.sum, sums.squares))
    members = {
        name: objects(found.members[place])[sums.codes[there[first], place]]
        for name, place in zip(names, places, strict=True)
    }
    lost = metric.sign * (metric.best * n - x)
    squares = np.maximum(metric.best**2 * n - 2 * metric.best * x + xx, 0.0)
    segments = objects(list(zip(*(members[name] for name in cut), strict=True)))
    by_cluster = {"cluster": members[cluster]} if cluster else {}
    columns = {
        **{name: pd.Series(values, dtype=object) for name, values in {**by_cluster, **members}.items()},
        **{"n": n, "w": n, "wx": x, "v": n, "vx": x, "vxx": xx, "lost": lost, "lost2": squares, "lostw": lost},
        "segment": pd.Series(segments, dtype=object),
    }
    return pd.DataFrame(columns)

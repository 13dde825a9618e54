"""Rows counted by the codes of several columns, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from analysis.association.coded_rows import Coded
from analysis.stats.intervals import Array
from analysis.stats.patience import step_by_step

ROWS_AT_ONCE = 65_536  # fit a processor's cache


def counted(columns: Sequence[Coded], clusters: int, weight: Array | None) -> Array:
    """Weights by cluster (the last for answers of none) and the codes of each column: (clusters + 1, sizes ...).

    Rows lie by cluster, so that a block of them holds few: only their part of the table is counted at a time.
    """
    first, others, inner = columns[0], columns[1:], prod(column.size for column in columns)
    weights, rows = np.zeros((clusters + 1) * inner), len(first.code)
    step = max(ROWS_AT_ONCE, 4 * inner)  # more rows than cells to add up
    for start in step_by_step(range(0, rows, step)):
        some = slice(start, min(start + step, rows))
        low, high = (int(first.within[i]) // first.size for i in (some.start, some.stop - 1))
        place = first.within[some] - np.int32(low * first.size)
        for column in others:
            place *= np.int32(column.size)
            place += column.code[some]
        part = np.bincount(place, None if weight is None else weight[some], (high + 1 - low) * inner)
        weights[low * inner : (high + 1) * inner] += part
    return weights.reshape(clusters + 1, *(column.size for column in columns))

"""Members of a dimension as the unit: which columns are associated between teams rather than between contacts?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.estimate import WITHHELD_BELOW
from data_access.warehouse.codes import Codes, Column


def of_members(codes: Codes, of: str) -> Codes:
    """Means of each numeric column by the members of the column `of`, one row per member.

    A mean of fewer than ten values is missing; other columns and contacts without a member are left out.
    """
    unit = codes.columns[of]
    numbers = {name: c for name, c in codes.columns.items() if name != of and not isinstance(c.values, tuple)}
    columns = {name: _means(c, unit, codes) for name, c in numbers.items()}
    return replace(
        codes, columns=columns, cluster=None, clusters=0, weight=None, weighting=None, n=len(unit.values)
    )  # fmt: skip


def _means(column: Column, unit: Column, codes: Codes) -> Column:
    known = (column.codes >= 0) & (unit.codes >= 0)
    place, members = unit.codes[known], len(unit.values)
    weight = np.ones(len(place)) if codes.weight is None else codes.weight[known]
    counted = weight if codes.weighting == "frequency" else None
    n, w = np.bincount(place, counted, members), np.bincount(place, weight, members)
    sums = np.bincount(place, weight * np.asarray(column.values)[column.codes[known]], members)
    enough = (n >= WITHHELD_BELOW) & (w > 0)
    # sums of the same numbers in another order differ in their last digits
    means = np.round(sums[enough] / w[enough], 9)
    values, code = np.unique(means, return_inverse=True)
    codes_ = np.full(members, -1, dtype=np.int32)
    codes_[enough] = code
    return replace(column, codes=codes_, values=values)

"""How sure is the share of each who can act in the lost points? Reasons of one power are taken together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW, cells_of, coded, with_lost
from analysis.powers import powers_of
from analysis.shares import shares_of
from analysis.stats.intervals import NAN
from data_access.selection import Selection
from data_access.warehouse import Warehouse


def with_intervals(warehouse: Warehouse, selection: Selection, reason: str, powers: pd.DataFrame) -> pd.DataFrame:
    """The table of `powers.by_power` of a reason with contribution_low and contribution_high, NaN where too few.

    The interval is that of `analysis.shares`, over the same answers. One that names several reasons of one power
    counts for each of them, so that the interval is a little too narrow where people name several.
    """
    metric, names = warehouse.model.metric(selection.metric), [segment[0] for segment in powers["segment"]]
    lost, whole = warehouse.cells_lost(metric.name, [reason], selection.period, selection.filters)
    asked = ((lost, (reason,)), (whole, ()))
    listed, everything = (with_lost(cells_of(answer, by, metric).rows, metric) for answer, by in asked)
    segments, (inside, base) = coded(listed, everything)
    members = [segment[0] if segment else None for segment in segments]  # the last is everything
    known = powers_of(warehouse, warehouse.model.reasons[reason], members)
    places = np.array([names.index(power) if power in names else -1 for power in known])
    inside = inside.assign(s=places[inside["s"].to_numpy()])
    found = shares_of(inside[inside["s"] >= 0], base, len(names))
    few = powers["n"].to_numpy() < WITHHELD_BELOW
    low, high = (np.where(few, NAN, bound) for bound in (found.low, found.high))
    return powers.assign(contribution_low=low, contribution_high=high)

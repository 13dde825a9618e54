"""Which mix makes a group look bad? The dimension that leaves least of its gap, and the member it has most of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.contrast.mix_explanation import EXPLAINS
from analysis.estimate import Segment, coded
from analysis.stats.intervals import NAN
from analysis.worth_knowing.case_mix import like_for_like


@dataclass(frozen=True)
class Mix:
    """A member of another dimension: its share of a group's answers, and of the others'."""

    dimension: str = ""
    member: str | None = None
    share: float = NAN
    elsewhere: float = NAN


def mix_behind(frame: pd.DataFrame, value: Segment, dimensions: Sequence[str], gap: float) -> Mix:
    """The mix behind a group's gap; none where there is no dimension to compare within.

    frame: losses by the group's dimension and the strata, with a column for each of `dimensions`. The first of these
    that explains the gap is named, else the one that leaves least of it.
    """
    _, (known,) = coded(frame[[segment != (None,) for segment in frame["segment"]]])
    left = {name: _gap_left(known, value, name) for name in dimensions}
    enough = next((name for name, gap_left in left.items() if gap_left <= EXPLAINS * gap), None)
    best = enough or min(left, key=lambda name: left[name], default=None)
    return _heaviest(known, value, best) if best else Mix()


def _gap_left(known: pd.DataFrame, value: Segment, dimension: str) -> float:
    """How much of the gap remains once answers are compared within the members of a dimension."""
    alike, used = like_for_like(known, (dimension,))
    inside = _inside(known, value).to_numpy()
    return abs(float(alike["lost"][inside].sum() / alike["w"][inside].sum())) if used else float("inf")


def _heaviest(known: pd.DataFrame, value: Segment, dimension: str) -> Mix:
    """The member that takes most of the group's loss beyond what it takes of the others'."""
    inside = _inside(known, value)
    sums = [
        known[rows].groupby(dimension, dropna=False, sort=False)[["w", "lost"]].sum() for rows in (inside, ~inside)
    ]
    own, rest = (side["w"] / side["w"].sum() for side in sums)
    rest = rest.reindex(own.index, fill_value=0.0)
    whole = known.groupby(dimension, dropna=False, sort=False)[["w", "lost"]].sum()
    loss = (whole["lost"] / whole["w"] - whole["lost"].sum() / whole["w"].sum()).reindex(own.index)
    member = ((own - rest) * loss).idxmax()
    return Mix(dimension, None if member != member else str(member), float(own[member]), float(rest[member]))


def _inside(known: pd.DataFrame, value: Segment) -> pd.Series:
    wanted = {(member,) for member in value}
    return known["segment"].map(lambda segment: segment in wanted).astype(bool)

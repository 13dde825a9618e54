"""Whom to contact? Those whose risk is worth the cost, as many as can be, and a small part left alone by lot.

A contact costs `cost`, a dissatisfied customer who is contacted is worth `value`: it pays from cost / value on. So
many can be contacted as `capacity` says. Of the customers chosen a few are held out, so that what contacting does can
be seen: at most a tenth and at most MOST_HELD, never who complained, never who needs protection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import Array
from data_access.statement import BadInput

HOLD_OUT, MOST_HELD = 0.1, 50
CONTACT, HELD = "contact", "hold_out"
DIGITS = 9  # to which probabilities are compared: alike ones stay in their order
MUST = "must="  # what a reason begins with that keeps a customer from being held out


@dataclass(frozen=True)
class Chosen:
    """rows: places of the chosen, the likeliest first; hits: dissatisfied ones expected among them; missed: among the
    others; worth: value less cost of contacting them.
    """

    rows: Array
    threshold: float
    hits: float
    missed: float
    worth: float


def threshold_of(cost: float, value: float) -> float:
    """The probability from which on a contact pays. Raises BadInput for what is no cost and no value.

    >>> threshold_of(10, 50)
    0.2
    """
    if not (cost >= 0 and value > 0):
        raise BadInput("risk.no_value", cost=cost, value=value)
    return min(cost / value, 1.0)


def choose(share: Array, *, most: int, cost: float, value: float) -> Chosen:
    """Of probabilities those at or above the threshold, `most` of them.

    >>> choose(np.array([.1, .6, .3]), most=1, cost=1, value=5).rows.tolist()
    [1]
    """
    threshold = threshold_of(cost, value)
    order = np.argsort(-np.round(share, DIGITS), kind="stable")
    rows = order[share[order] >= threshold][:most]
    hits = float(share[rows].sum())
    return Chosen(rows, threshold, hits, float(share.sum()) - hits, hits * value - len(rows) * cost)


def drawn(codes: Sequence[str], may_be_held: Sequence[bool], *, part: float, seed: int) -> dict[str, str]:
    """What is done for each contact: `part` of those that may be held out is, by lot; the same for the same seed.

    The lot does not depend on the order of the contacts. Raises BadInput for a part above a tenth.

    >>> held = drawn([f"t{i}" for i in range(40)], [True] * 40, part=0.1, seed=1)
    >>> sum(arm == HELD for arm in held.values())
    4
    """
    if not 0 <= part <= HOLD_OUT:
        raise BadInput("risk.hold_out", part=part, most=HOLD_OUT)
    free = sorted(code for code, free in zip(codes, may_be_held, strict=True) if free)
    number = min(int(part * len(free) + 1e-9), MOST_HELD)
    lots = np.random.default_rng(seed).permutation(len(free))[:number]
    held = {free[place] for place in lots}
    return {code: HELD if code in held else CONTACT for code in codes}

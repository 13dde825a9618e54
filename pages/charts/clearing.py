"""Where beside a level of the trend do words stand that no line strikes through?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Line = Sequence[tuple[float, float]]  # points by x and y in pixels, x rising
_GAP = 4


@dataclass(frozen=True)
class Room:
    """Words that begin at the left of a level or end at its right, `dy` pixels above it or, negative, below."""

    anchor: str
    dy: float
    tight: bool = False  # no place is free: the words need a plate under them


def clear_room(
    lines: Sequence[Line], level: Line, *, wide: float, high: float, top: float, bottom: float = 0
) -> Room:
    """The place nearest to a level (its two ends) where words of this size cross no line.

    All in pixels, y upwards; the words stay between `bottom` and `top`. Above the right end comes first.

    >>> clear_room([[(0, 60), (100, 60)]], [(0, 50), (100, 50)], wide=40, high=20, top=100)
    Room(anchor='right', dy=-4, tight=False)
    """
    (start, at), (end, _) = level
    rooms = []
    for anchor, left in (("right", end - wide), ("left", start)):
        spans = [span for span in (_reach(line, left, left + wide) for line in lines) if span]
        up, down = _beyond(spans, at, high), -_beyond([(-b, -a) for a, b in spans], -at, high)
        rooms += [Room(anchor, dy) for dy in (up, down) if left >= 0 and _inside(at + dy, dy, high, bottom, top)]
    return min(rooms, key=lambda room: abs(room.dy), default=Room("right", _GAP, tight=True))


def _reach(line: Line, left: float, right: float) -> tuple[float, float] | None:
    """The lowest and highest point of a line between two places; None where it is not."""
    xs, ys = (np.asarray(part, dtype=float) for part in zip(*line, strict=True))
    left, right = max(left, xs[0]), min(right, xs[-1])
    if left > right:
        return None
    within = [*ys[(xs >= left) & (xs <= right)], *np.interp([left, right], xs, ys)]
    return min(within), max(within)


def _beyond(spans: Iterable[tuple[float, float]], level: float, high: float) -> float:
    """How far above a level words must begin to be clear of all spans."""
    dy: float = _GAP
    for low, top in sorted(spans):
        if low - _GAP < level + dy + high and top + _GAP > level + dy:
            dy = top + _GAP - level
    return dy


def _inside(edge: float, dy: float, high: float, bottom: float, top: float) -> bool:
    return edge + high <= top if dy > 0 else edge - high >= bottom

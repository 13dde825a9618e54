"""Where does a name go beside its dot so that no two names meet? Boxes in pixels of the plot, from bottom left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Box = tuple[float, float, float, float]


def places(x: float, y: float, wide: float, high: float) -> list[tuple[dict[str, Any], Box]]:
    """Right, left, above, below a dot: how the words are shifted, and the box they fill."""
    half = high / 2
    return [
        ({"anchor": "left", "dx": 10}, (x + 9, y - half, x + 9 + wide, y + half)),
        ({"anchor": "right", "dx": -10}, (x - 9 - wide, y - half, x - 9, y + half)),
        ({"anchor": "center", "up": "bottom", "dy": 8}, (x - wide / 2, y + 7, x + wide / 2, y + 7 + high)),
        ({"anchor": "center", "up": "top", "dy": -8}, (x - wide / 2, y - 7 - high, x + wide / 2, y - 7)),
    ]


def farther(x: float, y: float, wide: float, high: float) -> list[tuple[dict[str, Any], Box]]:
    """Places above and below a dot and off its corners, near ones first, for where it is crowded."""
    boxes = []
    for up in (15.0, 22.0, 30.0, 40.0, 52.0, 66.0, 82.0, 100.0, 120.0):
        for sign in (1, -1):
            low, dy = y + sign * up - high / 2, sign * up
            boxes += [
                ({"anchor": "center", "dy": dy}, (x - wide / 2, low, x + wide / 2, low + high)),
                ({"anchor": "left", "dx": -4, "dy": dy}, (x - 5, low, x - 5 + wide, low + high)),
                ({"anchor": "right", "dx": 4, "dy": dy}, (x + 5 - wide, low, x + 5, low + high)),
            ]
    return boxes


def meets(box: Box, taken: Sequence[Box]) -> bool:
    """Whether a box lies over one of those taken."""
    return any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken)

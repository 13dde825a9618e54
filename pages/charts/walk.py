"""The steps of a waterfall from the old mean to the new one, each first by its rate effect, then by its mix effect.

Where they are drawn is left open: `place` counts columns from the left or rows from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.stats.intervals import SIGNIFICANCE
from pages.charts.common import each
from pages.charts.drawing import CLEAR, Drawing
from pages.charts.look import Look, Verdict

HALF = 0.36  # of a column or a row
_LEAST = 5e-3  # effects below it are written as zero


@dataclass(frozen=True)
class Part:
    """One block: from `base` by `effect`, in the middle of its place or in one half of it."""

    place: float
    thick: float
    base: float
    effect: float


@dataclass(frozen=True)
class Step:
    place: int
    row: Any
    start: float
    rate: Part
    mix: Part

    @property
    def end(self) -> float:
        return self.mix.base + self.mix.effect

    @property
    def levels(self) -> tuple[float, float, float]:
        return self.start, self.mix.base, self.end

    @property
    def flat(self) -> bool:
        """Neither effect is to be seen."""
        return not seen(self.rate.effect) and not seen(self.mix.effect)


def walk(start: float, rows: pd.DataFrame) -> list[Step]:
    """A step a row, the first at place 1. Effects of opposite signs stand side by side, so that both are seen."""
    steps, level = [], start
    for place, row in enumerate(each(rows), start=1):
        opposite = seen(row.rate_effect) and seen(row.mix_effect) and row.rate_effect * row.mix_effect < 0
        shift, thick = (HALF / 2, HALF) if opposite else (0, 2 * HALF)
        rate = Part(place - shift, thick, level, row.rate_effect)
        mix = Part(place + shift, thick, level + row.rate_effect, row.mix_effect)
        steps.append(Step(place, row, level, rate, mix))
        level += row.rate_effect + row.mix_effect
    return steps


def seen(effect: float) -> bool:
    return abs(effect) >= _LEAST


def rate_marker(drawing: Drawing, steps: Sequence[Step]) -> dict[str, Any]:
    """Service is solid, coloured where the segment's own score moved beyond chance."""
    look = drawing.look
    return {"color": [look.palette.mark(meaning(look, s)) for s in steps]}


def meaning(look: Look, step: Step) -> Verdict:
    """Whether a segment's own score got worse or better beyond chance."""
    known = getattr(step.row, "p_adjusted", 0.0) < SIGNIFICANCE
    return look.verdict(step.rate.effect) if known else "none"


def mix_marker(drawing: Drawing, steps: Sequence[Step]) -> dict[str, Any]:
    """Mix is hatched and grey: nobody's service changed, and blue would say that it was better."""
    look = drawing.look
    hatch = {"shape": "/", "fgcolor": look.palette.neutral, "bgcolor": CLEAR, "size": look.px(9), "solidity": 0.3,
             "fillmode": "replace"}  # fmt: skip
    edge = [look.px(2) if seen(s.mix.effect) else 0 for s in steps]
    colour = look.palette.neutral
    return {"color": colour, "pattern": hatch, "line": {"color": colour, "width": edge}}


def spoken(look: Look, rows: pd.DataFrame) -> list[str]:
    """Each step in words."""
    return [
        look.text("alt.waterfall_row", label=r.label, total=r.total_effect, rate=r.rate_effect, mix=r.mix_effect)
        for r in each(rows)
    ]


def alt_of(look: Look, start: float, end: float, rows: pd.DataFrame, labels: tuple[str, str]) -> str:
    """The walk in words."""
    texts = spoken(look, rows)
    ends = [f"{label} {look.level(value)}" for label, value in zip(labels, (start, end), strict=True)]
    return look.text("alt.waterfall", start=ends[0], end=ends[1], rows="; ".join(texts))

"""What changed, and was it service or mix? From the old mean to the new one, a step a segment.

Each step walks twice: its rate effect (service, solid) and then its mix effect (hatched). Steps of one sign stand in
one block; steps of opposite signs stand side by side, so that the walk back is seen. The two means are thick ticks
and not bars, because a bar from a cut axis would lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts.common import CLEAR, NARROWEST, SMALL, TEXT, Drawing, Margin, each, folded, span
from pages.ui.charts.look import Look
from pages.ui.charts.words import bold, fitted

_HEIGHT, _TOP, _BOTTOM = 400, 62, 74
_HALF = 0.36  # of a column
_MOST = 10  # segments; with both means, twelve marks
_LEAST = 5e-4  # effects below it are written as zero
_WORDLESS = 7  # with more columns the words service and mix stand in a legend instead


@dataclass(frozen=True)
class _Part:
    """One block: from `base` by `effect`, in the middle of its column or in one half of it."""

    x: float
    width: float
    base: float
    effect: float


@dataclass(frozen=True)
class _Step:
    x: int
    row: Any
    start: float
    rate: _Part
    mix: _Part

    @property
    def end(self) -> float:
        return self.mix.base + self.mix.effect

    @property
    def levels(self) -> tuple[float, float, float]:
        return self.start, self.mix.base, self.end


def waterfall(start: float, end: float, rows: pd.DataFrame, *, look: Look, labels: tuple[str, str]) -> go.Figure:
    """From `start` (labels[0]) to `end` (labels[1]) in the order of the rows, whose total effects sum to the change.

    rows: label, rate_effect, mix_effect, total_effect, status ("both", "new" or "gone"), maybe key.
    """
    rows = folded(rows, look, add=("rate_effect", "mix_effect", "total_effect"), most=_MOST)
    steps = _walk(start, rows)
    y = span([start, end, *(v for s in steps for v in s.levels)], pad=0.01, least=0.05)
    spoken = len(steps) <= _WORDLESS
    drawing = Drawing(look, _HEIGHT + (0 if spoken else 24), Margin(2, 2, _TOP, _BOTTOM + (0 if spoken else 24)))
    _draw_parts(drawing, steps)
    _connect(drawing, steps, len(steps) + 1)
    room = NARROWEST / (len(steps) + 2) - 6
    _draw_mean(drawing, 0, start, labels[0], room)
    _draw_mean(drawing, len(steps) + 1, end, labels[1], room)
    for step in steps:
        _name(drawing, step, room, TEXT if spoken else SMALL)
        _write_effects(drawing, step, spoken=spoken)
    if not spoken:
        _legend(drawing)
    drawing.columns_hit(rows["key"], y, first=1)
    return drawing.figure(x=(-0.5, len(steps) + 1.5), y=y, alt=_alt(look, start, end, rows, labels))


def _walk(start: float, rows: pd.DataFrame) -> list[_Step]:
    steps, level = [], start
    for x, row in enumerate(each(rows), start=1):
        opposite = _seen(row.rate_effect) and _seen(row.mix_effect) and row.rate_effect * row.mix_effect < 0
        shift, wide = (_HALF / 2, _HALF) if opposite else (0, 2 * _HALF)
        rate = _Part(x - shift, wide, level, row.rate_effect)
        mix = _Part(x + shift, wide, level + row.rate_effect, row.mix_effect)
        steps.append(_Step(x, row, level, rate, mix))
        level += row.rate_effect + row.mix_effect
    return steps


def _seen(effect: float) -> bool:
    return abs(effect) >= _LEAST


def _draw_parts(drawing: Drawing, steps: Sequence[_Step]) -> None:
    look, palette = drawing.look, drawing.look.palette
    colours = [palette.mark(look.verdict(s.rate.effect)) for s in steps]
    hatch = {"shape": "/", "fgcolor": palette.mix, "bgcolor": CLEAR, "size": look.px(9), "solidity": 0.3,
             "fillmode": "replace"}  # fmt: skip
    _bars(drawing, [s.rate for s in steps], {"color": colours})
    edge = [look.px(2) if _seen(s.mix.effect) else 0 for s in steps]
    _bars(drawing, [s.mix for s in steps], {"color": palette.mix, "pattern": hatch,
                                            "line": {"color": palette.mix, "width": edge}})  # fmt: skip
    for step in steps:
        if not _seen(step.rate.effect) and not _seen(step.mix.effect):
            drawing.line(step.x - _HALF, step.start, step.x + _HALF, step.start, colour=palette.neutral, width=2)


def _bars(drawing: Drawing, parts: Sequence[_Part], marker: dict[str, Any]) -> None:
    drawing.traces.append(go.Bar(x=[p.x for p in parts], width=[p.width for p in parts], base=[p.base for p in parts],
                                 y=[p.effect for p in parts], marker=marker, hoverinfo="skip"))  # fmt: skip


def _connect(drawing: Drawing, steps: Sequence[_Step], last: int) -> None:
    """Dashed lines from where one step ends to where the next begins."""
    ends = [(0, steps[0].start)] if steps else []
    ends += [(s.x, s.end) for s in steps]
    for x, level in ends:
        drawing.line(
            x + _HALF, level, x + 1 - _HALF, level, colour=drawing.look.palette.neutral, dash="dot", width=1.4
        )


def _draw_mean(drawing: Drawing, x: int, value: float, label: str, room: float) -> None:
    look, palette = drawing.look, drawing.look.palette
    drawing.line(x - _HALF, value, x + _HALF, value, colour=palette.ink, width=5, above=True)
    words = _small(look, fitted(label, room, look.px(SMALL)), palette.quiet) + "<br>"
    words += f"<span style='font-size:{look.px(21):.0f}px'>{bold(look.level(value))}</span>"
    drawing.write(words, x, value, anchor="center", up="bottom", dy=6)


def _name(drawing: Drawing, step: _Step, room: float, size: float) -> None:
    words = bold(fitted(str(step.row.label), room, drawing.look.px(size * 1.06)))
    drawing.write(words, step.x, max(step.levels), size=size, anchor="center", up="bottom", dy=5)


def _write_effects(drawing: Drawing, step: _Step, *, spoken: bool) -> None:
    look, palette = drawing.look, drawing.look.palette
    lines = [bold(look.show(step.row.total_effect, "exact_change"))]
    if step.row.status in ("new", "gone"):
        lines.append(_small(look, look.text(step.row.status), palette.quiet))
    rate_colour = palette.word(look.verdict(step.rate.effect))
    for effect, word, colour in (
        (step.rate.effect, "service", rate_colour),
        (step.mix.effect, "mix", palette.gain_text),
    ):
        if _seen(effect):
            number = look.show(effect, "exact_change")
            said = f"{look.text(word)} {number}" if spoken else number
            lines.append(_small(look, said, colour))
    drawing.write("<br>".join(lines), step.x, min(step.levels), anchor="center", up="top", dy=-5)


def _small(look: Look, words: str, colour: str) -> str:
    return f"<span style='font-size:{look.px(SMALL):.0f}px;color:{colour}'>{words}</span>"


def _legend(drawing: Drawing) -> None:
    look, palette = drawing.look, drawing.look.palette
    words = f"<span style='color:{palette.loss}'>■</span><span style='color:{palette.gain}'>■</span> "
    words += f"{look.text('service')}&nbsp;&nbsp;&nbsp;<span style='color:{palette.mix}'>▨</span> {look.text('mix')}"
    drawing.write(words, 0, 0, size=SMALL, colour=palette.quiet, up="bottom", dy=-(_BOTTOM + 22), x_paper=True,
                  y_paper=True)  # fmt: skip


def _alt(look: Look, start: float, end: float, rows: pd.DataFrame, labels: tuple[str, str]) -> str:
    told = [look.text("alt.waterfall_row", label=r.label, total=r.total_effect, rate=r.rate_effect, mix=r.mix_effect)
            for r in each(rows)]  # fmt: skip
    ends = [f"{label} {look.level(value)}" for label, value in zip(labels, (start, end), strict=True)]
    return look.text("alt.waterfall", start=ends[0], end=ends[1], rows="; ".join(told))

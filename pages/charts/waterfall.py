"""What changed, and was it service or mix? From the old mean to the new one, a step a segment.

Each step walks twice: its rate effect (service, solid) and then its mix effect (hatched). Steps of one sign stand in
one block; steps of opposite signs stand side by side, so that the walk back is seen. The two means are thick ticks
and not bars, because a bar from a cut axis would lie. Where the names find no room above their columns, the whole
lies down (`cascade`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.cascade import cascade
from pages.charts.common import MOST_ORDERED, NARROWEST, folded, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, holds, width
from pages.charts.walk import HALF, Part, Step, alt_of, meaning, mix_marker, rate_marker, seen, spoken, walk

_HEIGHT, _TOP, _BOTTOM = 400, 62, 74
_MOST = 10  # segments; with both means, twelve marks


def waterfall(
    start: float, end: float, rows: pd.DataFrame, *, look: Look, labels: tuple[str, str], ordered: bool = False
) -> go.Figure:
    """From `start` (labels[0]) to `end` (labels[1]) in the order of the rows, whose total effects sum to the change.

    ordered: whether the rows have an order of their own. rows: label, rate_effect, mix_effect, total_effect,
    status ("both", "new" or "gone"), maybe key.
    """
    rows = folded(
        rows, look, add=("rate_effect", "mix_effect", "total_effect"), most=MOST_ORDERED if ordered else _MOST
    )
    if not _stands(rows, look, labels):
        return cascade(start, end, rows, look=look, labels=labels)
    steps = walk(start, rows)
    y = span([start, end, *(v for s in steps for v in s.levels)], pad=0.01, least=0.05)
    drawing = Drawing(look, _HEIGHT, Margin(2, 2, _TOP, _BOTTOM))
    _draw_parts(drawing, steps, {"customdata": list(rows["key"]), **tips(spoken(look, rows), look)})
    _connect(drawing, steps)
    _draw_mean(drawing, 0, start, labels[0], _room(rows))
    _draw_mean(drawing, len(steps) + 1, end, labels[1], _room(rows))
    for step in steps:
        _name(drawing, step, _room(rows))
        _write_effects(drawing, step)
    drawing.columns_hit(rows["key"], y, first=1, said=spoken(look, rows[rows["key"].notna()]))
    return drawing.figure(x=(-0.5, len(steps) + 1.5), y=y, alt=alt_of(look, start, end, rows, labels))


def _room(rows: pd.DataFrame) -> float:
    """Pixels a column has for its words."""
    return NARROWEST / (len(rows) + 2) - 6


def _stands(rows: pd.DataFrame, look: Look, labels: tuple[str, str]) -> bool:
    """Whether all words fit into their columns, none of them parted or cut."""
    room = _room(rows)
    effects = [
        f"{look.text(word)} {look.show(row[f'{of}_effect'], 'factor_change')}"
        for of, word in (("rate", "service"), ("mix", "mix"))
        for _, row in rows.iterrows()
    ]
    return (
        all(holds(str(label), room, look.px(TEXT * 1.06)) for label in rows["label"])
        and all(holds(label, room, look.px(SMALL)) for label in labels)
        and all(width(text, look.px(SMALL)) <= room + 6 for text in effects)
    )


def _draw_parts(drawing: Drawing, steps: Sequence[Step], pointed: Mapping[str, Any]) -> None:
    _bars(drawing, [s.rate for s in steps], rate_marker(drawing, steps), pointed)
    _bars(drawing, [s.mix for s in steps], mix_marker(drawing, steps), pointed)
    for step in (s for s in steps if s.flat):
        drawing.line(
            step.place - HALF, step.start, step.place + HALF, step.start, width=2, colour=drawing.look.palette.neutral
        )


def _bars(drawing: Drawing, parts: Sequence[Part], marker: dict[str, Any], pointed: Mapping[str, Any]) -> None:
    drawing.traces.append(go.Bar(x=[p.place for p in parts], width=[p.thick for p in parts], marker=marker,
                                 base=[p.base for p in parts], y=[p.effect for p in parts],
                                 **pointed))  # fmt: skip


def _connect(drawing: Drawing, steps: Sequence[Step]) -> None:
    """Dashed lines from where one step ends to where the next begins."""
    ends = [(0, steps[0].start)] if steps else []
    ends += [(s.place, s.end) for s in steps]
    for x, level in ends:
        drawing.line(x + HALF, level, x + 1 - HALF, level, colour=drawing.look.palette.neutral, dash="dot", width=1.4)


def _draw_mean(drawing: Drawing, x: int, value: float, label: str, room: float) -> None:
    look, palette = drawing.look, drawing.look.palette
    drawing.line(x - HALF, value, x + HALF, value, colour=palette.ink, width=5, above=True)
    words = _small(look, fitted(label, room, look.px(SMALL)), palette.quiet) + "<br>"
    words += f"<span style='font-size:{look.px(21):.0f}px'>{bold(look.level(value))}</span>"
    drawing.write(words, x, value, anchor="center", up="bottom", dy=6)


def _name(drawing: Drawing, step: Step, room: float) -> None:
    words = bold(fitted(str(step.row.label), room, drawing.look.px(TEXT * 1.06)))
    drawing.write(words, step.place, max(step.levels), anchor="center", up="bottom", dy=5)


def _write_effects(drawing: Drawing, step: Step) -> None:
    look, palette = drawing.look, drawing.look.palette
    lines = [bold(look.show(step.row.total_effect, "factor_change"))]
    if step.row.status in ("new", "gone"):
        lines.append(_small(look, look.text(step.row.status), palette.quiet))
    rate_colour = palette.word(meaning(look, step))
    for effect, word, colour in (
        (step.rate.effect, "service", rate_colour),
        (step.mix.effect, "mix", palette.quiet),
    ):
        if seen(effect):
            lines.append(_small(look, f"{look.text(word)} {look.show(effect, 'factor_change')}", colour))
    drawing.write("<br>".join(lines), step.place, min(step.levels), anchor="center", up="top", dy=-5)


def _small(look: Look, words: str, colour: str) -> str:
    return f"<span style='font-size:{look.px(SMALL):.0f}px;color:{colour}'>{words}</span>"

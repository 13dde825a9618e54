"""How do the measures of the service lead to satisfaction? A branch for each group of them, satisfaction at the root.

A card is a measure: its name, its value in its interval, its state by colour, sign and word, and its change. Orange
is worse or missed, blue better or met, grey neither. Words are large enough to be read across a room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, each
from pages.charts.drawing import CLEAR, SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, fitted

SIGNS: dict[Verdict, str] = {"loss": "◆", "gain": "●", "none": "○"}
_LEFT, _GAP, _PAD, _LINE = 126, 10, 12, 19.5  # pixels: names of branches, between cards, within one, a line of words
_CARD, _ROOT = 170, 56  # pixels of the narrowest card, and of the root's height
_BETWEEN = 0.012  # of the width, between two cards
_VALUE, _STATE = 21, 14  # font sizes
_NAME_LINES = 3
NARROW = 1.1  # single words are narrower than text is taken to be
_TRUNK = -_LEFT + 6


@dataclass(frozen=True)
class Root:
    """What the tree leads to: its name, value and change in words, and how the change is to be taken."""

    name: str
    value: str
    step: str
    tone: Verdict


@dataclass(frozen=True)
class _Card:
    row: Any
    words: str
    left: float
    right: float
    top: float
    bottom: float


def tree(
    rows: pd.DataFrame, root: Root, *, look: Look, opened: str | None = None, room: float = NARROWEST
) -> go.Figure:
    """rows, a measure each, those of a branch together: branch, name, value, interval, state, step (words), tone
    (loss, gain, none), said, key. opened: the key of the measure that is open, which has a frame.
    room: pixels across.
    """
    columns = max(int((room - look.px(_LEFT)) / look.px(_CARD)), 1)
    within = (room - look.px(_LEFT)) / columns - look.px(2 * _PAD + _GAP)
    cards, branches, top = list[_Card](), list[tuple[str, float, pd.DataFrame]](), float(_ROOT + 2 * _GAP)
    for branch, own in rows.groupby("branch", sort=False):
        first = top
        for line in _lines(own, columns):
            words = [_words(row, look, within) for row in line]
            height = max(text.count("<br>") + 1 for text in words) * _LINE + _PAD
            for i, (row, text) in enumerate(zip(line, words, strict=True)):
                left = i / columns
                cards.append(_Card(row, text, left, left + 1 / columns - _BETWEEN, top, top + height))
            top += height + _GAP
        branches.append((str(branch), (first + top - _GAP) / 2, own))
        top += _GAP / 2
    drawing = Drawing(look, top, Margin(left=_LEFT))
    _draw_root(drawing, root)
    _draw_branches(drawing, branches)
    for card in cards:
        _draw_card(drawing, card, opened)
    drawing.traces.append(_hits(cards, look))
    return drawing.figure(x=(0, 1), y=(top, 0), alt=_alt(look, rows, root))


def _lines(rows: pd.DataFrame, columns: int) -> Iterator[list[Any]]:
    found = list(each(rows))
    for first in range(0, len(found), columns):
        yield found[first : first + columns]


def _words(row: Any, look: Look, room: float) -> str:
    """All that stands on a card; what is said of few is as short as they are."""
    palette, px = look.palette, look.px
    name = fitted(row.name, room * NARROW, px(TEXT), lines=_NAME_LINES)
    quiet = f"<span style='color:{palette.quiet};font-size:{px(SMALL):g}px'>"
    value = f"<span style='font-size:{px(_VALUE):g}px'><b>{row.value}</b></span>"
    state = f"<span style='color:{palette.word(row.tone)};font-size:{px(_STATE):g}px'>{SIGNS[row.tone]} {row.state}  "
    between = f"{quiet}  {row.interval}</span>" if row.interval else ""
    step = f"<span style='font-size:{px(_STATE):g}px'>{row.step}</span>" if row.step else ""
    return "<br>".join([name, f"{value}{between}", f"{state}</span>{step}"])


def _draw_card(drawing: Drawing, card: _Card, opened: str | None) -> None:
    palette, tone = drawing.look.palette, card.row.tone
    x, y = (card.left, card.right), (card.top, card.bottom)
    drawing.area(x, y, colour=palette.mark(tone) if tone != "none" else palette.band,
                 opacity=0.13 if tone != "none" else 0.75)  # fmt: skip
    drawing.area((card.left, card.left + 0.005), y, colour=palette.mark(tone))
    if str(card.row.key) == opened:
        drawing.area(x, y, colour=CLEAR, edge=palette.ink)
    drawing.write(card.words, card.left, card.top, up="top", dx=_PAD, dy=-_PAD / 2 + 2)


def _draw_root(drawing: Drawing, root: Root) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    drawing.area((0, 1 - _BETWEEN), (0, _ROOT), colour=palette.band)
    drawing.area((0, 0.005), (0, _ROOT), colour=palette.mark(root.tone))
    value = f"<span style='font-size:{px(_VALUE * 1.35):g}px'><b>{root.value}</b></span>"
    step = f"<span style='color:{palette.word(root.tone)}'>{root.step}</span>"
    drawing.write(f"{bold(root.name)}   {value}   {step}", 0, _ROOT / 2, size=TEXT + 2, dx=_PAD)


def _draw_branches(drawing: Drawing, branches: Sequence[tuple[str, float, pd.DataFrame]]) -> None:
    """The trunk up to the root, and the branches that lead into it, each with how many of it are worse or missed."""
    palette, look = drawing.look.palette, drawing.look
    last = branches[-1][1] if branches else _ROOT
    _stroke(drawing, (_TRUNK, _TRUNK), (_ROOT / 2, last))
    _stroke(drawing, (_TRUNK, -10), (_ROOT / 2, _ROOT / 2))
    drawing.write("▶", 0, _ROOT / 2, size=SMALL, colour=palette.neutral, anchor="right", dx=-2)
    for name, middle, own in branches:
        _stroke(drawing, (_TRUNK, _TRUNK + 8), (middle, middle))
        bad = int((own["tone"] == "loss").sum())
        words = [bold(fitted(name, look.px(_LEFT - 26), look.px(TEXT)))]
        if bad:
            said = look.text("tree.bad", bad=bad, all=len(own))
            words.append(f"<span style='color:{palette.loss_text};font-size:{look.px(SMALL):g}px'>◆ {said}</span>")
        drawing.write("<br>".join(words), 0, middle, dx=_TRUNK + 12)


def _stroke(drawing: Drawing, x: tuple[float, float], y: tuple[float, float]) -> None:
    """A line beside the cards, its ends across in pixels from where they begin."""
    px = drawing.look.px
    drawing.shapes.append({
        "type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 0, "x0": px(x[0]), "x1": px(x[1]),
        "yref": "y", "y0": y[0], "y1": y[1], "line": {"color": drawing.look.palette.neutral, "width": px(2)},
    })  # fmt: skip


def _hits(cards: Sequence[_Card], look: Look) -> go.Bar:
    """Each card answers to a click all over."""
    return go.Bar(
        orientation="h", base=[c.left for c in cards], x=[c.right - c.left for c in cards],
        y=[(c.top + c.bottom) / 2 for c in cards], width=[c.bottom - c.top for c in cards],
        customdata=[c.row.key for c in cards], marker={"color": CLEAR, "line": {"width": 0}},
        **tips([c.row.said for c in cards], look),
    )  # fmt: skip


def _alt(look: Look, rows: pd.DataFrame, root: Root) -> str:
    said = "; ".join(
        look.text("alt.tree_row", branch=row.branch, name=row.name, value=row.value, state=row.state)
        for row in each(rows)
    )
    return look.text("alt.tree", name=root.name, value=root.value, rows=said)

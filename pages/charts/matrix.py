"""What is related? A cell per pair, the darker the stronger, each name where its row and its column meet.

One hue, because strength has no good or bad side; the sign of a coefficient stands in the cell. What may be chance is
left pale. Only half of the square is drawn: the other half would say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, each
from pages.charts.drawing import CLEAR, SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, width
from pages.words.digits import decimals
from pages.words.format import is_missing

_PITCH, _TOP, _BOTTOM = 40, 6, 8
_NAMES = (150, 300)  # pixels right of the last column for the name that stands there
_NUMBERED = 15  # columns up to which a cell has room for its number
FULL = 0.6  # a coefficient from which on a cell has the full colour


def matrix(pairs: pd.DataFrame, names: Sequence[tuple[Any, str]], *, look: Look) -> go.Figure:
    """pairs: x, y, value, signed, significant, words, key; names: code and name of each column, in the order to draw.

    signed: whether the coefficient has a direction; significant: whether it is beyond chance in its family.
    """
    k = len(names)
    reach = max((width(name, TEXT) for _, name in names), default=0) + 14
    drawing = Drawing(
        look, _TOP + _BOTTOM + _PITCH * k, Margin(0, min(max(reach, _NAMES[0]), _NAMES[1]), _TOP, _BOTTOM)
    )
    by_ends = {frozenset((row.x, row.y)): row for row in each(pairs)}
    cells = [
        (column, i, by_ends.get(frozenset((code, names[column][0]))))
        for i, (code, _) in enumerate(names)
        for column in range(i)
    ]
    _draw_cells(drawing, [(x, i, row) for x, i, row in cells if row is not None], k, dict(names))
    for i, (_, name) in enumerate(names):
        drawing.write(_name(look, name, i, k), i - 0.5, -i, dx=8, colour=look.palette.ink)
    return drawing.figure(x=(-0.5, max(k - 0.5, 0.5)), y=(0.5 - k, 0.5), alt=_alt(look, pairs, dict(names)))


def _name(look: Look, name: str, i: int, k: int) -> str:
    """A name has the room from its diagonal to the edge; the last ones have the margin only."""
    column = (NARROWEST - _NAMES[0]) / max(k, 1)
    return fitted(name, look.px(_NAMES[1]) + (k - i - 1) * column, look.px(TEXT), lines=1 if i < k - 3 else 2)


def _draw_cells(drawing: Drawing, cells: Sequence[tuple[int, int, Any]], k: int, names: Mapping[Any, str]) -> None:
    look, palette = drawing.look, drawing.look.palette
    for x, i, row in cells:
        strong = not is_missing(row.value)
        filled = strong and row.significant
        drawing.area(
            (x - 0.48, x + 0.48),
            (-i - 0.47, -i + 0.47),
            colour=palette.brand if filled else palette.band,
            opacity=_shade(row.value) if filled else 1.0,
        )
        text, colour = _cell(drawing.look, row, k)
        drawing.write(text, x, -i, size=SMALL + 1 if k <= _NUMBERED else SMALL, anchor="center", colour=colour)
    drawing.traces.append(go.Scatter(
        x=[x for x, _, _ in cells], y=[-i for _, i, _ in cells], mode="markers",
        **tips([_said(look, row, names) for _, _, row in cells], look),
        customdata=[row.key for _, _, row in cells],
        marker={"size": drawing.look.px(_PITCH * 0.9), "symbol": "square", "color": CLEAR, "line": {"width": 0}},
    ))  # fmt: skip


def _shade(value: float) -> float:
    return 0.10 + 0.90 * min(abs(value) / FULL, 1.0)


def _cell(look: Look, row: Any, k: int) -> tuple[str, str]:
    """What stands in a cell: the number with its sign, or the sign alone where there are many columns."""
    palette = look.palette
    if is_missing(row.value):
        return "·", palette.quiet
    number = decimals(abs(row.value), 2)
    sign = ("−" if row.value < 0 else "+") if row.signed and float(number) else ""
    text = f"{sign}{number}" if k <= _NUMBERED else sign or "•"
    if not row.significant:
        return text, palette.quiet
    return bold(text), palette.background if _shade(row.value) > 0.5 else palette.ink


def _said(look: Look, row: Any, names: Mapping[Any, str]) -> str:
    """A pair in words."""
    return look.text("alt.matrix_row", x=names[row.x], y=names[row.y], words=row.words)


def _alt(look: Look, pairs: pd.DataFrame, names: dict[Any, str]) -> str:
    texts = [_said(look, row, names) for row in each(pairs) if row.x in names and row.y in names and row.significant]
    return look.text("alt.matrix", rows="; ".join(texts))

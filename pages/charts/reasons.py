"""Why are points lost, and who can act on it? One bar split by power, and a bar per reason in the same hues."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import NARROWEST, cut, each, folded, keyed, name_column, name_room, reach
from pages.charts.drawing import TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, longest_word, width
from pages.words.format import is_missing

_PITCH, _BAR = 42, 0.58
# from strong (0) to pale (1): those of the taxonomy, apart enough to be told from one another
PLACES = {"centre": 0.0, "business_rule": 0.5, "network": 0.75, "it": 0.3, "marketing": 0.62, "customer_side": 0.95}
PALE = ("unstated", "unassigned")  # nobody's


def power_bar(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, in the order they are drawn: label, power (its code), contribution (0..1), maybe key."""
    rows = keyed(rows)
    drawing = Drawing(look, 124, Margin(2, 2, 52, 34))
    starts = rows["contribution"].cumsum() - rows["contribution"]
    below = []
    for row, start in zip(each(rows), starts, strict=True):
        colour = hue(row.power, look)
        _draw_part(drawing, row, start, colour)
        words = _above(look, row)
        if words:
            drawing.write(words, start, 0.5, up="bottom", dy=6, dx=1)
        else:
            below.append(_small(look, row, colour))
    if below:
        drawing.write("&nbsp;&nbsp;&nbsp;".join(below), 1, -0.5, anchor="right", up="top", dy=-6)
    texts = "; ".join(f"{r.label} {look.show(r.contribution, 'share')}" for r in each(rows))
    return drawing.figure(x=(0, 1), y=(-0.5, 0.5), alt=look.text("alt.power", rows=texts))


def reason_bars(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, the largest first: label, power (a code), contribution (0..1), lost (of the metric), maybe key."""
    rows = folded(rows, look, add=("contribution", "lost"))
    right = 92 + max((width(_lost(look, v), TEXT) for v in rows["lost"]), default=0)
    drawing = Drawing(look, 12 + _PITCH * len(rows), Margin(name_room(rows), right, 6, 6))
    most = reach(rows, rows["contribution"])
    x = (min(0.0, rows["contribution"].min()), most)
    said = [f"{r.label} {look.show(r.contribution, 'share')} {_lost(look, r.lost)}" for r in each(rows)]
    drawing.traces.append(go.Bar(
        x=rows["contribution"].clip(upper=most), y=[-i for i in range(len(rows))], orientation="h", width=_BAR,
        customdata=list(rows["key"]), **tips(said, look),
        marker={"color": [hue(power, look) for power in rows["power"]],
                "line": {"color": look.palette.faint, "width": look.px(1)}},
    ))  # fmt: skip
    for i, row in enumerate(each(rows)):
        words = f"{bold(look.show(row.contribution, 'share'))}&nbsp;&nbsp;" + _quiet(look, _lost(look, row.lost))
        drawing.write(words, min(max(row.contribution, 0), most), -i, dx=10)
        if row.contribution > most:
            cut(drawing, most, i, _BAR)
    name_column(drawing, rows)
    drawing.hit_areas(rows["key"], x)
    texts = "; ".join(f"{r.label} {look.show(r.contribution, 'share')}" for r in each(rows))
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=look.text("alt.reasons", rows=texts))


def hue(power: str | None, look: Look) -> str:
    """The colour of a power wherever it is drawn: our own is the strongest, nobody's the palest.

    One of the user's own list keeps a place of its own; None: others, summed up.
    """
    palette = look.palette
    if power in PALE or not isinstance(power, str):
        return palette.palest if power == PALE[0] else palette.band
    own = 0.2 + 0.7 * (zlib.crc32(power.encode()) % 97) / 97
    return _between([palette.brand, palette.brand_pale, palette.faint], PLACES.get(power, own))


def _between(stops: Sequence[str], place: float) -> str:
    """The colour at `place` (0..1) on a line through the stops."""
    k = min(int(place * (len(stops) - 1)), len(stops) - 2)
    part = place * (len(stops) - 1) - k
    mixed = (
        round(int(stops[k][i : i + 2], 16) * (1 - part) + int(stops[k + 1][i : i + 2], 16) * part) for i in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _draw_part(drawing: Drawing, row: Any, start: float, colour: str) -> None:
    look, palette = drawing.look, drawing.look.palette
    drawing.traces.append(go.Bar(
        x=[row.contribution], base=[start], y=[0], orientation="h", width=1, customdata=[row.key],
        **tips([f"{row.label} {look.show(row.contribution, 'share')}"], look),
        marker={"color": colour, "line": {"color": palette.background, "width": drawing.look.px(2)}},
    ))  # fmt: skip


def _above(look: Look, row: Any) -> str:
    """Name and share in up to two lines as wide as the part, or nothing when they do not fit."""
    room, size = row.contribution * NARROWEST - 10, look.px(TEXT * 1.06)
    share = look.show(row.contribution, "share").replace(" ", "\u00a0")
    words = f"{row.label} {share}"
    shown = fitted(words, room, size)
    fits = not shown.endswith("…") and width(longest_word(words), size) <= room
    return shown.replace(share, bold(share)) if fits else ""


def _small(look: Look, row: Any, colour: str) -> str:
    words = f"{fitted(str(row.label), 9999, TEXT)} {bold(look.show(row.contribution, 'share'))}"
    return f"<span style='color:{colour}'>■</span> " + _quiet(look, words)


def _quiet(look: Look, text: str) -> str:
    return f"<span style='color:{look.palette.quiet}'>{text}</span>"


def _lost(look: Look, lost: float) -> str:
    return "" if is_missing(lost) else look.text("lost", lost=lost)

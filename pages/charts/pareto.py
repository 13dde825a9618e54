"""Where are points lost? A bar per segment for its share of the loss, a thin mark for its share of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import (
    MOST_MARKS,
    MOST_ORDERED,
    NARROWEST,
    cut,
    each,
    folded,
    keyed,
    name_column,
    name_room,
    reach,
)
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, width
from pages.words.columns import GREY_BELOW
from pages.words.format import is_missing

_PITCH, _CLOSE, _TOP = 52, 30, 36
_BAR, _MARKER = 0.52, 0.38  # of the pitch: thickness of a bar, half length of a marker


def pareto(rows: pd.DataFrame, *, look: Look, intervals: bool = False, ordered: bool = False) -> go.Figure:
    """rows, the largest first or, if `ordered`, in their own order: label, share, contribution (0..1), index,
    n, contribution_low, contribution_high, key.

    intervals: also draw the intervals of the contributions. The sum of many others is cut where the longest bar of a
    segment ends; its numbers say how long it is.
    """
    most_rows = MOST_ORDERED if ordered else MOST_MARKS
    rows = folded(keyed(rows), look, add=("share", "contribution", "n"), most=most_rows)
    pitch = _PITCH if len(rows) <= MOST_MARKS else _CLOSE
    rows["index"] = rows["index"].where(rows["key"].notna(), rows["contribution"] / rows["share"])
    drawing = Drawing(look, _TOP + 8 + pitch * len(rows), Margin(name_room(rows), _right(look, rows), _TOP, 8))
    ends = rows[["share", "contribution"]].max(axis=1)
    if intervals:
        ends = pd.concat([ends, rows["contribution_high"]], axis=1).max(axis=1)
    most = reach(rows, ends)
    ends = ends.clip(upper=most)
    x = (min(0.0, rows["contribution"].min()), most * 1.004)  # a marker at the edge stays whole
    said = tips(_said(look, rows), look)
    _draw_bars(drawing, rows.assign(contribution=rows["contribution"].clip(upper=most)), said)
    for i, row in enumerate(each(rows)):
        if intervals:
            _draw_interval(drawing, row, i)
        if row.contribution > most:
            cut(drawing, most, i, _BAR)
        if row.share <= most:
            _draw_marker(drawing, row.share, i)
        _write_row(drawing, row, float(ends[i]), -i)
    _legend(drawing, rows, x, intervals)
    name_column(drawing, rows)
    drawing.hit_areas(rows["key"], x)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=_alt(look, rows))


def _right(look: Look, rows: pd.DataFrame) -> float:
    """Room for the longest words beside a bar that ends at the plot's edge."""
    words = max((width(look.text("times_share", index=i), TEXT) for i in rows["index"]), default=0)
    grey = width(look.text("n", n=GREY_BELOW), SMALL) + 14 if (rows["n"] < GREY_BELOW).any() else 0
    return 96 + words + grey


def _meaning(row: Any) -> Verdict:
    """Whether a segment loses more or less than its share of the answers, beyond chance: neither rank nor size."""
    if row.n < GREY_BELOW or is_missing(row.key) or is_missing(row.contribution_low):
        return "none"
    return "loss" if row.contribution_low > row.share else "gain" if row.contribution_high < row.share else "none"


def _draw_bars(drawing: Drawing, rows: pd.DataFrame, said: Mapping[str, Any]) -> None:
    palette = drawing.look.palette
    colours = {"loss": palette.loss, "gain": palette.gain, "none": palette.faint}
    drawing.traces.append(go.Bar(
        x=rows["contribution"], y=[-i for i in range(len(rows))], orientation="h", width=_BAR,
        customdata=list(rows["key"]), **said,
        marker={"color": [colours[_meaning(row)] for row in each(rows)]},
    ))  # fmt: skip


def _draw_interval(drawing: Drawing, row: Any, i: int) -> None:
    if not (is_missing(row.contribution_low) or is_missing(row.contribution_high)):
        colour = drawing.look.palette.ink
        drawing.line(row.contribution_low, -i, row.contribution_high, -i, colour=colour, width=2, above=True)


def _draw_marker(drawing: Drawing, share: float, i: int) -> None:
    drawing.line(share, -i - _MARKER, share, -i + _MARKER, colour=drawing.look.palette.ink, width=3, above=True)


def _write_row(drawing: Drawing, row: Any, end: float, y: float) -> None:
    look, palette = drawing.look, drawing.look.palette
    strong = palette.word(_meaning(row))
    words = f"<span style='color:{strong}'>{bold(look.show(row.contribution, 'share'))}</span>"
    if not is_missing(row.index):
        words += f"&nbsp;&nbsp;&nbsp;{look.text('times_share', index=row.index)}"
    if row.n < GREY_BELOW:
        words += f"&nbsp;&nbsp;&nbsp;{look.text('n', n=row.n)}"
    drawing.write(words, end, y, colour=palette.quiet, dx=12)


def _legend(drawing: Drawing, rows: pd.DataFrame, x: tuple[float, float], intervals: bool) -> None:
    """Names the marks above the first row; the marker's name over its own mark where there is room."""
    look, palette, margin = drawing.look, drawing.look.palette, drawing.margin
    hues = {"loss": palette.loss, "gain": palette.gain, "none": palette.faint}
    there = {_meaning(row) for row in each(rows)}
    bar = "&nbsp;&nbsp;&nbsp;".join(
        f"<span style='color:{hue}'>■</span> {look.text(f'share_lost_{meaning}')}"
        for meaning, hue in hues.items()
        if meaning in there
    )
    interval = f" — {look.text('share_interval')}" if intervals else ""
    words = f"{bar}{interval}"
    marker = f"<b>|</b> {look.text('share_responses')}"
    share = float(rows["share"].iloc[0])
    place = (share - x[0]) / (x[1] - x[0]) * (NARROWEST - look.px(margin.left + margin.right))
    if place > width(f"■ {bar}{interval}", look.px(SMALL * 1.1)) + 24:
        drawing.write(marker, share, 1, size=SMALL, up="bottom", dx=-2, dy=8, y_paper=True)
    else:
        words += "&nbsp;" * 5 + marker
    drawing.write(words, 0, 1, size=SMALL, up="bottom", dy=8, y_paper=True)


def _said(look: Look, rows: pd.DataFrame) -> list[str]:
    """Each row in words."""
    return [
        look.text("alt.pareto_row", label=r.label, contribution=r.contribution, share=r.share) for r in each(rows)
    ]


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.pareto", rows="; ".join(_said(look, rows)))

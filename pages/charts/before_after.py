"""What happened at the date, to those it touched and to the others? A hollow dot before it, a full one after it.

A colour only where the analysis says so: the touched ones moving is no news while the others move alike.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import NARROWEST, each, keyed, name_column, name_room, number_axis, room_of, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, width
from pages.words.format import is_missing

_PITCH, _TOP, _BOTTOM, _GAP = 54, 36, 40, 24
_BESIDE = 62  # pixels of a score beside its dot


def before_after(
    rows: pd.DataFrame, *, look: Look, labels: tuple[str, str] | None = None, verdict: Verdict = "none"
) -> go.Figure:
    """rows: label, n0, n1, score0, score1, change, low, high, maybe key: the touched, the others, maybe more.

    What is more is how much the touched moved beyond the others, with its numbers only. labels: other words for
    before and after. verdict colours the first row and the difference; "none" unless that has passed its test.
    """
    rows, labels = keyed(rows), labels or (look.text("before_after.before"), look.text("before_after.after"))
    columns = _columns(look, rows)
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(rows), Margin(name_room(rows), columns[-1], _TOP, _BOTTOM))
    x = _with_room(drawing, span([*rows["score0"], *rows["score1"]], pad=0.02))
    for i, row in enumerate(each(rows)):
        strong = verdict if i == 0 or is_missing(row.n0) else "none"
        _draw_row(drawing, row, i, strong)
        _write_row(drawing, row, i, strong, columns)
    _heads(drawing, labels, columns)
    name_column(drawing, rows, strong=[0])
    axis = drawing.ticks(*number_axis(look, x, room=room_of(drawing)), grid=True)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=_alt(look, rows, labels), x_axis=axis)


def _with_room(drawing: Drawing, x: tuple[float, float]) -> tuple[float, float]:
    """The axis longer by what the scores beside the outermost dots need, in the narrowest plot."""
    room, beside = NARROWEST - drawing.look.px(drawing.margin.left + drawing.margin.right), drawing.look.px(_BESIDE)
    more = (x[1] - x[0]) * beside / max(room - 2 * beside, beside)
    return x[0] - more, x[1] + more


def _columns(look: Look, rows: pd.DataFrame) -> list[float]:
    """Right edges of the columns beside the plot: the change, its interval, the answers before and after."""
    change = max(width(head, SMALL) for head in (look.text("before_after.change"), "+10.0"))
    interval = max(
        width(text, SMALL) for text in [look.text("share_interval"), *(_interval(look, r) for r in each(rows))]
    )
    answers = max(width(text, SMALL) for text in [look.text("kept.answers"), *(_counts(look, r) for r in each(rows))])
    edges = [change + _GAP]
    for column in (interval, answers):
        edges.append(edges[-1] + column * 0.94 + _GAP)
    return edges


def _interval(look: Look, row: Any) -> str:
    return "" if is_missing(row.low) or is_missing(row.high) else f"[{look.gap(row.low)}, {look.gap(row.high)}]"


def _counts(look: Look, row: Any) -> str:
    if is_missing(row.n0) or is_missing(row.n1):
        return ""
    return f"{look.show(row.n0, 'count')} → {look.show(row.n1, 'count')}"


def _draw_row(drawing: Drawing, row: Any, i: int, verdict: Verdict) -> None:
    """From the hollow dot to the full one; each with its score on the side away from the other."""
    look, palette, px = drawing.look, drawing.look.palette, drawing.look.px
    if is_missing(row.score0) or is_missing(row.score1):
        return
    colour = palette.mark(verdict)
    drawing.line(row.score0, -i, row.score1, -i, colour=palette.faint, width=5)
    for score, fill in ((row.score0, palette.background), (row.score1, colour)):
        edge = {"width": px(2.5), "color": palette.neutral if score is row.score0 else colour}
        marker = {"size": px(15), "color": fill, "line": edge}
        drawing.traces.append(go.Scatter(x=[score], y=[-i], mode="markers", customdata=[row.key], marker=marker,
                                         **tips([_said(look, row)], look)))  # fmt: skip
    left, right = (row.score1, row.score0) if row.score1 < row.score0 else (row.score0, row.score1)
    for score, anchor, dx in ((left, "right", -14), (right, "left", 14)):
        is_now = score is row.score1
        drawing.write(
            bold(look.level(score)) if is_now else look.level(score),
            score,
            -i,
            anchor=anchor,
            dx=dx,
            colour=palette.word(verdict) if is_now else palette.quiet,
        )


def _write_row(drawing: Drawing, row: Any, i: int, verdict: Verdict, columns: list[float]) -> None:
    look, palette = drawing.look, drawing.look.palette
    few = not is_missing(row.n0) and min(row.n0, row.n1) < WITHHELD_BELOW
    change = look.text("few", n=WITHHELD_BELOW) if few else bold(look.gap(row.change))
    parts = (
        (change, TEXT, palette.word(verdict)),
        (_interval(look, row), SMALL, palette.quiet),
        (_counts(look, row), SMALL, palette.quiet),
    )
    for (text, size, colour), right in zip(parts, columns, strict=True):
        drawing.write(text, 1, -i, size=size, colour=colour, anchor="right", dx=right, x_paper=True)


def _heads(drawing: Drawing, labels: tuple[str, str], columns: list[float]) -> None:
    look = drawing.look
    heads = (look.text("before_after.change"), look.text("share_interval"), look.text("kept.answers"))
    for head, right in zip(heads, columns, strict=True):
        drawing.head(head, 1, anchor="right", dx=right)
    drawing.head(f"○ {labels[0]}{'&nbsp;' * 5}● {labels[1]}", 0)


def _said(look: Look, row: Any) -> str:
    """A row in words."""
    return look.text("alt.before_after_row", label=row.label, before=look.level(row.score0),
                     after=look.level(row.score1), change=look.gap(row.change), low=look.gap(row.low),
                     high=look.gap(row.high))  # fmt: skip


def _alt(look: Look, rows: pd.DataFrame, labels: tuple[str, str]) -> str:
    texts = [_said(look, row) for row in each(rows)]
    return look.text("alt.before_after", before=labels[0], after=labels[1], rows="; ".join(texts))

"""Where does each segment stand? Dot and interval on one axis, the numbers in columns beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import each, folded, name_column, name_room, number_axis, room_of, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold
from pages.words.columns import GREY_BELOW
from pages.words.format import is_missing

_PITCH, _TOP, _BOTTOM = 50, 34, 44


def strip(
    rows: pd.DataFrame,
    *,
    look: Look,
    labels: tuple[str, str] | None = None,
    target: float | None = None,
) -> go.Figure:
    """rows: label, n, score, low, high, baseline_score, change, evidence ("loss", "gain" or "none"), maybe key.

    labels: words for the full and the hollow dot, current and baseline. Fewer than 30 answers are grey, fewer than
    10 have no dot.
    """
    rows = folded(rows, look, add=("n",), mean=("score",))
    left = name_room(rows)
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(rows), Margin(left, 232, _TOP, _BOTTOM))
    shown = rows.assign(score=rows["score"].where(rows["n"] >= WITHHELD_BELOW))
    x = span([*shown["score"], *shown["low"], *shown["high"], *shown["baseline_score"], target], pad=0.05)
    colours, said = [_verdict(row) for row in each(shown)], _said(look, shown)
    if target is not None:
        _draw_target(drawing, target)
    for i, (row, verdict) in enumerate(zip(each(shown), colours, strict=True)):
        _draw_row(drawing, row, i, verdict, tips([said[i]], look))
        _write_row(drawing, row, i, verdict)
    name_column(drawing, rows, strong=[i for i, v in enumerate(colours) if v != "none"])
    if labels:
        _name_dots(drawing, shown, labels, colours, x)
    drawing.hit_areas(rows["key"], x)
    axis = drawing.ticks(*number_axis(look, x, room=room_of(drawing)), grid=True)
    return drawing.figure(
        x=x, y=(0.5 - len(rows), 0.5), alt=look.text("alt.strip", rows="; ".join(said)), x_axis=axis
    )


def _verdict(row: Any) -> Verdict:
    return row.evidence if row.evidence in ("loss", "gain") and row.n >= GREY_BELOW else "none"


def _draw_target(drawing: Drawing, target: float) -> None:
    look = drawing.look
    drawing.line(target, 0, target, 1, colour=look.palette.ink, width=2, dash="dot", y_paper=True)
    drawing.note(
        look.text("target", value=look.level(target)), target, 1, anchor="center", up="bottom", dy=6, y_paper=True
    )


def _draw_row(drawing: Drawing, row: Any, i: int, verdict: Verdict, said: Mapping[str, Any]) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    colour = palette.mark(verdict) if row.n >= GREY_BELOW else palette.neutral
    if not (is_missing(row.low) or is_missing(row.high) or is_missing(row.score)):
        drawing.line(row.low, -i, row.high, -i, colour=colour, width=5, opacity=0.38)
    if not is_missing(row.baseline_score):
        drawing.traces.append(
            go.Scatter(
                x=[row.baseline_score],
                y=[-i],
                mode="markers",
                customdata=[row.key],
                **said,
                marker={
                    "size": px(12),
                    "color": palette.background,
                    "line": {"color": palette.quiet, "width": px(2)},
                },
            )
        )
    if not is_missing(row.score):
        drawing.traces.append(
            go.Scatter(
                x=[row.score],
                y=[-i],
                mode="markers",
                customdata=[row.key],
                **said,
                marker={"size": px(15), "color": colour},
            )
        )


def _write_row(drawing: Drawing, row: Any, i: int, verdict: Verdict) -> None:
    look, palette = drawing.look, drawing.look.palette
    strong = palette.word(verdict) if row.n >= GREY_BELOW else palette.quiet
    soft = palette.word(verdict) if verdict != "none" else palette.quiet
    if is_missing(row.score):
        few = look.text("few", n=WITHHELD_BELOW) if row.n < WITHHELD_BELOW else look.level(None)
        drawing.note(few, 1, -i, anchor="right", dx=76, x_paper=True)
    else:
        drawing.write(
            bold(look.level(row.score)), 1, -i, size=TEXT + 1, colour=strong, anchor="right", dx=76, x_paper=True
        )
        drawing.write(arrow(look, row.change), 1, -i, colour=soft, anchor="right", dx=148, x_paper=True)
    drawing.note(look.text("n", n=row.n), 1, -i, anchor="right", dx=226, x_paper=True)


def arrow(look: Look, change: float) -> str:
    """A change with its direction as a sign: "▼ 3.0"."""
    plain = look.show(change, "change")
    if is_missing(change) or plain.startswith("±"):
        return plain
    return ("▼ " if change < 0 else "▲ ") + look.show(abs(change), "number")


def _name_dots(
    drawing: Drawing, rows: pd.DataFrame, labels: tuple[str, str], verdicts: list[Verdict], x: tuple[float, float]
) -> None:
    """Names both dots once, in the row where they are furthest apart."""
    gap = (rows["score"] - rows["baseline_score"]).abs()
    if not gap.notna().any():
        return
    i = int(gap.argmax())
    row, palette = rows.iloc[i], drawing.look.palette
    close, one = (gap[i] < (x[1] - x[0]) * part for part in (0.14, 0.03))
    left, right = ("right", "left") if close else ("center", "center")
    now_left = row["score"] < row["baseline_score"]
    for place, word, colour, anchor in (
        (row["score"], labels[0], palette.word(verdicts[i]), left if now_left else right),
        (row["baseline_score"], labels[1], palette.quiet, right if now_left else left),
    ):
        nudge = {"left": -6, "right": 6, "center": 0}[anchor] * (-0.5 if one else 1)  # away from dots that are one
        drawing.write(
            word, place, -i, size=SMALL - 1, colour=colour, anchor=anchor, up="top", dx=nudge, dy=-9, plate=True
        )


def _said(look: Look, rows: pd.DataFrame) -> list[str]:
    """Each row in words."""
    return [
        look.text(
            "alt.strip_row",
            label=row.label,
            score=look.level(row.score),
            low=look.level(row.low),
            high=look.level(row.high),
            change=look.show(row.change, "change"),
            n=row.n,
        )
        for row in each(rows)
    ]

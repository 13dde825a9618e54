"""Who is different, and does it matter? Dot and interval a row, around a reference whose neighbourhood is shaded.

Within the shaded band a difference is too small to matter. Only a row that is different and matters has a colour; its
sign and its words say the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import NARROWEST, axis_of, each, folded, name_column, name_room, room_of, span
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look, Verdict
from pages.charts.text_width import bold, width
from pages.words.columns import GREY_BELOW
from pages.words.format import is_missing

_PITCH, _TOP, _BOTTOM = 50, 40, 44
_VALUE, _GAP = 62, 16  # pixels right of the plot: the column of values, and the gaps between columns
_PLAIN = 0.88  # of the width that a text may take at most; these are mostly small letters


def forest(rows: pd.DataFrame, *, look: Look, reference: float, threshold: float, reference_label: str) -> go.Figure:
    """Scores of groups around one value. rows: label, n, value, low, high, verdict, words, maybe key.

    verdict: "loss" or "gain" where a group is different and it matters, else "none"; words: the verdict said.
    Fewer than 30 answers are grey, fewer than 10 have no dot. reference_label: a sentence for the line.
    """
    rows = folded(rows, look, add=("n",), mean=("value",))
    return _drawn(
        rows,
        look,
        reference=reference,
        threshold=threshold,
        label=reference_label,
        written=look.level,
        counts=_counted(look),
    )


def forest_of_differences(rows: pd.DataFrame, *, look: Look, threshold: float) -> go.Figure:
    """Differences around zero. rows: label, n_a, n_b, value, low, high, verdict, words, maybe key; as `forest`.

    n_b is missing where the other side is a fixed value or one whose answers nobody has counted.
    """
    smaller = rows[["n_a", "n_b"]].min(axis=1)
    label = look.text("forest.none", threshold=look.level(threshold)) if threshold else look.text("forest.nought")
    rows = folded(rows.assign(n=smaller), look, add=("n",))  # differences of several groups have no mean
    return _drawn(rows, look, reference=0.0, threshold=threshold, label=label, written=look.gap, counts=_both(look))


def _counted(look: Look) -> Callable[[Any], str]:
    return lambda row: look.text("n", n=row.n)


def _both(look: Look) -> Callable[[Any], str]:
    def counts(row: Any) -> str:
        if is_missing(row.n_a) or is_missing(row.n_b):
            return look.text("n", n=row.n)
        return look.text("forest.n_both", n=row.n_a, other=row.n_b)

    return counts


def _drawn(
    rows: pd.DataFrame,
    look: Look,
    *,
    reference: float,
    threshold: float,
    label: str,
    written: Callable[[Any], str],
    counts: Callable[[Any], str],
) -> go.Figure:
    rows["verdict"], rows["words"] = rows["verdict"].fillna("none"), rows["words"].fillna("")
    rows["counts"] = [counts(row) for row in each(rows)]
    rows["value"] = rows["value"].where(rows["n"] >= WITHHELD_BELOW)
    left, columns = name_room(rows), _columns(rows)
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * len(rows), Margin(left, sum(columns), _TOP, _BOTTOM))
    values = [*rows["value"], *rows["low"], *rows["high"], reference - threshold, reference + threshold]
    x = span(values, pad=0.05)
    _draw_band(drawing, reference, threshold, label, x)
    said = _said(look, rows, written)
    for i, row in enumerate(each(rows)):
        _draw_row(drawing, row, i, tips([said[i]], look))
        _write_row(drawing, row, i, written, columns)
    name_column(drawing, rows, strong=[i for i, row in enumerate(each(rows)) if _colour(row) != "none"])
    drawing.hit_areas(rows["key"], x)
    axis = drawing.ticks(*axis_of(look, values, x, room=room_of(drawing)), grid=True)
    return drawing.figure(
        x=x, y=(0.5 - len(rows), 0.5), alt=look.text("alt.forest", reference=label, rows="; ".join(said)), x_axis=axis
    )


def _columns(rows: pd.DataFrame) -> tuple[float, float, float]:
    """Widths of the columns right of the plot: value, verdict, number of answers."""
    words, counts = (
        _PLAIN * max(width(text, size) for text in rows[name]) for name, size in (("words", TEXT), ("counts", SMALL))
    )
    return _VALUE, words + _GAP, counts + _GAP + 4


def _colour(row: Any) -> Verdict:
    return row.verdict if row.verdict in ("loss", "gain") and row.n >= GREY_BELOW else "none"


def _draw_band(drawing: Drawing, reference: float, threshold: float, label: str, x: tuple[float, float]) -> None:
    look, palette = drawing.look, drawing.look.palette
    drawing.area((reference - threshold, reference + threshold), (0, 1), colour=palette.band, y_paper=True)
    drawing.line(reference, 0, reference, 1, colour=palette.ink, width=1.6, dash="dot", y_paper=True)
    room = NARROWEST - look.px(drawing.margin.left + drawing.margin.right)
    place, half = (reference - x[0]) / (x[1] - x[0]) * room, width(label, look.px(SMALL)) / 2
    anchor, at = "center", reference
    if place < half:
        anchor, at = "left", x[0]
    elif room - place < half:
        anchor, at = "right", x[1]
    drawing.note(label, at, 1, anchor=anchor, up="bottom", dy=8, y_paper=True)


def _draw_row(drawing: Drawing, row: Any, i: int, said: Mapping[str, Any]) -> None:
    palette, px = drawing.look.palette, drawing.look.px
    colour = palette.mark(_colour(row)) if row.n >= GREY_BELOW else palette.neutral
    if is_missing(row.value):
        return
    if not (is_missing(row.low) or is_missing(row.high)):
        drawing.line(row.low, -i, row.high, -i, colour=colour, width=5, opacity=0.45)
    drawing.traces.append(go.Scatter(x=[row.value], y=[-i], mode="markers", customdata=[row.key], **said,
                                     marker={"size": px(15), "color": colour}))  # fmt: skip


def _write_row(
    drawing: Drawing, row: Any, i: int, written: Callable[[Any], str], columns: tuple[float, float, float]
) -> None:
    look, palette, colour = drawing.look, drawing.look.palette, _colour(row)
    strong = palette.word(colour) if row.n >= GREY_BELOW else palette.quiet
    if is_missing(row.value):
        few = look.text("few", n=WITHHELD_BELOW) if row.n < WITHHELD_BELOW else look.level(None)
        drawing.note(few, 1, -i, anchor="right", dx=columns[0], x_paper=True)
    else:
        text = bold(written(row.value))
        drawing.write(text, 1, -i, size=TEXT + 1, colour=strong, anchor="right", dx=columns[0], x_paper=True)
    soft = palette.word(colour) if colour != "none" else palette.quiet
    drawing.write(row.words, 1, -i, colour=soft, dx=columns[0] + _GAP, x_paper=True)
    drawing.note(row.counts, 1, -i, anchor="right", dx=sum(columns), x_paper=True)


def _said(look: Look, rows: pd.DataFrame, written: Callable[[Any], str]) -> list[str]:
    """Each row in words."""
    return [
        look.text("alt.forest_row", label=r.label, value=written(r.value), low=written(r.low), high=written(r.high),
                  verdict=r.words, counts=r.counts)
        for r in each(rows)
    ]  # fmt: skip

"""Where in a flow do customers leave, and where are they handed over? A bar a node, as long as sessions reach it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import each, keyed, name_column, name_room
from pages.charts.drawing import SMALL, Drawing, Margin, tips
from pages.charts.look import Look, Palette, Verdict
from pages.charts.text_width import bold, width
from pages.words.columns import GREY_BELOW

_PITCH, _TOP, _BAR = 46, 34, 0.56
_COLUMN, _GAP = 54, 16  # pixels right of the plot: the least width of a column of numbers, and the gap between two
PARTS = ("reach", "exit", "transfer", "score")


def flow(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, the nodes in their order: label, n, reach, exit, transfer (0..1), score, exit_evidence, key.

    exit and transfer are parts of the sessions that reach a node; they stand at the end of its bar. exit_evidence:
    "loss" or "gain" where it moved beyond chance with a new version, else "none".
    """
    rows = keyed(rows)
    heads = [look.text(f"flow.{part}") for part in PARTS]
    columns = [max(width(head, SMALL) + 14, _COLUMN) + _GAP for head in heads]
    drawing = Drawing(look, _TOP + 8 + _PITCH * len(rows), Margin(name_room(rows), sum(columns), _TOP, 8))
    said = [_said(look, row) for row in each(rows)]
    for i, row in enumerate(each(rows)):
        _draw_bar(drawing, row, i)
        _write_row(drawing, row, i, columns)
    _heads(drawing, heads, columns)
    name_column(drawing, rows, strong=[i for i, v in enumerate(rows["exit_evidence"]) if v != "none"])
    drawing.hit_areas(rows["key"], (0, 1), said)
    return drawing.figure(x=(0, 1), y=(0.5 - max(len(rows), 1), 0.5), alt=look.text("alt.flow", rows="; ".join(said)))


def _colours(palette: Palette, evidence: Verdict) -> tuple[str, str, str]:
    """Going on, handed over, left."""
    return palette.palest, palette.brand_pale, palette.mark(evidence) if evidence != "none" else palette.neutral


def _draw_bar(drawing: Drawing, row: Any, i: int) -> None:
    """Who goes on, who is handed over and who leaves, one after the other."""
    transfer, left = ((row.reach * part if part == part else 0.0) for part in (row.transfer, row.exit))
    parts = (row.reach - transfer - left, transfer, left)
    start = 0.0
    for part, colour in zip(parts, _colours(drawing.look.palette, row.exit_evidence), strict=True):
        drawing.traces.append(go.Bar(
            x=[part], base=[start], y=[-i], orientation="h", width=_BAR, customdata=[row.key],
            **tips([_said(drawing.look, row)], drawing.look), marker={"color": colour, "line": {"width": 0}},
        ))  # fmt: skip
        start += part


def _write_row(drawing: Drawing, row: Any, i: int, columns: list[float]) -> None:
    look, palette, right = drawing.look, drawing.look.palette, 0.0
    ink = palette.ink if row.n >= GREY_BELOW else palette.quiet
    for part, room in zip(PARTS, columns, strict=True):
        right += room
        value = getattr(row, part)
        text = look.level(value) if part == "score" else look.show(value, "share")
        worse = part == "exit" and row.exit_evidence != "none"
        colour = palette.word(row.exit_evidence) if worse else ink
        drawing.write(bold(text) if worse else text, 1, -i, colour=colour, anchor="right", dx=right, x_paper=True)


def _heads(drawing: Drawing, heads: list[str], columns: list[float]) -> None:
    """The columns' titles, each with the colour of its part of the bars."""
    _, over, left = _colours(drawing.look.palette, "none")
    colours, right = {"exit": left, "transfer": over}, 0.0
    for part, head, room in zip(PARTS, heads, columns, strict=True):
        right += room
        sign = f"<span style='color:{colours[part]}'>■</span> " if part in colours else ""
        drawing.head(f"{sign}{head}", 1, anchor="right", dx=right)


def _said(look: Look, row: Any) -> str:
    """A node in words."""
    return look.text(
        "alt.flow_row", label=row.label, n=row.n, reach=row.reach, exit=row.exit, transfer=row.transfer,
        score=look.level(row.score),
    )  # fmt: skip

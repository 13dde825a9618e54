"""Where do the plans work? Lost points addressed by block as bars, the lift that is promised within them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.common import cut, each, folded, name_column, name_room, reach
from pages.charts.drawing import SMALL, TEXT, Drawing, Margin, tips
from pages.charts.look import Look
from pages.charts.text_width import bold
from pages.words.format import is_missing

_PITCH, _TOP, _RIGHT = 54, 56, 330
_LOST, _LIFT = 0.56, 0.24  # of the pitch: thickness of the two bars


def portfolio(rows: pd.DataFrame, *, look: Look) -> go.Figure:
    """rows, the largest first: label, key, plans, lost (points of the whole, 0 where unknown), lift, promised (how
    many plans promise one), cumulative (of all that is promised, 0..1)."""
    rows = folded(rows, look, add=("plans", "lost", "lift", "promised"))
    rows["cumulative"] = rows["cumulative"].where(rows["key"].notna(), 1.0)
    drawing = Drawing(look, _TOP + 10 + _PITCH * len(rows), Margin(name_room(rows), _RIGHT, _TOP, 10))
    most = reach(rows, rows[["lost", "lift"]].max(axis=1))
    lowest = min(0.0, float(rows["lift"].min()))
    said = tips([_said(look, row) for row in each(rows)], look)
    _bars(drawing, rows, "lost", most, _LOST, look.palette.faint, said)
    _bars(drawing, rows, "lift", most, _LIFT, look.palette.gain, said)
    for i, row in enumerate(each(rows)):
        if max(row.lost, row.lift) > most:
            cut(drawing, most, i, _LOST)
        _write(drawing, row, -i)
    _legend(drawing)
    name_column(drawing, rows)
    x = (lowest, most * 1.004)
    drawing.hit_areas(rows["key"], x)
    return drawing.figure(x=x, y=(0.5 - len(rows), 0.5), alt=_alt(look, rows))


def _bars(drawing: Drawing, rows: pd.DataFrame, name: str, most: float, thick: float, hue: str, said: Any) -> None:
    drawing.traces.append(go.Bar(
        x=rows[name].clip(upper=most), y=[-i for i in range(len(rows))], orientation="h", width=thick,
        customdata=list(rows["key"]), marker={"color": hue}, **said,
    ))  # fmt: skip


def _write(drawing: Drawing, row: Any, y: float) -> None:
    """What is lost, what is promised, by how many plans, and how much of all that is promised is reached here."""
    look, palette = drawing.look, drawing.look.palette
    lost = look.show(row.lost, "factor") if row.lost else look.text("portfolio.unknown")
    lift = look.show(row.lift, "factor_change") if row.promised else look.text("portfolio.unknown")
    strong = f"<span style='color:{palette.gain_text}'>{bold(lift)}</span>" if row.promised else lift
    share = "" if is_missing(row.cumulative) else look.show(row.cumulative, "share")
    for words, dx in ((lost, 74), (strong, 156), (look.show(row.plans, "count"), 224), (share, 318)):
        drawing.write(words, 1, y, anchor="right", dx=dx, size=TEXT, x_paper=True)


def _legend(drawing: Drawing) -> None:
    look, palette = drawing.look, drawing.look.palette
    signs = (("lost", palette.faint), ("lift", palette.gain))
    words = "&nbsp;&nbsp;&nbsp;&nbsp;".join(
        f"<span style='color:{hue}'>■</span> {look.text(f'portfolio.{name}')}" for name, hue in signs
    )
    drawing.write(words, 0, 1, size=SMALL, up="bottom", dy=34, x_paper=True, y_paper=True)
    for name, dx in (("lost_head", 74), ("lift_head", 156), ("plans_head", 224), ("cumulative_head", 318)):
        drawing.head(look.text(f"portfolio.{name}"), 1, anchor="right", dx=dx)


def _said(look: Look, row: Any) -> str:
    """A block in words."""
    return look.text("alt.portfolio_row", label=row.label, plans=row.plans, lost=row.lost, lift=row.lift)


def _alt(look: Look, rows: pd.DataFrame) -> str:
    return look.text("alt.portfolio", rows="; ".join(_said(look, row) for row in each(rows)))

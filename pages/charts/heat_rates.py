"""On which days and at which hours is a rate better or worse than over all? A cell for each day and hour.

Orange is worse than over all, blue better, the paler the closer to it. What too few cases say is hatched; where there
was none, nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from analysis.estimate import WITHHELD_BELOW
from pages.charts.common import each
from pages.charts.drawing import SMALL, Drawing, Margin
from pages.charts.heat import cells, draw_hatched
from pages.charts.look import Look
from pages.charts.text_width import fitted

_PITCH, _LEFT, _TOP, _BOTTOM, _SCALE = 21, 62, 28, 104, 170


def rate_map(rows: pd.DataFrame, whole: float, days: Sequence[str], *, look: Look) -> go.Figure:
    """rows, a day and an hour each: day (1 for the first of `days`), hour, n, value (per cent, NaN withheld), said.

    whole: the rate over all. Keys are the places of the rows.
    """
    sign = 1.0 if look.lower_better else -1.0
    rows = rows.assign(key=range(len(rows)), excess=sign * (rows["value"] - whole))
    first, last = int(rows["hour"].min()), int(rows["hour"].max())
    drawing = Drawing(look, _TOP + _BOTTOM + _PITCH * (last - first + 1), Margin(_LEFT, 8, _TOP, _BOTTOM))
    known = rows[rows["value"].notna()]
    _draw_known(drawing, known, whole, sign)
    draw_hatched(drawing, rows[rows["value"].isna()])
    _name_axes(drawing, days, first, last)
    _legend(drawing, whole, bool(rows["value"].isna().any()))
    worst = known.nlargest(5, "excess")
    alt = look.text("alt.rates", rows="; ".join(row.said for row in each(worst)))
    return drawing.figure(x=(0.5, len(days) + 0.5), y=(last + 0.5, first - 0.5), alt=alt)


def _draw_known(drawing: Drawing, rows: pd.DataFrame, whole: float, sign: float) -> None:
    """The cells, with their scale below at the left: worse always to the right, in orange."""
    look, palette, px = drawing.look, drawing.look.palette, drawing.look.px
    most = float(rows["excess"].abs().max()) if len(rows) else 0.0
    ends = [min(100.0, max(0.0, whole + sign * end)) for end in (-most, most)]
    marker = {
        "color": list(rows["excess"]), "cmin": -most or -1.0, "cmax": most or 1.0, "line": {"width": 0},
        "colorscale": [[0, palette.gain], [0.5, palette.band], [1, palette.loss]], "showscale": most > 0,
        "colorbar": {
            "orientation": "h", "x": 0, "xanchor": "left", "xpad": 0, "yanchor": "top", "ypad": 0,
            "y": -58 / (drawing.height - _TOP - _BOTTOM), "thickness": px(11), "lenmode": "pixels",
            "len": px(_SCALE), "outlinewidth": 0, "ticks": "", "tickvals": [-most, most],
            "ticktext": [look.level(end) for end in ends], "tickfont": {"size": px(SMALL), "color": palette.quiet},
        },
    }  # fmt: skip
    drawing.traces.append(cells(rows, marker, look))


def _name_axes(drawing: Drawing, days: Sequence[str], first: int, last: int) -> None:
    look, quiet = drawing.look, drawing.look.palette.quiet
    for place, day in enumerate(days, 1):
        drawing.write(day, place, 0, size=SMALL - 1, colour=quiet, anchor="center", up="top", dy=-6, y_paper=True)
    for hour in range(first, last + 1, 1 if last - first < 12 else 2):
        drawing.note(f"{hour}:00", 0, hour, anchor="right", dx=-8, x_paper=True)
    drawing.note(look.text("heat.hour"), 0, 1, anchor="right", up="bottom", dx=-8, dy=6, x_paper=True, y_paper=True)


def _legend(drawing: Drawing, whole: float, hatched: bool) -> None:
    look, palette = drawing.look, drawing.look.palette
    lines = [fitted(look.text("rates.share", whole=look.level(whole)), look.px(440), look.px(SMALL))]
    lines.append(look.text("rates.blank"))
    if hatched:
        lines[-1] += (
            f"{'&nbsp;' * 6}<span style='color:{palette.neutral}'>▨</span> {look.text('rates.few', n=WITHHELD_BELOW)}"
        )
    drawing.note("<br>".join(lines), 0, 0, up="top", dx=_SCALE + 44, dy=-46, x_paper=True, y_paper=True)

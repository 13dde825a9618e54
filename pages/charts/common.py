"""What do all charts share? A drawing surface, folding of long tables, axes, text alternatives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.look import FONT, Look
from pages.charts.text_width import bold, fitted, width
from pages.words.format import decimals

CONFIG = {"displayModeBar": False, "showTips": False}
MOST_MARKS = 12
TEXT, SMALL = 15, 13  # font sizes in pixels
NARROWEST = 880  # pixels a full-width chart has on a 1366 screen with the sidebar open
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True)
class Margin:
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


@dataclass
class Drawing:
    """Collects marks and words, then makes the figure in one go. Sizes and shifts are pixels at normal text."""

    look: Look
    height: float
    margin: Margin
    traces: list[Any] = field(init=False, default_factory=list)
    shapes: list[dict[str, Any]] = field(init=False, default_factory=list)
    words: list[dict[str, Any]] = field(init=False, default_factory=list)

    def write(
        self,
        text: str,
        x: Any,
        y: Any,
        *,
        size: float = TEXT,
        colour: str = "",
        anchor: str = "left",
        up: str = "middle",
        dx: float = 0,
        dy: float = 0,
        x_paper: bool = False,
        y_paper: bool = False,
        plate: bool = False,
    ) -> None:
        """Words at a place of the axes, or of the plot area (0 to 1); `up`: which edge of the words is there.

        plate: on the background's colour, so that no line strikes the words through.
        """
        px, colour = self.look.px, colour or self.look.palette.ink
        self.words.append({
            "text": text, "x": x, "y": y, "showarrow": False, "xanchor": anchor, "yanchor": up, "align": anchor,
            "xref": "paper" if x_paper else "x", "yref": "paper" if y_paper else "y",
            "xshift": px(dx), "yshift": px(dy), "font": {"size": px(size), "color": colour}, "borderpad": 0,
            "bgcolor": self.look.palette.background if plate else CLEAR,
        })  # fmt: skip

    def line(
        self, x0: Any, y0: Any, x1: Any, y1: Any, *, colour: str, width: float = 1, dash: str = "solid",
        opacity: float = 1, y_paper: bool = False, x_paper: bool = False, above: bool = False,
    ) -> None:  # fmt: skip
        self.shapes.append({
            "type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "opacity": opacity,
            "xref": "paper" if x_paper else "x", "yref": "paper" if y_paper else "y",
            "layer": "above" if above else "between",
            "line": {"color": colour, "width": self.look.px(width), "dash": dash},
        })  # fmt: skip

    def figure(
        self, *, x: tuple[Any, Any], y: tuple[float, float], alt: str, x_axis: Mapping[str, Any] | None = None
    ) -> go.Figure:
        """The finished figure. No tooltip, zoom or tool bar: what can be known is written on it."""
        px, margin = self.look.px, self.margin
        axis = {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False, "automargin": False}
        layout = {
            "template": go.layout.Template(), "height": px(self.height), "showlegend": False, "barmode": "overlay",
            "margin": {"l": px(margin.left), "r": px(margin.right), "t": px(margin.top), "b": px(margin.bottom)},
            "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR, "dragmode": False, "hovermode": "closest",
            "font": {"family": FONT, "size": px(TEXT), "color": self.look.palette.ink},
            "xaxis": {**axis, "range": list(x), **(x_axis or {})}, "yaxis": {**axis, "range": list(y)},
            "annotations": self.words, "shapes": self.shapes, "meta": {"alt": alt}, "uirevision": "fixed",
        }  # fmt: skip
        undimmed = {"marker": {"opacity": 1}}  # a click must not pale what was not clicked
        traces = [trace.update(selected=undimmed, unselected=undimmed) for trace in self.traces]
        return go.Figure(traces, layout)

    def ticks(self, values: Sequence[Any], labels: Sequence[str], *, grid: bool) -> Mapping[str, Any]:
        """Settings of an x axis with these ticks."""
        palette, size = self.look.palette, self.look.px(SMALL)
        return {
            "visible": True, "tickvals": list(values), "ticktext": list(labels), "showgrid": grid, "showline": False,
            "gridcolor": palette.band, "tickfont": {"size": size, "color": palette.quiet}, "ticks": "",
            "ticklabelstandoff": round(self.look.px(8)), "tickangle": 0,
        }  # fmt: skip

    def hit_areas(self, keys: Iterable[Any], x: tuple[float, float]) -> None:
        """Makes each row of a horizontal chart answer to a click over its whole width; rows without a key do not."""
        rows = [(-i, key) for i, key in enumerate(keys) if not _no_key(key)]
        self.traces.append(_clickable(go.Bar(
            x=[x[1] - x[0]] * len(rows), base=[x[0]] * len(rows), y=[y for y, _ in rows], orientation="h",
            width=0.96, customdata=[key for _, key in rows],
        )))  # fmt: skip

    def columns_hit(self, keys: Iterable[Any], y: tuple[float, float], first: int) -> None:
        """The same for the columns of a vertical chart, the first of them at x = `first`."""
        columns = [(first + i, key) for i, key in enumerate(keys) if not _no_key(key)]
        self.traces.append(_clickable(go.Bar(
            y=[y[1] - y[0]] * len(columns), base=[y[0]] * len(columns), x=[x for x, _ in columns],
            width=0.96, customdata=[key for _, key in columns],
        )))  # fmt: skip


def _no_key(key: Any) -> bool:
    return key is None or key != key


def _clickable(bar: go.Bar) -> go.Bar:
    """Unseen and without tooltip, but hoverable, as only what can be hovered can be clicked."""
    return bar.update(marker={"color": CLEAR, "line": {"width": 0}}, hoverinfo="none")


def alt_text(figure: go.Figure) -> str:
    """What the figure shows in words, for `st.plotly_chart(alt=...)`."""
    return str(figure.layout.meta["alt"])


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows as tuples with a field a column."""
    return iter(rows.itertuples())


def keyed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a `key`, by default their label, and a plain index."""
    rows = rows.reset_index(drop=True)
    return rows if "key" in rows else rows.assign(key=rows["label"])


def folded(
    rows: pd.DataFrame, look: Look, *, add: Sequence[str], mean: Sequence[str] = (), most: int = MOST_MARKS
) -> pd.DataFrame:
    """At most `most` rows: the last one sums the columns `add` of the rest, or averages `mean` weighted by n."""
    rows = keyed(rows)
    if len(rows) <= most:
        return rows
    head, rest = rows.iloc[: most - 1], rows.iloc[most - 1 :]
    others: dict[str, Any] = {name: rest[name].sum() for name in add if name in rest}
    for name in mean:
        known = rest[rest[name].notna()]
        others[name] = (known[name] * known["n"]).sum() / known["n"].sum() if len(known) else float("nan")
    others |= {"label": look.text("others", k=len(rest)), "key": None}
    return pd.DataFrame([*head.to_dict("records"), others], columns=rows.columns)


def reach(rows: pd.DataFrame, ends: pd.Series) -> float:
    """How far the axis of a bar chart goes: to the longest bar of a row that has a name.

    The sum of many others is often longer, and would squash what the chart is about.
    """
    named = ends[rows["key"].notna()]
    return max(float(named.max()), 1e-6) if len(named) else max(float(ends.max()), 1e-6)


def cut(drawing: Drawing, end: float, i: int, thick: float) -> None:
    """The sign that the bar of a row goes on beyond the plot: a slanting gap shortly before its end."""
    colour, half = drawing.look.palette.background, thick / 2 + 0.08
    drawing.line(end * 0.925, -i - half, end * 0.94, -i + half, colour=colour, width=6, above=True)


def name_column(drawing: Drawing, rows: pd.DataFrame, *, strong: Iterable[int] = ()) -> None:
    """The rows' names, right-aligned beside the plot, in two lines where they are long."""
    strong, room = set(strong), drawing.look.px(drawing.margin.left - 16)
    for i, label in enumerate(rows["label"]):
        text = fitted(str(label), room, drawing.look.px(TEXT))
        drawing.write(bold(text) if i in strong else text, 0, -i, anchor="right", dx=-14, x_paper=True)


def name_room(rows: pd.DataFrame, most: float = 220) -> float:
    """Pixels the names need, at normal text."""
    return min(max((width(str(label), TEXT * 1.06) for label in rows["label"]), default=0), most) + 18


def span(values: Iterable[Any], *, pad: float = 0.06, least: float = 1.0) -> tuple[float, float]:
    """A range that holds all finite values with some air, never narrower than `least`."""
    known = [float(v) for v in values if v is not None and isfinite(v)] or [0.0]
    low, high = min(known), max(known)
    air = max((high - low) * pad, (least - (high - low)) / 2)
    return low - air, high + air


def round_ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round numbers within a range.

    >>> round_ticks(78.3, 90.1)
    [80.0, 82.0, 84.0, 86.0, 88.0, 90.0]
    """
    raw = (high - low) / about
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.75)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def number_axis(look: Look, span: tuple[float, float]) -> tuple[list[float], list[str]]:
    """Round ticks and their labels, with as many decimals as the step needs."""
    values = round_ticks(*span)
    step = values[1] - values[0] if len(values) > 1 else 1.0
    places = max(0, -floor(log10(step) + 1e-9))
    unit = look.catalogue.axis(look.unit)
    return values, [unit.format(decimals(value, places)) for value in values]


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Heights of labels moved as little as needed to be `gap` from one another, their order kept.

    >>> apart([10, 12, 40], 10)
    [6.0, 16.0, 40.0]
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while (
            len(groups) > 1
            and _middle(groups[-1], places) - _middle(groups[-2], places)
            < gap * (len(groups[-1]) + len(groups[-2])) / 2
        ):
            groups[-2:] = [groups[-2] + groups[-1]]
    moved = {i: _middle(g, places) + (k - (len(g) - 1) / 2) * gap for g in groups for k, i in enumerate(g)}
    return [moved[i] for i in range(len(places))]


def _middle(group: Sequence[int], places: Sequence[float]) -> float:
    return sum(places[i] for i in group) / len(group)

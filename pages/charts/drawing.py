"""The surface of every chart: marks and words are collected, then the figure is made in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, Unpack

import plotly.graph_objects as go

from pages.charts.look import FONT, Look
from pages.charts.text_width import fitted

TEXT, SMALL = 15, 13  # font sizes in pixels
CLEAR = "rgba(0,0,0,0)"
ROWS, COLUMNS = "rows", "columns"  # what the hit areas of a chart are
TIP = 320  # pixels a line of a tooltip takes at most
OTHER_TAG = re.compile(r"<(?=[A-Za-z/])(?!/?b>|br>|/span>|span style='[^'<>]*'>)")


@dataclass(frozen=True)
class Margin:
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


class Place(TypedDict, total=False):
    """Where words stand: which edge of them is at the place (anchor across, up and down), and how far they are moved.

    x_paper, y_paper: the place is a share of the plot area (0 to 1). plate: on the background's colour, so that no
    line strikes the words through.
    """

    anchor: str
    up: str
    dx: float
    dy: float
    x_paper: bool
    y_paper: bool
    plate: bool


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
        self, text: str, x: Any, y: Any, *, size: float = TEXT, colour: str = "", **place: Unpack[Place]
    ) -> None:
        """Words at a place of the axes, or of the plot area."""
        px, palette, anchor = self.look.px, self.look.palette, place.get("anchor", "left")
        self.words.append({
            "text": own_tags(text), "x": x, "y": y, "showarrow": False, "borderpad": 0,
            "xanchor": anchor, "align": anchor, "yanchor": place.get("up", "middle"),
            **_axes(place.get("x_paper", False), place.get("y_paper", False)),
            "xshift": px(place.get("dx", 0)), "yshift": px(place.get("dy", 0)),
            "font": {"size": px(size), "color": colour or palette.ink},
            "bgcolor": palette.background if place.get("plate") else CLEAR,
        })  # fmt: skip

    def note(self, text: str, x: Any, y: Any, **place: Unpack[Place]) -> None:
        """Small quiet words: counts, scales, titles of columns."""
        self.write(text, x, y, size=SMALL, colour=self.look.palette.quiet, **place)

    def head(self, text: str, x: float, *, anchor: str = "left", dx: float = 0) -> None:
        """The title of a column of words, above the plot."""
        self.note(text, x, 1, anchor=anchor, up="bottom", dx=dx, dy=8, x_paper=True, y_paper=True)

    def line(
        self,
        x0: Any,
        y0: Any,
        x1: Any,
        y1: Any,
        *,
        colour: str,
        width: float = 1,
        dash: str = "solid",
        opacity: float = 1,
        x_paper: bool = False,
        y_paper: bool = False,
        above: bool = False,
    ) -> None:
        """A line from one place to another, under the marks or above them."""
        self.shapes.append({
            "type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "opacity": opacity,
            **_axes(x_paper, y_paper), "layer": "above" if above else "between",
            "line": {"color": colour, "width": self.look.px(width), "dash": dash},
        })  # fmt: skip

    def area(
        self,
        x: tuple[Any, Any],
        y: tuple[Any, Any],
        *,
        colour: str,
        opacity: float = 1,
        layer: str = "below",
        edge: str = "",
        x_paper: bool = False,
        y_paper: bool = False,
    ) -> None:
        """A filled rectangle; `edge` is the colour of a thin line around it, none without one."""
        self.shapes.append({
            "type": "rect", "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1], "opacity": opacity,
            **_axes(x_paper, y_paper), "layer": layer, "fillcolor": colour,
            "line": {"width": 1, "color": edge} if edge else {"width": 0},
        })  # fmt: skip

    def scale(self, values: Sequence[float], labels: Sequence[str]) -> None:
        """Pale lines across the plot at round values, their labels at the left."""
        for value, label in zip(values, labels, strict=True):
            self.line(0, value, 1, value, colour=self.look.palette.band, x_paper=True)
            self.note(label, 0, value, anchor="right", dx=-10, x_paper=True)

    def figure(
        self, *, x: tuple[Any, Any], y: tuple[float, float], alt: str, x_axis: Mapping[str, Any] | None = None
    ) -> go.Figure:
        """The finished figure, without zoom or tool bar; a tooltip only says once more what is written on it."""
        px, margin = self.look.px, self.margin
        axis = {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False, "automargin": False}
        layout = {
            "template": {}, "height": px(self.height), "showlegend": False, "barmode": "overlay",
            "margin": {"l": px(margin.left), "r": px(margin.right), "t": px(margin.top), "b": px(margin.bottom)},
            "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR, "dragmode": False, "hovermode": "closest",
            "font": {"family": FONT, "size": px(TEXT), "color": self.look.palette.ink},
            "xaxis": {**axis, "range": list(x), **(x_axis or {})}, "yaxis": {**axis, "range": list(y)},
            "annotations": self.words, "shapes": self.shapes, "meta": {"alt": alt}, "uirevision": "fixed",
            "hoverlabel": {"bgcolor": self.look.palette.background, "bordercolor": self.look.palette.neutral,
                           "align": "left", "namelength": 0,
                           "font": {"family": FONT, "size": px(SMALL), "color": self.look.palette.ink}},
        }  # fmt: skip
        undimmed = {"marker": {"opacity": 1}}  # a click must not pale what was not clicked
        for trace in self.traces:
            trace.selected = trace.unselected = undimmed  # `update` would take four times as long
        # to look at each word and shape again takes ten times as long
        return go.Figure(self.traces, layout, _validate=False)

    def ticks(self, values: Sequence[Any], labels: Sequence[str], *, grid: bool) -> Mapping[str, Any]:
        """Settings of an x axis with these ticks."""
        palette, size = self.look.palette, self.look.px(SMALL)
        return {
            "visible": True, "tickvals": list(values), "ticktext": list(map(own_tags, labels)),
            "showgrid": grid, "showline": False,
            "gridcolor": palette.band, "tickfont": {"size": size, "color": palette.quiet}, "ticks": "",
            "ticklabelstandoff": round(self.look.px(8)), "tickangle": 0,
        }  # fmt: skip

    def say(
        self, x: Iterable[Any], y: Iterable[Any], texts: Iterable[str], keys: Iterable[Any] | None = None
    ) -> None:
        """What is said at some places when they are pointed at or touched; with keys they answer to a click."""
        unseen = {"size": self.look.px(18), "color": CLEAR, "line": {"width": 0}}
        said = tips(texts, self.look)
        data = None if keys is None else list(keys)
        self.traces.append(go.Scatter(x=list(x), y=list(y), mode="markers", marker=unseen, customdata=data, **said))

    def hit_areas(self, keys: Iterable[Any], x: tuple[float, float], said: Sequence[str] = ()) -> None:
        """Makes each row of a horizontal chart answer to a click over its whole width; rows without a key do not.

        said: what each row with a key says there when it is pointed at, where its marks do not reach all over it.
        """
        rows = [(-i, key) for i, key in enumerate(keys) if not _no_key(key)]
        self.traces.append(_clickable(go.Bar(
            x=[x[1] - x[0]] * len(rows), base=[x[0]] * len(rows), y=[y for y, _ in rows], orientation="h",
            width=0.96, customdata=[key for _, key in rows], meta=ROWS,
        ), self._tips(said)))  # fmt: skip

    def columns_hit(self, keys: Iterable[Any], y: tuple[float, float], first: int, said: Sequence[str] = ()) -> None:
        """The same for the columns of a vertical chart, the first of them at x = `first`."""
        columns = [(first + i, key) for i, key in enumerate(keys) if not _no_key(key)]
        self.traces.append(_clickable(go.Bar(
            y=[y[1] - y[0]] * len(columns), base=[y[0]] * len(columns), x=[x for x, _ in columns],
            width=0.96, customdata=[key for _, key in columns], meta=COLUMNS,
        ), self._tips(said)))  # fmt: skip

    def _tips(self, said: Sequence[str]) -> dict[str, Any]:
        return tips(said, self.look) if said else {"hoverinfo": "none"}


def shaded(figure: go.Figure, key: str | None, look: Look) -> go.Figure:
    """The figure with a shade behind the row or column of a key, where it has one, from edge to edge."""
    for trace in figure.data:
        keys = list(map(str, trace.customdata)) if trace.meta in (ROWS, COLUMNS) else []
        if key in keys:
            across = trace.meta == ROWS
            place = float((trace.y if across else trace.x)[keys.index(key)])
            along, over = ("y", "x") if across else ("x", "y")
            frame = {f"{along}0": place - 0.47, f"{along}1": place + 0.47, f"{over}0": -1, f"{over}1": 2,
                     f"{over}ref": "paper", f"{along}ref": along}  # fmt: skip
            shade = {"fillcolor": look.palette.ink, "opacity": 0.09, "line": {"width": 0}, "layer": "below"}
            figure.add_shape(type="rect", **frame, **shade)
    return figure


def tips(texts: Iterable[str], look: Look) -> dict[str, Any]:
    """What marks say when they are pointed at or touched, in lines that fit a narrow screen."""
    return {"hoverinfo": "text", "hovertext": [fitted(text, look.px(TIP), look.px(SMALL), lines=9) for text in texts]}


def own_tags(text: str) -> str:
    """A text of a figure with the tags of ours; any other stands as text, whoever wrote it.

    >>> own_tags("<b>3G</b> <a href='x'>")
    "<b>3G</b> &lt;a href='x'>"
    """
    return OTHER_TAG.sub("&lt;", text)


def _no_key(key: Any) -> bool:
    return key is None or key != key


def _clickable(bar: go.Bar, pointed: Mapping[str, Any]) -> go.Bar:
    """Unseen, but hoverable, as only what can be hovered can be clicked."""
    return bar.update(marker={"color": CLEAR, "line": {"width": 0}}, **pointed)


def _axes(x_paper: bool, y_paper: bool) -> dict[str, str]:
    """Whether places are values of an axis or shares of the plot area."""
    return {"xref": "paper" if x_paper else "x", "yref": "paper" if y_paper else "y"}


def alt_text(figure: go.Figure) -> str:
    """What the figure shows in words, for `st.plotly_chart(alt=...)`."""
    return str(figure.layout.meta["alt"])

"""What do all charts share? Folding of long tables, columns of names, reach and ticks of axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor, isfinite, log10
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pages.charts.drawing import SMALL, TEXT, Drawing
from pages.charts.look import Look
from pages.charts.text_width import bold, fitted, width
from pages.words.digits import decimals

CONFIG = {"displayModeBar": False, "showTips": False}
MOST_MARKS = 12
TWO = 2  # values such as yes and no: no line leads from one to the other
MOST_ORDERED = 31  # days of a month: what has an order of its own is read along it
_BETWEEN = 14  # pixels between two labels of an axis
NARROWEST = 880  # pixels a full-width chart has on a 1366 screen with the sidebar open


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """The rows with a field per column, and their `Index`: pandas would make a class for each call."""
    names = ("Index", *map(str, rows.columns))
    columns = (rows.index.tolist(), *(column.tolist() for _, column in rows.items()))
    return (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True))


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


def number_axis(
    look: Look, span: tuple[float, float], *, room: float = float("inf")
) -> tuple[list[float], list[str]]:
    """Round ticks and their labels, with as many decimals as the step needs; fewer where they have no `room`."""
    for about in (6, 4, 3, 2):
        values = round_ticks(*span, about)
        labels = _labelled(look, values)
        needed = sum(width(label, look.px(SMALL)) + _BETWEEN for label in labels[1:])
        if len(values) < 2 or needed <= room * (values[-1] - values[0]) / (span[1] - span[0]):
            break
    return values, labels


def _labelled(look: Look, values: Sequence[float]) -> list[str]:
    step = values[1] - values[0] if len(values) > 1 else 1.0
    places = max(0, -floor(log10(step) + 1e-9))
    unit = look.catalogue.axis(look.unit)
    return [unit.format(decimals(value, places)) for value in values]


def room_of(drawing: Drawing) -> float:
    """Pixels a chart over the whole page has between its margins, where there is least of it."""
    return NARROWEST - drawing.look.px(drawing.margin.left + drawing.margin.right)


def axis_of(
    look: Look, values: Iterable[Any], span: tuple[float, float], *, room: float = float("inf")
) -> tuple[list[float], list[str]]:
    """`number_axis` of a span around some values; where all are one, only that one: the rest is air, not a scale."""
    known = {float(v) for v in values if v is not None and isfinite(v)}
    if len(known) > 1:
        return number_axis(look, span, room=room)
    return [*known], [look.catalogue.axis(look.unit).format(f"{value:g}") for value in known]


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

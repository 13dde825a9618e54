"""One pair as it is drawn: its picture by kind, the pair within parts and by month, and with others held constant."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.pair import pair
from analysis.result import Result
from data_access.selection import Filter
from pages import charts
from pages.frame.context import Context
from pages.report import report
from pages.report.further_table import part
from pages.report.marks import Marks, marks_in_time, marks_of_members
from pages.words import pair_words
from pages.words.further_tables import has
from pages.words.pair_words import column_name, members
from pages.words.selection_words import unit_in_words

MOST_SHARES = 6  # answers that have a shade of their own
Picture = tuple[go.Figure, Marks | None, str]  # with what is behind its marks, and what is left out of it


def closely(here: Context, options: Mapping[str, Any]) -> None:
    """One pair: its sentence and picture, and deeper down whether it holds within parts and held constant."""
    result = report.attempt(here, pair, **options)
    if result is None:
        return
    report.answer(here, result)
    _picture(here, result)
    if here.at_least("intermediate"):
        report.table(here, result)
    _deeper(here, result)
    report.keep(here, result, "pair")


def _picture(here: Context, result: Result) -> None:
    """Dots with means, boxes, or shares: what fits the two columns."""
    kind = result.statistics["kind"]
    figure, marks, left_out = {"scatter": _scatter, "boxes": _boxes, "shares": _shares}[kind](here, result)
    report.chart(here, figure, f"pair.{kind}", marks=marks)
    if left_out:
        st.caption(left_out)


def _scatter(here: Context, result: Result) -> Picture:
    """Its marks are means over spans of a number, which no filter can stand for."""
    titles = {f"{side}_title": _title(here, result.options[side]) for side in "xy"}
    return charts.scatter(result.parts["scatter"], result.table, look=here.look, **titles), None, ""


def _boxes(here: Context, result: Result) -> Picture:
    """In their order, or the highest first; of many, both ends."""
    number, group = (result.options[side] for side in ("xy" if result.statistics["swapped"] else "yx"))
    rows = result.table.assign(label=members(group, result.table["member"], here.plain), key=range(len(result.table)))
    if not _ordered(here, group):
        rows = rows.sort_values("value", ascending=False, ignore_index=True)
    count, half = len(rows), charts.MOST_MARKS // 2
    drawn = rows if count <= charts.MOST_MARKS else pd.concat([rows.head(half), rows.tail(half)])
    figure = charts.boxes(drawn, look=here.look, title=_title(here, number))
    marks = marks_of_members(here, group, result.table["member"])
    return figure, marks, here.text("pair_page.ends", count=count) if len(drawn) < count else ""


def _shares(here: Context, result: Result) -> Picture:
    """The largest groups; answers without an order that are rare stand together as others."""
    x, y = result.options["x"], result.options["y"]
    cells = result.table.assign(
        row=members(x, result.table["x_member"], here.plain),
        column=members(y, result.table["y_member"], here.plain),
        key=range(len(result.table)),
    )
    ordered = _ordered(here, y)
    if not ordered:
        cells = _rare_together(here, cells)
    sizes = cells.groupby("row", sort=False)["n"].sum()
    largest = set(sizes.nlargest(charts.MOST_MARKS).index)
    rows = [row for row in sizes.index if row in largest]
    drawn, columns = cells[cells["row"].isin(largest)], list(dict.fromkeys(cells["column"]))
    figure = charts.shares(drawn, look=here.look, rows=rows, columns=columns, ordered=ordered)
    cut = len(rows) < len(sizes)
    return (
        figure,
        _cells(here, result),
        here.text("pair_page.largest", shown=len(rows), count=len(sizes)) if cut else "",
    )


def _cells(here: Context, result: Result) -> Marks:
    """What is behind the cells: both members where both are of dimensions, else the one that is."""
    known = here.warehouse.model.dimensions
    sides = [name for name in "xy" if result.options[name] in known]
    members = zip(*(result.table[f"{side}_member"] for side in sides), strict=True)
    return Marks(here.page, [tuple(Filter(result.options[s], (m,)) for s, m in zip(sides, cell, strict=True))
                             for cell in members])  # fmt: skip


def _rare_together(here: Context, cells: pd.DataFrame) -> pd.DataFrame:
    """Cells whose columns beyond the most common ones are summed up as others."""
    common = cells.groupby("column")["n"].sum().nlargest(MOST_SHARES).index
    others = here.look.text("others", k=cells["column"].nunique() - len(common))
    cells = cells.assign(column=cells["column"].where(cells["column"].isin(common), others))
    rare = cells.groupby(["row", "column"], sort=False, as_index=False)
    return rare.agg(n=("n", "sum"), share=("share", partial(pd.Series.sum, min_count=1)), key=("key", _only))


def _only(keys: pd.Series) -> Any:
    """The key of a cell that stands for itself; none for several."""
    return keys.iloc[0] if len(keys) == 1 else None


def _ordered(here: Context, code: str) -> bool:
    """Whether the members of a column have an order of their own."""
    model = here.warehouse.model
    return code in model.metrics or code in model.drivers or str(model.cuts[code].level) == "ordinal"


def _title(here: Context, code: str) -> str:
    """A column's name with its unit."""
    model, name = here.warehouse.model, column_name(code, here.plain)
    if code in model.metrics:
        unit = here.text(f"column.unit.{model.metrics[code].unit}")
    else:
        unit = unit_in_words(model.drivers[code].unit, here.plain) if model.drivers[code].unit else ""
    return here.plain.text("column.with_unit", title=name, unit=unit) if unit else name


def _deeper(here: Context, result: Result) -> None:
    """Whether it holds within parts and months, and with what else may lie behind it held constant."""
    if has(result, "strata"):
        _heading(here, "strata", within=column_name(result.statistics["within"], here.plain))
        names = members(result.statistics["within"], result.parts["strata"]["stratum"], here.plain)
        within, strata = result.statistics["within"], result.parts["strata"]
        marks = marks_of_members(here, within, strata["stratum"])
        report.chart(here, _coefficients(here, result, strata, names), "pair.strata", marks=marks)
    if not here.at_least("intermediate"):
        return
    if has(result, "partial"):
        part(here, result, "partial")
    if len(result.parts["months"]) > 1:
        _heading(here, "months")
        months = result.parts["months"].sort_values("month", ignore_index=True)
        names = [here.plain.show(month, "name", dimension="month") for month in months["month"]]
        marks = marks_in_time(here, months["month"], "month")
        report.chart(here, _coefficients(here, result, months, names), "pair.months", marks=marks)
    if here.at_least("advanced") and has(result, "strata"):
        part(here, result, "strata", titled=False)


def _heading(here: Context, part: str, **values: str) -> None:
    st.markdown(f"## {here.text(f'pair_page.part.{part}')}")
    st.caption(here.text(f"pair_page.note.{part}", **values))


def _coefficients(here: Context, result: Result, rows: pd.DataFrame, names: list[str]) -> go.Figure:
    s = result.statistics
    spec = pair_words.spec_of(s["coefficient"])
    drawn = rows.assign(label=names, turns=rows["turned"].astype(bool), spec=spec, key=range(len(rows))).head(
        charts.MOST_MARKS + 1
    )
    return charts.coefficients(drawn, look=here.look, whole=charts.Whole(s["value"], spec))

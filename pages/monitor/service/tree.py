"""The board as a picture: the tree of drivers that leads to satisfaction, or each measure by segment."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analysis.result import Result
from pages import charts
from pages.charts import Look
from pages.frame import open_mark
from pages.frame.context import Context
from pages.monitor.service import choices
from pages.report import driver_tree, report
from pages.words.service_words import measure_name

MOST_SEGMENTS = 8  # side by side; those with most cases
PANEL_PX = {False: 320, True: 400}  # what an open panel takes of the page, by whether text is large


def show(here: Context, result: Result, shape: str) -> None:
    """The picture that was chosen; a click on a measure opens it below."""
    follow = partial(choices.open_named, here, shape)
    look = Look(here.plain, dark=here.dark, large=here.large)
    rows, room = driver_tree.in_branches(result.table), _room(here)
    if shape == choices.TREE:
        figure = driver_tree.tree(here, result, opened=choices.opened(here, result), room=room)
        report.chart(here, figure, "service.tree", clicked=follow)
        st.caption(here.text("service.tree_note"))
        choices.offer_touchpoints(here)
        return
    cells = result.parts.get("segments")
    if cells is None or cells.empty:
        st.caption(here.text("service.no_segments", name=here.names.of_dimension(shape)))
        return
    most = min(charts.most_columns(room, look), MOST_SEGMENTS)
    kept = cells.groupby("segment")["n"].max().nlargest(most).index
    segments = [segment for segment in dict.fromkeys(cells["segment"]) if segment in set(kept)]
    named = [here.plain.show(segment[0], "name", dimension=shape) for segment in segments]
    drawn = _cells(here, cells[cells["segment"].isin(segments)], segments, named)
    names = rows.assign(name=driver_tree.names(here, rows), key=rows["measure"])[
        rows["measure"].isin(cells["measure"])
    ]
    names = names.assign(branch=[here.plain.text(f"service.branch.{branch}") for branch in names["branch"]])
    report.chart(
        here, charts.tree_matrix(drawn, names, named, look=look, room=room), f"service.{shape}", clicked=follow
    )
    left = cells["segment"].nunique() - len(segments)
    st.caption(here.text("service.segments_left" if left else "service.segments_note", left=left))


def _room(here: Context) -> float:
    """Pixels across where there is least of them: less beside an open panel."""
    return charts.NARROWEST - (PANEL_PX[here.large] if open_mark.opened(here.page) else 0)


def _cells(here: Context, cells: pd.DataFrame, segments: list[Any], named: list[str]) -> pd.DataFrame:
    places = {segment: i for i, segment in enumerate(segments)}
    rows = []
    for row in cells.to_dict("records"):
        place, name = places[row["segment"]], measure_name(row["measure"], here.plain)
        known = not math.isnan(row["value"])
        state = here.plain.text(f"service.state.{row['state']}")
        value = driver_tree.value(here, row, "value") if known else "–"
        said = here.plain.text("service.cell", name=name, segment=named[place], value=value, state=state, n=row["n"])
        rows.append({"measure": row["measure"], "column": place, "value": value, "known": known, "said": said,
                     "tone": driver_tree.tone_of(row)})  # fmt: skip
    return pd.DataFrame(rows)

"""The board as a picture: the tree of drivers that leads to satisfaction, or each measure by segment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analysis.overview import default_cut, overview
from analysis.result import Result
from analysis.service.board.branches import BRANCHES
from analysis.service.board.said import standing
from analysis.stats.intervals import SIGNIFICANCE
from pages import charts
from pages.charts import Look
from pages.charts.look import Verdict
from pages.frame import open_mark
from pages.frame.context import Context
from pages.monitor.service import choices
from pages.report import report
from pages.words.service_words import measure_name

BAD, GOOD = ("worse", "missed"), ("better", "met")
MOST_SEGMENTS = 8  # side by side; those with most cases
PANEL_PX = {False: 320, True: 400}  # what an open panel takes of the page, by whether text is large


def show(here: Context, result: Result, shape: str) -> None:
    """The picture that was chosen; a click on a measure opens it below."""
    follow = partial(choices.open_named, here, shape)
    look = Look(here.plain, dark=here.dark, large=here.large)
    rows, room = _in_branches(here, result.table), _room(here)
    if shape == choices.TREE:
        figure = charts.tree(
            _cards(here, rows), _root(here), look=look, opened=choices.opened(here, result), room=room
        )
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
    names = rows.assign(name=_names(here, rows), key=rows["measure"])[rows["measure"].isin(cells["measure"])]
    names = names.assign(branch=[here.plain.text(f"service.branch.{branch}") for branch in names["branch"]])
    report.chart(
        here, charts.tree_matrix(drawn, names, named, look=look, room=room), f"service.{shape}", clicked=follow
    )
    left = cells["segment"].nunique() - len(segments)
    st.caption(here.text("service.segments_left" if left else "service.segments_note", left=left))


def _room(here: Context) -> float:
    """Pixels across where there is least of them: less beside an open panel."""
    return charts.NARROWEST - (PANEL_PX[here.large] if open_mark.opened(here.page) else 0)


def _in_branches(here: Context, table: pd.DataFrame) -> pd.DataFrame:
    """The measures in the order of the branches."""
    return table.iloc[table["branch"].map(BRANCHES.index).argsort(kind="stable")]


def _names(here: Context, rows: pd.DataFrame) -> list[str]:
    return [measure_name(measure, here.plain) for measure in rows["measure"]]


def _cards(here: Context, rows: pd.DataFrame) -> pd.DataFrame:
    each = rows.to_dict("records")
    return pd.DataFrame({
        "branch": [here.plain.text(f"service.branch.{branch}") for branch in rows["branch"]],
        "name": _names(here, rows),
        "key": list(rows["measure"]),
        "value": [_value(here, row, "value") for row in each],
        "interval": [_interval(here, row) for row in each],
        "state": [_state(here, row) for row in each],
        "step": [_step(here, row) for row in each],
        "tone": [tone_of(row) for row in each],
        "said": [here.plain.say(standing(row)) for row in each],
    })  # fmt: skip


def _value(here: Context, row: Mapping[str, Any], name: str) -> str:
    """A share, or an NPS, with its unit."""
    return here.plain.show(100 * row[name], "metric", unit=row["unit"])


def tone_of(row: Mapping[str, Any]) -> Verdict:
    """Whether a measure is bad, good or neither: missed or met, else worse or better beyond chance."""
    if row["state"] in BAD or _is_beyond(row, -1):
        return "loss"
    return "gain" if row["state"] in GOOD or _is_beyond(row, 1) else "none"


def _is_beyond(row: Mapping[str, Any], direction: int) -> bool:
    """Whether an open target's measure moved beyond chance to its good (1) or bad (-1) side."""
    if row["state"] != "open" or not row["p_adjusted"] < SIGNIFICANCE:
        return False
    return bool((row["change"] > 0) == ((row["better"] == "high") == (direction > 0)))


def _state(here: Context, row: Mapping[str, Any]) -> str:
    """The state in a word or two, with the target where it has one."""
    if row["state"] in ("met", "missed", "open"):
        return here.plain.text(f"service.card_{row['state']}", target=_value(here, row, "target"))
    return here.plain.text(f"service.state.{row['state']}")


def _interval(here: Context, row: Mapping[str, Any]) -> str:
    if math.isnan(row["low"]):
        return ""
    return here.plain.text("service.card_interval", low=100 * row["low"], high=100 * row["high"])


def _step(here: Context, row: Mapping[str, Any]) -> str:
    """By how much it rose or fell, in percentage points."""
    if math.isnan(row["change"]):
        return ""
    shown = here.plain.show(abs(row["change"]) * 100, "number")
    return f"{'▲' if row['change'] > 0 else '▼'} {shown}"


def _cells(here: Context, cells: pd.DataFrame, segments: list[Any], named: list[str]) -> pd.DataFrame:
    places = {segment: i for i, segment in enumerate(segments)}
    rows = []
    for row in cells.to_dict("records"):
        place, name = places[row["segment"]], measure_name(row["measure"], here.plain)
        known = not math.isnan(row["value"])
        state = here.plain.text(f"service.state.{row['state']}")
        value = _value(here, row, "value") if known else "–"
        said = here.plain.text("service.cell", name=name, segment=named[place], value=value, state=state, n=row["n"])
        rows.append({"measure": row["measure"], "column": place, "value": value, "known": known, "said": said,
                     "tone": tone_of(row)})  # fmt: skip
    return pd.DataFrame(rows)


def _root(here: Context) -> charts.Root:
    """What the tree leads to, as the overview says it."""
    name = here.names.of_dimension(here.selection.metric)
    found = report.attempt(here, overview, by=default_cut(here.warehouse))
    if found is None or math.isnan(found.statistics["score"]):
        return charts.Root(name, "–", "", "none")
    s = found.statistics
    value = here.plain.text("panel.score", score=s["score"], unit=found.unit)
    if math.isnan(s.get("change", math.nan)):
        return charts.Root(name, value, "", "none")
    sure = s["p"] < SIGNIFICANCE
    tone = here.look.verdict(s["change"]) if sure else "none"
    key = f"overview.chip_{'down' if s['change'] < 0 else 'up'}" if sure else "overview.chip_unclear"
    sign = "▼" if s["change"] < 0 else "▲"
    return charts.Root(name, value, f"{sign} {here.plain.text(key, change=s['change'], unit=found.unit)}", tone)

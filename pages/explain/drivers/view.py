"""The drivers page's parts: which drivers enter, the bars of importance, and the score along one driver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from analysis.drivers.dose import dose
from analysis.drivers.importance import drivers
from analysis.drivers.strengths import LINES, told
from analysis.result import Result
from analysis.stats.tree import DEPTH
from data_access.semantics import Level
from pages import charts
from pages.frame import linked_choices
from pages.frame.context import Context
from pages.report import report
from pages.report.further_table import part
from pages.report.table_view import ROWS_SHOWN
from pages.words import driver_words, further_tables
from pages.words.tables import segment_names

SURE = 0.05
MARKS = "driver.marks"  # what is marked in chart and table: only a new mark chooses


def choose(here: Context) -> dict[str, Any]:
    """The depth, and deeper down which drivers enter and what is held fixed."""
    first, second = (st.container(horizontal=True, vertical_alignment="bottom") for _ in range(2))
    with first:
        here.choose_depth()
    offered = [*interval_drivers(here), *here.cuts()]
    with second:
        columns = _several(here, "columns", offered)
        hold = _several(here, "hold", [name for name in offered if name not in columns])
        lines = _lines(here)
    deep = {"deep": True} if here.at_least("advanced") else {}
    asked = {"columns": columns, "hold": hold, "lines": "" if lines == LINES[0] else lines}
    return {**{name: chosen for name, chosen in asked.items() if chosen}, **deep}


def interval_drivers(here: Context) -> list[str]:
    """Drivers measured in numbers, without the metric's own column."""
    model = here.warehouse.model
    return [name for name, d in model.drivers.items() if d.level is Level.INTERVAL and d.column != here.metric.column]


def can_answer(here: Context, asked: dict[str, Any]) -> bool:
    """Whether there is anything that could go with the score."""
    return bool(asked.get("columns") or interval_drivers(here))


def ask(here: Context, asked: dict[str, Any]) -> Result:
    return here.run(drivers, **asked)


def _lines(here: Context) -> str:
    """What divides the map, where the table of targets names a driver: else there is nothing to choose."""
    targets = here.warehouse.companion("targets")
    names = set() if targets is None or "metric" not in targets else set(targets["metric"])
    if not here.at_least("intermediate") or not names & set(interval_drivers(here)):
        return LINES[0]
    show = lambda code: here.text(f"drivers_page.lines.{code}")  # noqa: E731
    return here.choose("lines", LINES, LINES[0], show)


def _several(here: Context, name: str, offered: Sequence[str]) -> tuple[str, ...]:
    label, nothing = here.text(f"option.{name}"), here.text(f"drivers_page.none.{name}")
    return linked_choices.several(here, name, offered, label=label, nothing=nothing)


def importance_of(here: Context, result: Result) -> go.Figure:
    """Bars of importance with direction and share.

    The driver that is followed is not marked: a figure that changes with a click loses the next one.
    """
    table = result.table
    rows = table.assign(
        label=segment_names(result, here.plain), key=table["driver"], sure=table["p_adjusted"] < SURE,
        words=[_direction(here, p, step) for p, step in zip(table["p_adjusted"], table["coefficient"], strict=True)],
    )  # fmt: skip
    return charts.drivers(rows, look=here.look)


def _direction(here: Context, p: float, coefficient: float) -> str:
    if not p < SURE:
        return here.plain.text("chart.drivers.unsure")
    if coefficient != coefficient:
        return here.plain.text("chart.drivers.differs")
    return here.plain.text("chart.drivers.less" if coefficient < 0 else "chart.drivers.more")


def _followed(here: Context, result: Result) -> list[str]:
    """Drivers whose dose can be followed: those of the model by importance, then the others."""
    measured = interval_drivers(here)
    return list(dict.fromkeys([*(name for name in result.table["driver"] if name in measured), *measured]))


def choose_driver(here: Context, result: Result, clicked: str | None, row: int | None) -> str | None:
    """The driver that is followed: clicked in the chart, chosen in the table or by name; part of the link."""
    codes = _followed(here, result)
    if not codes:
        return None
    chosen = result.table["driver"][row] if row is not None and row < len(result.table) else None
    for place, mark in (("chart", clicked), ("table", chosen)):
        linked_choices.take_mark(here, f"{MARKS}.{place}", mark, codes, name="driver")
    return here.choose("driver", codes, codes[0], here.names.of_dimension)


def along(here: Context, driver: str | None) -> None:
    """The score along one driver, with its sentence, picture and files."""
    if driver is None:
        return
    result = report.attempt(here, dose, driver=driver)
    if result is None:
        return
    report.answer(here, result)
    report.chart(here, _dose_of(here, result, driver), f"dose.{driver}")
    if here.at_least("intermediate"):
        report.table(here, result)
    report.keep(here, result, "dose")


def _dose_of(here: Context, result: Result, driver: str) -> go.Figure:
    s, unit = result.statistics, here.warehouse.model.drivers[driver].unit
    title = here.plain.show({"dimension": driver}, "name")
    if unit:
        title = here.plain.text("column.with_unit", title=title, unit=report.unit_in_words(unit, here.plain))
    knee = (s["knee_at"], s["knee_low"], s["knee_high"]) if s["improves"] else None
    return charts.dose(result.table, look=here.look, title=title, unit=unit, knee=knee)


def strengths(here: Context, result: Result) -> None:
    """Strengths and weaknesses: what to concentrate on in a sentence, and the map; from the intermediate depth on."""
    if not here.at_least("intermediate") or not result.table["performance"].notna().any():
        return
    s = result.statistics
    st.markdown(f"#### {here.text('drivers_page.part.map')}")
    st.markdown(here.say(told(result.table, s["lines"])))
    report.chart(here, map_of(here, result), "quadrants")
    note = "map_note_target" if s["targets"] else "map_note"
    lines = {"importance": s["line_importance"], "performance": s["line_performance"], "targets": s["targets"]}
    st.caption(here.text(f"drivers_page.{note}", **lines))


def map_of(here: Context, result: Result) -> go.Figure:
    """Importance against performance; a driver judged by a target shows where that is."""
    s, table = result.statistics, result.table
    rows = table.assign(
        label=segment_names(result, here.plain), key=table["driver"], sure=table["p_adjusted"] < SURE,
        words=driver_words.quadrants(table, here.plain),
        target=table["line"].where(table["line"] != s["line_performance"]),
    )  # fmt: skip
    return charts.quadrants(rows, look=here.look, lines=(s["line_importance"], s["line_performance"]))


def deeper(here: Context, result: Result) -> None:
    """The models beside the linear one, and what is not in them, and why."""
    if not here.at_least("advanced"):
        return
    s = result.statistics
    if further_tables.has(result, "ordinal"):
        part(here, result, "ordinal")
        said = "parallel" if s["parallel_p"] < SURE else "alike"
        if s["parallel_p"] == s["parallel_p"]:
            st.caption(here.text(f"drivers_page.ordinal.{said}", p=s["parallel_p"]))
    elif s["ordinal"] != "rate":
        st.caption(here.text(f"drivers_page.ordinal.{s['ordinal']}", **s))
    for name, most in (("tree", 2 ** (DEPTH + 1) - 1), ("left_out", ROWS_SHOWN)):
        if further_tables.has(result, name):
            part(here, result, name, most=most)
    if s["sampled"]:
        st.caption(here.text("drivers_page.sampled"))

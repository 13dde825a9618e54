"""The drivers page's pictures: the bars of importance, the map of strengths, and the score along one driver."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from analysis.drivers.dose import dose
from analysis.drivers.strengths import map_finding
from analysis.result import Result
from analysis.stats.intervals import SIGNIFICANCE
from analysis.stats.regression_tree import DEPTH
from pages import charts
from pages.explain.drivers.choices import Following
from pages.frame.context import Context
from pages.report import report
from pages.report.further_table import part
from pages.report.table_view import ROWS_SHOWN
from pages.words import further_tables
from pages.words.methods.drivers import quadrants
from pages.words.selection_words import unit_in_words
from pages.words.tables import segment_names


def importance_of(here: Context, result: Result, follow: Following) -> go.Figure:
    """Bars of importance with direction and share.

    The driver that is followed is not marked: a figure that changes with a click loses the next one.
    """
    table = result.table
    words = [_direction(here, p, step) for p, step in zip(table["p_adjusted"], table["coefficient"], strict=True)]
    return charts.drivers(_rows(here, result, follow).assign(words=words), look=here.look)


def _rows(here: Context, result: Result, follow: Following) -> pd.DataFrame:
    """With a key where a click leads on: only a driver measured in numbers can be followed."""
    table = result.table
    known = table["p_adjusted"] < SIGNIFICANCE
    return table.assign(
        label=segment_names(result, here.plain),
        key=[d if d in follow.codes else None for d in table["driver"]],
        significant=known,
    )


def _direction(here: Context, p: float, coefficient: float) -> str:
    if not p < SIGNIFICANCE:
        return here.plain.text("chart.drivers.unsure")
    if math.isnan(coefficient):
        return here.plain.text("chart.drivers.differs")
    return here.plain.text("chart.drivers.less" if coefficient < 0 else "chart.drivers.more")


def along(here: Context, driver: str) -> None:
    """The score along one driver, with its sentence, picture and files."""
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
        title = here.plain.text("column.with_unit", title=title, unit=unit_in_words(unit, here.plain))
    knee = (s["knee_at"], s["knee_low"], s["knee_high"]) if s["improves"] else None
    ends = result.table["low"].tolist(), result.table["high"].tolist()
    names = [here.plain.text(f"pair_page.{word}") for word in ("no", "yes")] if ends == ([0, 1], [0, 1]) else ()
    return charts.dose(result.table, look=here.look, title=title, unit=unit, knee=knee, log_from=s["log_from"],
                       names=names)  # fmt: skip


def strengths(here: Context, result: Result, follow: Following) -> None:
    """Strengths and weaknesses: what to concentrate on in a sentence, and the map; from the intermediate depth on."""
    if not here.at_least("intermediate") or not result.table["performance"].notna().any():
        return
    s = result.statistics
    st.markdown(f"## {here.text('drivers_page.part.map')}")
    st.markdown(here.say(map_finding(result.table, s["lines"])))
    report.chart(here, _map_of(here, result, follow), "quadrants", clicked=follow.click)
    note = "map_note_target" if s["targets"] else "map_note"
    lines = {"importance": s["line_importance"], "performance": s["line_performance"], "targets": s["targets"]}
    st.caption(here.text(f"drivers_page.{note}", **lines))


def _map_of(here: Context, result: Result, follow: Following) -> go.Figure:
    """Importance against performance; a driver judged by a target shows where that is."""
    s, table = result.statistics, result.table
    targets = table["line"].where(table["line"] != s["line_performance"])
    rows = _rows(here, result, follow).assign(words=quadrants("quadrant", table, result, here.plain), target=targets)
    return charts.quadrants(rows, look=here.look, lines=(s["line_importance"], s["line_performance"]))


def deeper(here: Context, result: Result) -> None:
    """The models beside the linear one, and what is not in them, and why."""
    if not here.at_least("advanced"):
        return
    _ordinal(here, result)
    for name, most in (("tree", 2 ** (DEPTH + 1) - 1), ("left_out", ROWS_SHOWN)):
        if further_tables.has(result, name):
            part(here, result, name, most=most)
    if result.statistics["sampled"]:
        st.caption(here.text("drivers_page.sampled"))


def _ordinal(here: Context, result: Result) -> None:
    """The ordinal model with a check of its proportional odds; without it, why there is none."""
    s = result.statistics
    if further_tables.has(result, "ordinal"):
        part(here, result, "ordinal")
        proportional = "parallel" if s["parallel_p"] < SIGNIFICANCE else "alike"
        if not math.isnan(s["parallel_p"]):
            st.caption(here.text(f"drivers_page.ordinal.{proportional}", p=s["parallel_p"]))
    elif s["ordinal"] != "rate":
        st.caption(here.text(f"drivers_page.ordinal.{s['ordinal']}", **s))

"""When is the centre reached worst? One measure of access by day and hour; a cell opens what stands behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.result import Result
from analysis.service.access.hours import BY_HOUR, DAYS, HOUR, access_hours
from data_access.selection import Filter
from pages import charts
from pages.charts import Look
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.frame.linked_choices import choose_beside
from pages.report import report
from pages.report.marks import Marks
from pages.words.format import is_missing, sentences

DAYS_OF = {DAYS[0]: 31, DAYS[1]: 7}


def show(here: Context, measure: str, counted: Mapping[str, str], look: Look) -> None:
    """Its sentence, and folded below it the map; nothing for a measure that no single hour has."""
    if measure not in BY_HOUR:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"### {here.text('access_hours.title')}", width="content")
        on = choose_beside(here, "days", DAYS, lambda code: here.text(f"access_hours.on_{code}"))
    found = report.attempt(here, access_hours, measure=measure, on=on, **counted)
    if found is None or found.table.empty or is_missing(found.statistics["value"]):
        return
    st.markdown(sentences(here.say(statement) for statement in (*found.findings, *found.caveats)))
    more = folded(here.text("access_hours.map"), "calendar_view_month", f"service.hours.{measure}")
    if more.open:  # its cells, one to a day and hour, are more than all else that a browser draws of the page
        with more:
            _map(here, found, look)


def _map(here: Context, found: Result, look: Look) -> None:
    table, whole = found.table, 100 * found.statistics["value"]
    measure, on = found.options["measure"], str(found.options["on"])
    rows = table.assign(value=100 * table["value"], said=[_said(here, on, row) for row in table.to_dict("records")])
    figure = charts.rate_map(rows, whole, _days(here, on), look=look)
    report.chart(here, figure, f"service.hours.{measure}.{on}", marks=_marks(here, found))
    notes = [here.say(found.how.formula)] if found.how else []
    notes += [here.text("access_hours.weekdays")] if on != DAYS[0] else []
    st.caption(sentences(notes))


def _days(here: Context, on: str) -> list[str]:
    numbers = range(1, DAYS_OF[on] + 1)
    return [str(n) if on == DAYS[0] else here.plain.show(str(n), "name", dimension=on) for n in numbers]


def _said(here: Context, on: str, row: Mapping[str, Any]) -> str:
    """A cell in words."""
    day = here.plain.show({on: str(row["day"])}, "name")
    values = {"day": day, "hour": f"{row['hour']}:00", "n": row["n"]}
    if math.isnan(row["value"]):
        return here.plain.text("access_hours.few", **values)
    return here.plain.text("access_hours.cell", value=row["value"], low=row["low"], high=row["high"], **values)


def _marks(here: Context, found: Result) -> Marks:
    on, table = str(found.options["on"]), found.table
    places: pd.DataFrame = table[["day", "hour"]].astype(str)
    wheres = [(Filter(on, (day,)), Filter(HOUR, (hour,))) for day, hour in places.itertuples(index=False)]
    return Marks(here.page, wheres)

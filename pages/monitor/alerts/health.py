"""Can the data be trusted today? A row a check; the rows behind one where somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from analysis.monitor.data_health import RECENT, data_health, said
from analysis.result import Result
from data_access.access import may_see_rows
from data_access.selection import Period
from data_access.statement import Problem
from data_access.warehouse.health import CHECKS
from pages.frame import open_data
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.monitor.alerts.choices import Morning
from pages.report import further_table, report
from pages.words.methods.data_health import column_name, figure

SIGNS: Mapping[str, str] = {"ok": "blue-badge[✓", "watch": "gray-badge[◌", "act": "orange-badge[◆",
                            "unknown": "gray-badge[–"}  # fmt: skip
FEW, PARTS = 7, ("missing", "small", "days")


def look(here: Context, morning: Morning) -> Result | None:
    """The checks; None where they cannot be made, which is said."""
    asked = here.over(replace(here.selection, period=None, baseline=None))
    today = morning.today if morning.is_latest else None
    return report.attempt(asked, data_health, as_of=morning.as_of, today=today)


def sentence(here: Context, row: Mapping[Any, Any]) -> str:
    """A check in a sentence."""
    return here.say(said(row))


def draw(here: Context, morning: Morning, data: Result | None) -> None:
    """The rows of the checks, those that ask for something first, and what lies behind them."""
    if data is None:
        return
    st.space("small")
    st.markdown(f"## {here.text('page.data_health')}")
    st.markdown(here.say(data.findings[0]))
    order = data.table["state"].map({"act": 0, "watch": 1, "ok": 2, "unknown": 3})
    rows = data.table.iloc[order.argsort(kind="stable")].to_dict("records")
    st.table(pd.DataFrame([_row(here, row) for row in rows]), border="horizontal", hide_index=True)
    if may_see_rows(here.user):
        _behind(here, morning, data)
    for part in PARTS if here.at_least("intermediate") else ():
        if len(data.parts[part]):
            further_table.part(here, data, part, most=FEW)
    report.keep(here, data, "data_health")


def _row(here: Context, row: Mapping[Any, Any]) -> dict[str, str]:
    told = here.text(f"data_health.state.{row['state']}")
    state = f":{SIGNS[row['state']]} {told}]"
    return {
        here.text("data_health.checked"): here.text(f"data_health.check.{row['check']}"),
        here.text("columns.data_health.state"): state,
        here.text("columns.data_health.value"): figure(row["check"], row["value"], here.words),
        here.text("columns.data_health.expected"): figure(row["check"], row["expected"], here.words),
        here.text("alerts.column.said"): sentence(here, row),
    }


def _behind(here: Context, morning: Morning, data: Result) -> None:
    """The rows of one check, once somebody opens it."""
    table = data.table.set_index("check")
    shown = [check for check in CHECKS if check in table.index and table.loc[check, "value"] > 0]
    fold = folded(here.text("alerts.rows"), "table_rows", "alerts.rows")
    if not shown or not fold.open:
        return
    with fold:
        check = st.segmented_control(
            here.text("alerts.rows_of"), shown, default=shown[0], required=True, key="alerts.rows.check",
            label_visibility="collapsed", format_func=lambda code: here.text(f"data_health.check.{code}"),
        )  # fmt: skip
        _rows(here, morning, str(check), str(table.loc[check, "column"]))


def _rows(here: Context, morning: Morning, check: str, column: str) -> None:
    end = morning.day + timedelta(days=1)
    period = None if check == "keys" else Period(end - timedelta(days=RECENT), end)
    try:
        rows = open_data.unsound(here, check, column, period)
    except Problem as problem:
        st.warning(here.say(problem.statement), icon=":material/info:")
        return
    about = column_name({"check": check, "column": column}, here.words)
    st.caption(here.text("alerts.rows_note", rows=len(rows), about=about) if about else
               here.text("alerts.rows_newest", rows=len(rows)))  # fmt: skip
    st.dataframe(rows, hide_index=True, key="alerts.rows.table", placeholder="")

"""The control chart of a signal, with plans and rule changes marked on the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from analysis.monitor.control_chart import control_chart
from analysis.result import Result
from data_access.selection import Period
from data_access.statement import Problem
from data_access.workshop.records import Plan, PlanState
from pages import charts
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.monitor.alerts import limits
from pages.monitor.alerts.choices import Morning
from pages.monitor.alerts.signal import Limits, Signal
from pages.report import report

DAYS = 91  # before the morning


def draw(here: Context, morning: Morning, signal: Signal, agreed: Limits) -> None:
    """The chart in its fold; worked out once it is opened."""
    fold = folded(here.text("alerts.chart", name=signal.name), "show_chart",
                  f"alerts.chart.{signal.key}")  # fmt: skip
    if not fold.open:
        return
    with fold:
        end = morning.day + timedelta(days=1)
        asked = replace(here.selection, period=Period(end - timedelta(days=DAYS), end), baseline=None)
        over = here.over(asked.within(signal.segment))
        result = report.attempt(over, control_chart, baseline=agreed.period, rebased=agreed.days(signal))
        if result is None:
            return
        st.markdown(over.say(result.findings[0]))
        target = result.statistics.get("target")
        figure = charts.control(result.table, look=over.look, marks=_marks(over, result), target=target)
        report.picture(over, figure, f"alerts.control.{signal.key}")
        limits.offer_anew(here, morning, signal)


def _marks(here: Context, result: Result) -> pd.DataFrame:
    """Events and rule changes of the calendar, and the plans that speak of this part of the data, by day."""
    title = "label_zh" if here.plain.language.startswith("zh") else "label_en"
    events = [
        {"date": row["date"], "until": row.get("until"), "label": row[title] or row.get("id") or ""}
        for row in result.parts["marks"].to_dict("records")
    ]
    first, last = date.fromisoformat(result.table["time"].iloc[0]), date.fromisoformat(result.table["time"].iloc[-1])
    plans = [
        {"date": plan.start, "until": None, "label": here.plain.text("alerts.mark_plan", action=plan.action)}
        for plan in _plans(here) if plan.start and first <= plan.start <= last and _concerns(here, plan)
    ]  # fmt: skip
    return pd.DataFrame([*plans, *events], columns=["date", "until", "label"])


def _plans(here: Context) -> tuple[Plan, ...]:
    try:
        return tuple(plan for plan in here.store().plans(here.user) if plan.state is not PlanState.DROPPED)
    except Problem:
        return ()


def _concerns(here: Context, plan: Plan) -> bool:
    """Whether a plan speaks of contacts of this part: no dimension of both has other members."""
    asked = {part.dimension: set(part.values) for part in here.selection.filters}
    return all(asked.get(part.dimension, set(part.values)) & set(part.values) for part in plan.segment)

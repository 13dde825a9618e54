"""The plans over time: a bar each from its start to its due date, with milestones, check dates and today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data_access.workshop.records import PlanState
from pages import charts
from pages.act.plans import opening, said
from pages.act.plans.register import Line, standing_plans
from pages.charts import Bar, Step
from pages.frame.context import Frame
from pages.report import report


def draw(here: Frame, lines: Sequence[Line]) -> None:
    drawn = [line for line in standing_plans(lines) if _first_day(line)]
    if not drawn:
        st.caption(here.text("plan_register.no_bars"))
        return
    today = date.today()
    look = charts.Look(here.plain, dark=here.dark, large=here.large)
    figure = charts.gantt([_bar(here, line, today) for line in drawn], look=look, today=today)
    report.picture(here, figure, "plans.timeline", clicked=opening.ask)
    opening.by_name(here, drawn, "plans.timeline.open")


def _first_day(line: Line) -> date | None:
    """The start; without one the day on which the plan was made."""
    made = line.plan.created_at
    return line.plan.start or (made.date() if made else None)


def _bar(here: Frame, line: Line, today: date) -> Bar:
    plan, start = line.plan, _first_day(line) or today
    end = max(plan.due or today, start)
    late = today if line.late and plan.due and plan.due < today else None
    return Bar(
        key=plan.id,
        label=said.name(here, line),
        start=start,
        end=end,
        stage="running" if plan.state is PlanState.DOING else "ahead" if line.running else "over",
        late=late,
        check=plan.check_on,
        steps=tuple(Step(m.name, m.due, m.done is not None) for m in plan.milestones if m.due),
        note=_note(here, line),
        warns=bool(line.late),
    )


def _note(here: Frame, line: Line) -> str:
    """What stands beside a bar: how late it is, else its verdict, else its day."""
    return said.late(here.plain, line) or said.short_verdict(here.plain, line) or said.due(here.plain, line)

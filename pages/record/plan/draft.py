"""The plan proposed against a cause: owner, date, target, lift and check are there, only the action is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from data_access.workshop.records import Plan
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.record.plan import proposed
from pages.record.plan.lift import Segment

FOUR_WEEKS = timedelta(weeks=4)
SATURDAY = 5


def drafted(here: Frame, over: Context | None, row: Trace, segments: Mapping[str, Segment]) -> Plan:
    """A new plan with all that is known: of the cause, of the library and of where the path leads."""
    issue, segment = row.issue, first(segments)
    remedies = here.taxonomy.remedies_for(issue.cause_type)
    target = None if segment is None else segment.aim
    lift = None if segment is None or target is None else round(segment.lift(target), 2)
    plan = Plan(
        issue_id=issue.id,
        action="",
        owner=issue.owner,
        person=issue.person,
        due=in_four_weeks(date.today()),
        target_metric=segment.metric.name if segment else metric_of(over, row),
        target_value=target,
        expected_lift=lift,
        check_method=remedies[0].comparison if remedies else "",
        segment=segment.where if segment else (),
    )
    return replace(plan, **proposed.proposed(here, over, row, plan, date.today()))


def metric_of(over: Context | None, row: Trace) -> str:
    """The metric of the data problem; what an analysis compares may be a column, which no plan can aim at."""
    known = over.warehouse.model.metrics if over else ()
    asked = [row.origin.selection.metric if row.origin else "", over.selection.metric if over else ""]
    return next((name for name in asked if name in known), "")


def first(segments: Mapping[str, Segment]) -> Segment | None:
    """Where the path leads, else the pinned segment that loses most."""
    return next(iter(segments.values()), None)


def in_four_weeks(today: date) -> date:
    """Four weeks on, never on a weekend.

    >>> in_four_weeks(date(2026, 10, 31))
    datetime.date(2026, 11, 30)
    """
    day = today + FOUR_WEEKS
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def tell(here: Frame, plan: Plan) -> None:
    """What of a new plan is proposed and from where, so that it is looked at."""
    given = {"owner": plan.owner, "due": plan.due, "target": plan.target_value, "lift": plan.expected_lift,
             "check_method": plan.check_method}  # fmt: skip
    named = [here.text(f"remedy.plan.{name}") for name, content in given.items() if content not in (None, "")]
    if named and not plan.version:
        st.caption(f":material/edit_note: {here.text('remedy.plan.proposed', what=named)}")

"""Which plans are overdue, which are due this week, whose verdict is due? By who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from data_access.statement import Problem
from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.standing import RUNNING, Standing, latest, standing
from pages.frame.context import Context
from pages.monitor.alerts.choices import Morning
from pages.record.plan import verdicts
from pages.words.markdown import escape_markdown
from pages.words.plan_rows import owner_in_words

SOON = 7  # days
SHOWN = 7


@dataclass(frozen=True)
class Due:
    """A plan that asks for something: days late, its late milestone, or the day on which it or its verdict is due."""

    plan: Plan
    issue: Issue
    standing: Standing | None = None
    late: int = 0
    step: str = ""
    verdict_due: bool = False


@dataclass(frozen=True)
class Plans:
    """All plans with their issues and verdicts; `due` those that ask for something, the most overdue first."""

    plans: tuple[Due, ...] = ()
    due: tuple[Due, ...] = ()

    @property
    def late(self) -> tuple[Due, ...]:
        return tuple(one for one in self.due if one.late)

    def of(self, issue_id: str) -> tuple[Due, ...]:
        return tuple(one for one in self.plans if one.issue.id == issue_id)


def due(here: Context, morning: Morning) -> Plans:
    """What is known of the plans; nothing where the records cannot be read, which is said."""
    try:
        store = here.store()
        issues = {issue.id: issue for issue in store.issues(here.user)}
        looks, rulings = store.looks(here.user), store.rulings(here.user)
        plans = [plan for plan in store.plans(here.user) if plan.issue_id in issues]
    except Problem as problem:
        st.warning(here.say(problem.statement), icon=":material/info:")
        return Plans()
    known = tuple(
        _of(plan, issues[plan.issue_id], standing(plan, looks, rulings), morning.today)
        for plan in plans if plan.state is not PlanState.DROPPED
    )  # fmt: skip
    asking = [one for one in known if one.late or one.verdict_due or _is_soon(one.plan, one.issue, morning.today)]
    return Plans(known, tuple(sorted(asking, key=_urgency)))


def _of(plan: Plan, issue: Issue, found: Standing | None, today: date) -> Due:
    late, step = latest(plan, today) if issue.state is not IssueState.CLOSED else (0, "")
    is_over = plan.check_on is not None and plan.check_on <= today and plan.state is not PlanState.CLOSED
    judged = found is not None and (found.ruling is not None or (found.look is not None and found.look.planned))
    return Due(plan, issue, found, late, step, is_over and not judged)


def _is_soon(plan: Plan, issue: Issue, today: date) -> bool:
    if plan.state not in RUNNING or issue.state is IssueState.CLOSED or plan.due is None:
        return False
    return today <= plan.due <= today + timedelta(days=SOON)


def _urgency(one: Due) -> tuple[int, bool, date]:
    return -one.late, not one.verdict_due, one.plan.due or date.max


def draw(here: Context, plans: Plans) -> None:
    """The plans that ask for something, as a table with the way to all of them."""
    st.space("small")
    st.markdown(f"## {here.text('alerts.plans')}")
    if not plans.due:
        st.markdown(here.text("alerts.plans_none" if plans.plans else "alerts.plans_empty"))
    else:
        st.table(pd.DataFrame([_row(here, one) for one in plans.due[:SHOWN]]), border="horizontal", hide_index=True)
    here.lead_to("plans", here.text("alerts.to_plans", more=max(len(plans.due) - SHOWN, 0)))


def _row(here: Context, one: Due) -> dict[str, str]:
    verdict = verdicts.chip(here, one.standing.verdict) if one.standing else ""
    cells = {
        "what": escape_markdown(one.plan.action),
        "who": escape_markdown(who(here, one)),
        "when": when(here, one),
        "state": here.text(f"workshop.state.plan.{one.plan.state}"),
        "verdict": verdict,
    }
    return {here.text(f"alerts.column.{name}"): text for name, text in cells.items()}


def who(here: Context, one: Due) -> str:
    """The department and the person there."""
    return owner_in_words(one.plan, here.plain, here.taxonomy)


def when(here: Context, one: Due) -> str:
    """How late it is, or when it is due."""
    if one.late:
        told = here.text("alerts.late_step" if one.step else "alerts.late", days=one.late, step=one.step)
        return f":orange[**{told}**]"
    if one.verdict_due:
        return here.text("alerts.verdict_due", day=one.plan.check_on)
    return here.text("alerts.due", day=one.plan.due)

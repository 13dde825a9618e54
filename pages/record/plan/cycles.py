"""Plan, do, check, act: where a plan comes from, why it was begun again, and the cycle after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data_access.access import may_edit_issue
from data_access.statement import Problem, Statement
from data_access.workshop.following import OVER
from data_access.workshop.records import IssueState, Plan
from data_access.workshop.standing import chain
from data_access.workshop.tracing import Trace
from pages.frame import top
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.plan import looks, verdicts


def told(here: Frame, row: Trace) -> None:
    """For each plan that follows another: which cycle it is, of which plan, and why it was begun again."""
    known = {plan.id: plan for plan in row.plans}
    again = [plan for plan in row.plans if plan.cycle_of in known]
    why_again = reasons(here, row.issue.id) if again else {}
    for plan in again:
        place, before = chain(plan, row.plans).index(plan) + 1, known[plan.cycle_of]
        said = here.text("verify.cycle", number=place, action=plan.action, before=before.action)
        why = [here.text("verify.reopened", reason=why_again[plan.id])] if plan.id in why_again else []
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/cycle: {' '.join([said, *why])}", width="stretch")
            st.button(here.text("verify.open_earlier"), key=f"plan.earlier.{plan.id}", type="tertiary",
                      icon=":material/history:", on_click=open_plan, args=(before,))  # fmt: skip


def reasons(here: Frame, issue_id: str) -> Mapping[str, Statement]:
    """Why the program began some plans again, as its history keeps it."""
    entries = here.store().history(here.user, issue_id)
    why = {entry.subject_id: (entry.after or {}).get("why", {}) for entry in entries if entry.action == "reopened"}
    return {id: reason["reason"] for id, reason in why.items() if "reason" in reason}


def open_plan(plan: Plan) -> None:
    """Open a plan at its effect where it has begun, its form a click away; else in its form."""
    st.session_state[verdicts.chosen_in(plan.issue_id)] = plan.id
    if looks.has_begun(plan):
        st.session_state.pop(f"page.plan.{plan.issue_id}", None)  # only what was typed and not saved stays open
        top.go_to(verdicts.PLACE)
    else:
        _open_form(plan)


def _open_form(plan: Plan) -> None:
    st.session_state[f"page.plan.{plan.issue_id}"] = plan.id
    top.go_to("plan.editor")


def change(here: Frame, row: Trace, plan: Plan) -> None:
    """The way from the effect of a plan to its form below."""
    if may_edit_issue(here.user) and row.issue.state is not IssueState.CLOSED:
        st.button(here.text("verify.change"), key=f"plan.change.{plan.id}", icon=":material/edit:",
                  on_click=_open_form, args=(plan,))  # fmt: skip


def moves(here: Frame, row: Trace, plan: Plan) -> None:
    """The cycle after one that is over: what was learnt goes into the next."""
    begun = any(other.cycle_of == plan.id for other in row.plans)
    if begun or plan.state not in OVER or not may_edit_issue(here.user) or row.issue.state is IssueState.CLOSED:
        return
    st.button(here.text("verify.next_cycle"), key=f"plan.cycle.{plan.id}", icon=":material/cycle:", on_click=_begin,
              args=(here, plan))  # fmt: skip


def _begin(here: Frame, plan: Plan) -> None:
    """Before the page is drawn: a list that is drawn already keeps the plan it shows."""
    try:
        open_plan(here.store().next_cycle(here.user, plan.id))
    except Problem as problem:
        top.refuse(say.trouble(here, problem))


def name_of(here: Frame, plan: Plan, plans: Sequence[Plan]) -> str:
    """What the plan is called where the cycles before it are listed as well."""
    return numbered(here, plan, chain(plan, plans).index(plan) + 1)


def numbered(here: Frame, plan: Plan, cycle: int) -> str:
    return plan.action if cycle == 1 else here.plain.text("verify.name_of_cycle", action=plan.action, number=cycle)

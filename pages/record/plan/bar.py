"""The end of a plan's form: save or leave it, and where the plan may go. It stays in the window."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data_access.workshop import rules
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Issue, Plan, PlanState
from pages.frame import top
from pages.frame.context import Frame
from pages.record import drafts, removal
from pages.record import record_words as say
from pages.record import steps as places
from pages.record.fields import save_or_cancel

STYLE = """<style>[data-testid="stLayoutWrapper"]:has(> .st-key-plan-bar) {{position:sticky; bottom:0; z-index:9;
background:{background}; padding:.5rem 0}}</style>"""


def draw(here: Frame, issue: Issue, base: Plan, done: Plan) -> None:
    """Trouble is said right above the buttons, where the eye is."""
    with st.container(key="plan.bar", gap="small"):
        trouble = st.container()
        saved, left = save_or_cancel(here, "plan", "workshop.save_plan")
        if left:
            drafts.leave(here, base)
            close(issue)
            st.rerun()
        if saved:
            with trouble:
                drafts.save(here, done, then=lambda: close(issue))
    if base.version:
        _moves(here, base)


def _moves(here: Frame, base: Plan) -> None:
    """Other states, the last change taken back, the end. To close a plan nobody could judge takes a reason."""
    reason = base.closing
    if base.state is PlanState.DONE:
        reason = drafts.line(here, say.field(here, "closing"), base, "closing", max_chars=longest("closing"),
                             placeholder=here.text("plan_form.closing_none"))  # fmt: skip
    with st.container(horizontal=True):
        steps = rules.plan_moves(here.user, base)
        for to in steps:
            if to is not PlanState.DROPPED:
                _move(here, base, to, reason)
        removal.undo(here, base)
        if PlanState.DROPPED in steps:
            with st.popover(here.text("workshop.move.plan.dropped"), type="tertiary", key=f"plan.drop.{base.id}"):
                st.markdown(here.text("plan_form.drop_sure"))
                _move(here, base, PlanState.DROPPED, reason)
        removal.delete_plan(here, base)


def _move(here: Frame, base: Plan, to: PlanState, reason: str) -> None:
    if st.button(here.text(f"workshop.move.plan.{to}"), key=f"plan.move.{to}"):
        drafts.save(here, replace(base, state=to, closing=reason))


def close(issue: Issue) -> None:
    """Leave the editor in the next run: a widget that is drawn cannot be given another value. The plans are shown."""
    top.go_to(places.PLANS)
    st.session_state[f"plan.closed.{issue.id}"] = True
    st.session_state.pop(f"plan.new.{issue.id}", None)

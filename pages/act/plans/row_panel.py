"""The plan that was chosen: its owner, dates, priority, escalation and blocker, changed and saved right here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.access import may_edit_issue
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Escalation, IssueState, Plan, PlanState, Priority
from pages.act.plans import moving, opening, said
from pages.act.plans.register import Line
from pages.frame import kept, top
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import comments, drafts
from pages.record import record_words as say
from pages.record.fields import choose_code, choose_listed, save_or_cancel
from pages.record.plan import cycles
from pages.words.markdown import escape_markdown

CHOSEN, OF_GRID, NAMED = "plans.chosen", "plans.chosen.of_grid", "plans.chosen.name"
PANEL = "plans.panel"


def choose(plan_id: str) -> None:
    st.session_state[CHOSEN] = plan_id
    top.go_to(PANEL)


def follow_grid(plan_id: str) -> None:
    """Take over what was chosen in the grid, but only when it was chosen just now: it stays marked there."""
    if st.session_state.get(OF_GRID) != plan_id:
        st.session_state[OF_GRID] = plan_id
        st.session_state[CHOSEN] = plan_id


def choose_by_name(here: Frame, lines: Sequence[Line]) -> None:
    """A list to choose a plan from, where rows cannot be marked."""
    known = {line.plan.id: said.name(here, line) for line in lines}
    if st.session_state.get(NAMED) not in known:
        st.session_state[NAMED] = None
    st.selectbox(
        here.text("plan_register.choose"), list(known), index=None, key=NAMED, width=420,
        label_visibility="collapsed", placeholder=here.text("plan_register.choose"),
        format_func=lambda code: known.get(code, ""),
        on_change=lambda: choose(str(st.session_state[NAMED] or "")),
    )  # fmt: skip


def settle(here: Frame, lines: Sequence[Line]) -> None:
    """Where a save from this page met another's: both versions, to be decided on field by field."""
    for line in lines:
        if f"draft.conflict.{line.plan.id}" in st.session_state:
            drafts.settle(here, line.plan)


def draw(here: Frame, lines: Sequence[Line]) -> None:
    line = next((line for line in lines if line.plan.id == st.session_state.get(CHOSEN)), None)
    if line is None:
        return
    top.here(PANEL)
    with st.container(border=True, key=PANEL):
        _head(here, line)
        if may_edit_issue(here.user) and line.issue.state is not IssueState.CLOSED:
            kept.read(here, line.issue.id)
            _form(here, line.plan)
        _comments(here, line)


def _comments(here: Frame, line: Line) -> None:
    """What people say of the issue and its plans; everybody who sees it may, viewers too."""
    place = folded(here.text("plan_register.comments"), "chat", f"plans.comments.{line.plan.id}")
    if place.open:
        with place:
            (row,) = here.store().traces(here.user, line.issue.id)
            comments.section(here, row)


def _head(here: Frame, line: Line) -> None:
    """What is known of the plan, and the way to all of it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_markdown(said.name(here, line))}**", width="stretch")
        if st.button(here.text("plan_register.open_plan"), key="plans.panel.open", icon=":material/arrow_forward:",
                     type="primary" if not may_edit_issue(here.user) else "secondary"):  # fmt: skip
            opening.go(here, line)
        if line.plan.state is PlanState.DROPPED:
            moving.take_back(here, line)
    told = [escape_markdown(line.issue.title), said.moved(here.words, line), said.cycle(here.words, line)]
    st.caption(" · ".join(filter(None, told)))
    why = cycles.reasons(here, line.issue.id).get(line.plan.id) if line.reopened_at else None
    if why is not None:
        st.markdown(f":material/cycle: {here.text('verify.reopened', reason=why)}")


@kept.form
def _form(here: Frame, plan: Plan) -> None:
    drafts.newer(here, plan)
    base = drafts.opened(plan)
    first, second, third = st.columns(3)
    with first:
        owner = choose_code(here, base, "owner")
        person = drafts.line(here, say.field(here, "person"), base, "person", max_chars=longest("person"))
    with second:
        due = st.date_input(say.field(here, "due"), value=None, format="YYYY-MM-DD",
                            **drafts.chosen(here, base, "due"))  # fmt: skip
        priority = choose_listed(here, base, "priority", [*Priority])
    with third:
        escalation = choose_listed(here, base, "escalation", [*Escalation])
        blocker = drafts.line(here, say.field(here, "blocker"), base, "blocker", max_chars=longest("blocker"))
    trouble = st.container()
    saved, left = save_or_cancel(here, "plans.panel", "workshop.save_plan")
    if left:
        drafts.leave(here, base)
        _close()
        st.rerun()
    if saved:
        with trouble:
            mine = replace(base, owner=owner, person=person, due=due, priority=Priority(priority),
                           escalation=Escalation(escalation), blocker=blocker.strip())  # fmt: skip
            drafts.save(here, mine, then=lambda: _saved(here))


def _saved(here: Frame) -> None:
    st.toast(here.text("plan_register.saved"), icon=":material/check:")


def _close() -> None:
    st.session_state[CHOSEN] = ""

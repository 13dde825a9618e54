"""The plans against an issue: their table, and which of them is being edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.access import may_edit_issue
from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.tracing import Trace
from pages.frame import kept, top
from pages.frame.context import Context, Frame
from pages.record import drafts, moves, steps
from pages.record.plan import cycles, draft, editor, effect_panel, looks, returning, table
from pages.record.plan import lift as lifts

NEW, NONE = "new", ""


def remedies(here: Frame, row: Trace, over: Context | None, *, begins: bool = False) -> None:
    """The table of plans, whether they worked, then the form of the one that is added or edited.

    `over` is the data of the issue. begins: where there is no plan yet the form is open.
    """
    row = looks.up_to_date(over, returning.begin_again(over, row))
    top.here(steps.PLANS)
    head = st.container(horizontal=True, vertical_alignment="center")
    head.header(here.text("workshop.plans", count=len(row.plans)), anchor=False, width="content")
    _tell(here, row, over, begins=begins)
    if begins and says_next_step(here, row):
        moves.next_step(here, row)
    effect_panel.section(here, row, over)
    kept.read(here, row.issue.id)  # pinning the effect reads what is typed into new issues
    if can_grow(here, row):
        beside = st.container(horizontal=True, vertical_alignment="bottom") if row.plans else head
        _form(here, row, over, beside, begins=begins)


def _form(here: Frame, row: Trace, over: Context | None, beside: DeltaGenerator, *, begins: bool) -> None:
    segments = lifts.offered(here, over, row)
    with beside:
        drafted = partial(draft.drafted, here, over, row, segments)
        chosen = _choose(here, row.issue, row.plans, drafted, begins=begins)
    if chosen is not None:
        top.here(editor.PLACE)
        editor.edit(here, over, row, chosen, segments)


def _tell(here: Frame, row: Trace, over: Context | None, *, begins: bool) -> None:
    """The plans as a table, the largest gain among them, and the cycles they belong to."""
    plans = row.plans
    worth = [plan for plan in plans if plan.expected_lift is not None and plan.state is not PlanState.DROPPED]
    largest = max(worth, key=lambda plan: plan.expected_lift or 0.0, default=None)
    if largest:
        st.markdown(here.text("workshop.largest_lift", lift=_worth(here, largest), action=largest.action))
    if plans:
        with st.container(key="plan.table"):
            st.html(table.WHOLE_WORDS)
            st.table(table.plan_table(over or here, row), border="horizontal", hide_index=True)
        cycles.told(here, row)
    elif not begins:
        st.caption(here.text("workshop.no_plans"))


def says_next_step(here: Frame, row: Trace) -> bool:
    """Whether the next step is said right below the plans: not where all of them were dropped."""
    return can_grow(here, row) and any(plan.state is not PlanState.DROPPED for plan in row.plans)


def can_grow(here: Frame, row: Trace) -> bool:
    """Whether this person may add plans, and take the issue on, right here."""
    return may_edit_issue(here.user) and row.issue.state is not IssueState.CLOSED


def _worth(here: Frame, plan: Plan) -> str:
    return lifts.in_words(here, plan.expected_lift or 0.0, lifts.unit_of(here, plan))


def _choose(
    here: Frame, issue: Issue, plans: Sequence[Plan], drafted: Callable[[], Plan], *, begins: bool
) -> Plan | None:
    """The plan to be edited: one of the table, or the new one, which is `drafted` where it is begun."""
    place = f"page.plan.{issue.id}"
    known = {plan.id: plan for plan in plans}
    if st.session_state.pop(f"plan.closed.{issue.id}", False):
        st.session_state[place] = NONE
    if place not in st.session_state and (unsaved := _unsaved(issue, plans)):
        st.session_state[place] = unsaved
    if st.button(here.text("workshop.add_plan"), icon=":material/add:", key="plan.add"):
        st.session_state[place] = NEW
        st.session_state[f"plan.new.{issue.id}"] = drafted()
        top.go_to(editor.PLACE)
    if plans:
        if st.session_state.get(place) not in (NONE, NEW, *known):
            st.session_state[place] = NONE
        options = [NONE, *known] if st.session_state.get(place) != NEW else [NONE, NEW, *known]
        st.selectbox(here.text("workshop.edit_plan"), options, key=place, width=320, on_change=top.go_to,
                     args=(editor.PLACE,), format_func=lambda code: _choice(here, known, code))  # fmt: skip
    chosen = st.session_state.get(place, NEW if begins and not plans else NONE)
    if chosen == NEW:
        if f"plan.new.{issue.id}" not in st.session_state:
            st.session_state[f"plan.new.{issue.id}"] = drafted()
        new: Plan = st.session_state[f"plan.new.{issue.id}"]
        return new
    return known.get(chosen)


def _unsaved(issue: Issue, plans: Sequence[Plan]) -> str:
    """The plan that this person typed in another session and has not saved."""
    if drafts.begun(issue, "plan"):
        return NEW
    changed = drafts.changed(plans)
    return changed.id if changed else NONE


def _choice(here: Frame, known: Mapping[str, Plan], code: str) -> str:
    if code == NEW:
        return here.text("workshop.new_plan")
    return cycles.name_of(here, known[code], [*known.values()]) if code else here.text("workshop.choose_plan")

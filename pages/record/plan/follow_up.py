"""How is the plan followed? Its steps with their days, how urgent it is, who knows of it, what is in its way."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from data_access.workshop.field_rules import longest
from data_access.workshop.records import Escalation, Milestone, Plan, Priority
from pages.frame.context import Frame
from pages.record import drafts
from pages.record import record_words as say
from pages.record.fields import choose_code, choose_listed

MOST = 12  # steps of a plan


def part(here: Frame, base: Plan, plan: Plan) -> Plan:
    """The plan with what this part of its form holds now; it is opened by whoever needs it."""
    with st.expander(here.text("plan_form.follow_up"), expanded=bool(base.milestones), icon=":material/flag:"):
        first, second, third, fourth = st.columns(4)
        with first:
            block = choose_code(here, base, "block")
        with second:
            priority = Priority(choose_listed(here, base, "priority", [*Priority]))
        with third:
            escalation = Escalation(choose_listed(here, base, "escalation", [*Escalation]))
        with fourth:
            cost = st.number_input(say.field(here, "cost"), min_value=0.0, value=None, step=100.0, format="%.0f",
                                   placeholder=here.text("plan_form.cost_none"),
                                   **drafts.chosen(here, base, "cost"))  # fmt: skip
        blocker = drafts.line(here, say.field(here, "blocker"), base, "blocker", max_chars=longest("blocker"),
                              placeholder=here.text("plan_form.blocker_none"))  # fmt: skip
        milestones = _milestones(here, base)
    late = [step.name for step in milestones if step.due and plan.due and step.due > plan.due]
    if late:
        st.caption(f":material/schedule: {here.text('plan_form.steps_late', names=', '.join(late))}")
    return replace(plan, block=block, priority=priority, escalation=escalation, cost=cost, blocker=blocker.strip(),
                   milestones=milestones)  # fmt: skip


def _milestones(here: Frame, base: Plan) -> tuple[Milestone, ...]:
    """A line a step: its name, when it is due, when it was done."""
    st.markdown(f"**{say.field(here, 'milestones')}**")
    steps = _steps(base)
    for place, step in enumerate(steps):
        _line(here, base, place, step)
    if len(steps) < MOST:
        st.button(here.text("plan_form.add_milestone"), icon=":material/add:", key="plan.milestone.add",
                  type="tertiary", on_click=_put, args=(here, base, (*steps, Milestone(""))))  # fmt: skip
    return tuple(step for step in steps if step.name.strip())


def _steps(base: Plan) -> tuple[Milestone, ...]:
    steps: tuple[Milestone, ...] = drafts.now(base, "milestones")
    return steps


def _line(here: Frame, base: Plan, place: int, step: Milestone) -> None:
    """Widgets of one step; what is entered goes into the list, which is kept as one."""
    at = f"plan.milestone.{base.id}.{len(_steps(base))}.{place}"
    name, due, done, gone = st.columns([6, 3, 3, 1], vertical_alignment="bottom")
    beside: Literal["visible", "collapsed"] = "visible" if place == 0 else "collapsed"
    for field in ("name", "due", "done"):
        st.session_state[f"{at}.{field}"] = getattr(step, field)  # the list is what holds
    with name, st.container(key=f"kept.{at}.name"):
        st.text_input(here.text("plan_form.milestone"), key=f"{at}.name", max_chars=longest("action"),
                      label_visibility=beside, on_change=_read, args=(here, base, place, at))  # fmt: skip
    for column, field in ((due, "due"), (done, "done")):
        with column:
            st.date_input(here.text(f"plan_form.milestone_{field}"), value=None, format="YYYY-MM-DD",
                          key=f"{at}.{field}", label_visibility=beside, on_change=_read,
                          args=(here, base, place, at))  # fmt: skip
    with gone:
        rest = tuple(other for number, other in enumerate(_steps(base)) if number != place)
        st.button(here.text("plan_form.remove_milestone"), icon=":material/close:", key=f"{at}.gone", type="tertiary",
                  on_click=_put, args=(here, base, rest))  # fmt: skip


def _read(here: Frame, base: Plan, place: int, at: str) -> None:
    """What was entered into a step, before the form is drawn."""
    entered = Milestone(*(st.session_state[f"{at}.{name}"] for name in ("name", "due", "done")))
    _put(here, base, tuple(entered if number == place else step for number, step in enumerate(_steps(base))))


def _put(here: Frame, base: Plan, steps: tuple[Milestone, ...]) -> None:
    drafts.put(here, base, "milestones", steps)

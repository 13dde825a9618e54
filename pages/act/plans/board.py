"""The plans as cards in columns by state, moved by the steps that the rules allow."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from data_access.access import may_edit_issue
from data_access.workshop import rules
from data_access.workshop.records import IssueState, PlanState
from pages.act.plans import moving, opening, row_panel, said
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

COLUMNS = (PlanState.PLANNED, PlanState.DOING, PlanState.DONE, PlanState.CLOSED)
FORWARD = MappingProxyType({
    PlanState.PLANNED: PlanState.DOING,
    PlanState.DOING: PlanState.DONE,
    PlanState.DONE: PlanState.CLOSED,
})  # fmt: skip
# names of plans begin at the left of a card, as all else on it
TO_THE_LEFT = """<style>[class*="st-key-plans-card-open"] button, [class*="st-key-plans-month-open"] button
{justify-content:flex-start!important; text-align:left!important}</style>"""
A_COLUMN = 12  # cards; whoever has more of them filters, or takes the table


def draw(here: Frame, lines: Sequence[Line]) -> None:
    """A column for each state; plans that were dropped are listed below, once somebody opens them."""
    st.html(TO_THE_LEFT)
    for state, column in zip(COLUMNS, st.columns(len(COLUMNS), gap="small"), strict=True):
        own = [line for line in lines if line.plan.state is state]
        with column:
            st.markdown(f"**{here.text(f'workshop.state.plan.{state}')}** :gray[{len(own)}]")
            for line in own[:A_COLUMN]:
                _card(here, line)
            if len(own) > A_COLUMN:
                st.caption(here.text("plan_register.more_cards", count=len(own) - A_COLUMN))
    dropped = [line for line in lines if line.plan.state is PlanState.DROPPED]
    if dropped:
        _dropped(here, dropped)


def _dropped(here: Frame, lines: Sequence[Line]) -> None:
    """What was dropped, below the columns; each can be taken back."""
    place = folded(here.text("plan_register.dropped", count=len(lines)), "block", "plans.dropped")
    if place.open:
        with place:
            for line in lines:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(escape_markdown(said.name(here, line)), width="stretch")
                    moving.take_back(here, line)


def _card(here: Frame, line: Line) -> None:
    plan = line.plan
    with st.container(border=True, gap="xsmall", key=f"plans.card.{plan.id}"):
        if st.button(
            f"**{escape_markdown(said.name(here, line))}**", key=f"plans.card.open.{plan.id}", type="tertiary"
        ):
            opening.go(here, line)
        owner = escape_markdown(say.answerable(here, plan))
        st.caption(" · ".join(filter(None, [owner, said.due(here.words, line), said.times_moved(here.words, line)])))
        badges = said.badges(here, line)
        if badges:
            st.markdown(" ".join(badges))
        if plan.blocker.strip():
            st.caption(f":material/block: {escape_markdown(plan.blocker)}")
        facts = [
            here.text("plan_register.in_state", days=line.days),
            said.effect(here, line),
            said.cycle(here.words, line),
        ]
        st.caption(" · ".join(filter(None, facts)))
        _moves(here, line)


def _moves(here: Frame, line: Line) -> None:
    """The step that leads on as a button, all others and the form of the row behind another."""
    if not may_edit_issue(here.user) or line.issue.state is IssueState.CLOSED:
        return
    plan, steps = line.plan, rules.plan_moves(here.user, line.plan)
    forward = FORWARD.get(plan.state)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if forward in steps:
            _step(here, line, forward)
        more = st.popover(here.text("plan_register.more"), type="tertiary", key=f"plans.more.{plan.id}")
        with more:
            st.button(here.text("plan_register.change"), key=f"plans.edit.{plan.id}", icon=":material/edit:",
                      on_click=row_panel.choose, args=(plan.id,))  # fmt: skip
            for to in steps:
                if to not in (forward, PlanState.DROPPED):
                    _step(here, line, to)
            if PlanState.DROPPED in steps and st.toggle(here.text("workshop.move.plan.dropped"),
                                                        key=f"plans.drop.{plan.id}"):  # fmt: skip
                st.markdown(here.text("plan_form.drop_sure"))
                _step(here, line, PlanState.DROPPED)


def _step(here: Frame, line: Line, to: PlanState) -> None:
    st.button(here.text(f"workshop.move.plan.{to}"), key=f"plans.move.{line.plan.id}.{to}", on_click=moving.move,
              args=(here, line, to), wrap=True)  # fmt: skip

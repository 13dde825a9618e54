"""A plan moved from the register: as it stood there, or taken back after it was dropped."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data_access.access import may_edit_issue
from data_access.workshop.records import IssueState, PlanState
from pages.act.plans import said
from pages.act.plans.register import Line
from pages.frame.context import Frame
from pages.record import drafts


def take_back(here: Frame, line: Line) -> None:
    """A button that plans a dropped plan again, for those who may."""
    if not may_edit_issue(here.user) or line.issue.state is IssueState.CLOSED:
        return
    st.button(here.text("plan_register.take_back"), key=f"plans.back.{line.plan.id}", icon=":material/undo:",
              type="tertiary", on_click=move, args=(here, line, PlanState.PLANNED))  # fmt: skip


def move(here: Frame, line: Line, to: PlanState) -> None:
    """Move the plan as it stood on the card: where somebody saved in between, both versions are shown."""
    moved = replace(line.plan, state=to)
    if drafts.saves(here, moved, then=lambda: None, fresh=False):
        st.toast(here.text("plan_register.moved_to", plan=line.plan.action, state=said.state(here.words, moved)),
                 icon=":material/check:")  # fmt: skip

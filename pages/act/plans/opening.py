"""From the register into the issue of a plan, with the plan open there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.act.plans import said
from pages.act.plans.register import Line
from pages.frame import address
from pages.frame.context import Frame
from pages.record import steps
from pages.record.plan.cycles import open_plan
from pages.report.pinning import OPEN_ISSUE
from pages.words.links import PAGES_OWN

ASKED = "plans.open"  # the plan that a click on a chart asks for


def ask(plan_id: str) -> None:
    """Open a plan in the next run."""
    st.session_state[ASKED] = plan_id


def follow(here: Frame, lines: Sequence[Line]) -> None:
    """Go to the plan that was asked for, if this person still sees it."""
    wanted = st.session_state.pop(ASKED, None)
    line = next((line for line in lines if line.plan.id == wanted), None)
    if line is not None:
        go(here, line)


def go(here: Frame, line: Line) -> None:
    """An issue is worked on in one place, with its four steps; the last one holds its plans."""
    st.session_state[OPEN_ISSUE] = line.issue.id
    steps.open_step(line.issue, steps.PLANS)
    open_plan(line.plan)
    kept = {name: values for name, values in address.carried().items() if name not in PAGES_OWN}
    st.switch_page(here.pages["trace"], query_params=kept)


def by_name(here: Frame, lines: Sequence[Line], key: str) -> None:
    """A list to open a plan from, for the keyboard: marks of a chart need a pointer."""
    known = {line.plan.id: said.name(here, line) for line in lines}
    st.selectbox(
        here.text("plan_register.open"), list(known), index=None, key=key, width=420, label_visibility="collapsed",
        placeholder=here.text("plan_register.open"), format_func=lambda code: known.get(code, ""),
        on_change=lambda: ask(str(st.session_state[key])),
    )  # fmt: skip

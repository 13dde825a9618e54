"""The four steps of an issue: how far each is, and which one is open."""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

from data_access.workshop.records import Basis, Issue, IssueState
from data_access.workshop.tracing import Trace
from pages.frame import top
from pages.frame.context import Frame
from pages.record import record_words as say

STEPS = say.STAGES
PLANS = "solution"


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    CURRENT = "current"
    LATER = "later"
    LOCKED = "locked"


LOOK = {
    Progress.DONE: (1.0, ":material/check_circle:"),
    Progress.CURRENT: (0.5, ":material/radio_button_checked:"),
    Progress.LATER: (0.0, ":material/radio_button_unchecked:"),
    Progress.LOCKED: (0.0, ":material/lock:"),
}


def progress(row: Trace) -> dict[str, Progress]:
    """How far each step is. A cause needs evidence, a solution a cause that is named: until then they are locked."""
    issue, pins = row.issue, row.pins
    diagnosed = issue.state is not IssueState.OPEN
    begun = bool(pins or issue.origin) or issue.basis is not Basis.DATA  # an origin may lie beyond a user's scope
    named = bool(begun and issue.cause.strip() and issue.cause_type)
    done = {
        "data_problem": diagnosed or begun,
        "where": diagnosed or bool(issue.path) or bool(begun and (row.hidden or issue.location_reason.strip())),
        "why": diagnosed,
        "solution": issue.state is IssueState.CLOSED,
    }
    open_to = {"data_problem": True, "where": True, "why": diagnosed or begun, "solution": diagnosed or named}
    far: dict[str, Progress] = {}
    for step in STEPS:
        following = Progress.LATER if Progress.CURRENT in far.values() else Progress.CURRENT
        far[step] = Progress.DONE if done[step] else following if open_to[step] else Progress.LOCKED
    return far


def stepper(here: Frame, row: Trace, *, begins: str = "") -> str:
    """Four steps with their progress; a click opens the form of a step. Returns the open one.

    begins: the step that is open at first, else the one that the issue has come to.
    """
    far, place = progress(row), _place(row.issue)
    current = next((step for step, how in far.items() if how is Progress.CURRENT), STEPS[-1])
    chosen = str(st.session_state.get(place, begins or current))
    if far[chosen] is Progress.LOCKED:
        chosen = current
    for number, (step, column) in enumerate(zip(STEPS, st.columns(4), strict=True), start=1):
        share, icon = LOOK[far[step]]
        name = f"{number} {here.text(f'workshop.stage.{step}')}"
        with column:
            st.progress(share)
            told = here.text(f"workshop.progress.{far[step]}")
            if st.button(f"**{name}**" if step == chosen else name, icon=icon, key=f"step.{step}", type="tertiary",
                         disabled=far[step] is Progress.LOCKED, help=told):  # fmt: skip
                open_step(row.issue, step)
                st.rerun()
    return chosen


def open_step(issue: Issue, step: str) -> None:
    """Open a step in the next run."""
    st.session_state[_place(issue)] = step
    if step == PLANS:
        top.go_to(PLANS)  # its form fills the window


def _place(issue: Issue) -> str:
    return f"page.step.{issue.id}"

"""An issue that is open: four steps from the number to the owner of the cause, and what was found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.records import Issue
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.frame import kept
from pages.frame.context import Context, Frame
from pages.record import (
    adopting,
    chosen_issue,
    class_gate,
    comments,
    data_problem,
    drafts,
    heading,
    history,
    issue_data,
    kind_of_cause,
    moves,
    pinned_evidence,
    removal,
    step_forms,
    steps,
    take_along,
    whys,
)
from pages.record.contact_list import contact_list
from pages.record.location import location
from pages.record.plan import plans


def draw(here: Frame, store: Store, issue: Issue) -> None:
    """The same in the workshop and outside of it. Records can be read and written while the data are away."""
    kept.read(here, issue.id)
    adopting.take(here, issue)
    chosen_issue.back(here)
    (row,) = store.traces(here.user, issue.id)
    heading.heading(here, issue)
    with st.container():  # what comes and goes has a place of its own: a list open below it would close as it moves
        removal.offer(here, issue.id)
    if drafts.settle(here, issue):
        return
    step = steps.stepper(here, row)
    with st.container():
        class_gate.tell(here, issue, step)
    with st.container():
        drafts.newer(here, issue)
        drafts.tell(here)
        over = _over(here, row)
    with st.container():
        heading.summary(here, row, over, at=step)
    proposed = st.container()  # adopting draws the page anew, so that all fields are drawn by then
    STEPS[step](here, row, over)
    if step != steps.PLANS:
        plans.remedies(here, row, over)
    with proposed:
        adopting.block(over, row, at=step)
    moves.finish(here, row, moves=not (step == steps.PLANS and plans.says_next_step(here, row)))
    take_along.offer(here, row, over)
    comments.section(here, row)
    history.history(here, store, issue)


def _over(here: Frame, row: Trace) -> Context | None:
    """The data the issue speaks of, None where there is no data problem yet or its data are away."""
    try:
        return issue_data.over(here, row)
    except Problem as trouble:
        st.warning(here.text("workshop.not_open", reason=trouble.statement), icon=":material/database_off:")
        return None


def _problem(here: Frame, row: Trace, over: Context | None) -> None:
    data_problem.problem(here, row)
    pinned_evidence.cards(here, row.issue, row.pins)
    step_forms.title_and_notes(here, row)


def _where(here: Frame, row: Trace, over: Context | None) -> None:
    beyond = data_problem.is_beyond_scope(row)
    if over is not None and not beyond:
        location(over, row)
    elif beyond or row.origin is None:
        missing = "beyond_scope" if beyond else "no_origin"
        st.info(here.text(f"trace_page.{missing}"), icon=":material/lightbulb:")
    step_forms.without_path(here, row)
    pinned_evidence.cards(here, row.issue, row.pins)


def _why(here: Frame, row: Trace, over: Context | None) -> None:
    """The tree beside the contacts; below it what the data say of its kind, and the form that names it."""
    left, right = (st.container(), st.container()) if here.large else st.columns([5, 4], gap="large")
    with left:
        whys.tree(here, row)
    with right:
        if over is not None:
            contact_list(over, row)
    if over is not None:
        kind_of_cause.naming(over, row)
    step_forms.cause(here, row)
    pinned_evidence.cards(here, row.issue, row.pins)


def _solution(here: Frame, row: Trace, over: Context | None) -> None:
    plans.remedies(here, row, over, begins=True)
    pinned_evidence.cards(here, row.issue, row.pins)


STEPS: Mapping[str, Callable[[Frame, Trace, Context | None], None]] = {
    "data_problem": _problem,
    "where": _where,
    "why": _why,
    "solution": _solution,
}

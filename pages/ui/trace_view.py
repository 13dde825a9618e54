"""A trace that is open: four steps from the number to the owner of the cause, and what was found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.records import Issue
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace
from pages.ui import (
    diagnosis,
    drafts,
    evidence,
    issue_record,
    issues,
    naming_view,
    problem,
    remedies,
    whole,
    why_tree,
)
from pages.ui.contact_list import contact_list
from pages.ui.context import Context, Frame
from pages.ui.location import location


def draw(here: Frame, store: Store, issue: Issue) -> None:
    """The same in the workshop and outside of it. Records can be read and written while the data are away."""
    issues.back(here)
    (row,) = store.traces(here.user, issue.id)
    diagnosis.heading(here, issue)
    if drafts.settle(here, issue):
        return
    step = diagnosis.stepper(here, row)
    drafts.newer(here, issue)
    diagnosis.summary(here, issue)
    over = _over(here, row)
    STEPS[step](here, row, over)
    if step != "solution":
        remedies.remedies(here, row, over)
    diagnosis.finish(here, row)
    issue_record.history(here, store, issue)


def _over(here: Frame, row: Trace) -> Context | None:
    """The data the trace speaks of, None where there is no data problem yet or its data are away."""
    try:
        return whole.over(here, row)
    except Problem as problem_:
        st.warning(here.text("workshop.not_open", reason=problem_.statement), icon=":material/database_off:")
        return None


def _problem(here: Frame, row: Trace, over: Context | None) -> None:
    problem.problem(here, row)
    diagnosis.write(here, row, "data_problem")
    evidence.evidence(here, row.issue, row.pins)


def _where(here: Frame, row: Trace, over: Context | None) -> None:
    if over is not None:
        location(over, row)
    elif row.origin is None:
        missing = "beyond_scope" if problem.is_beyond_scope(row) else "no_origin"
        st.info(here.text(f"trace_page.{missing}"), icon=":material/lightbulb:")
    diagnosis.write(here, row, "where")
    evidence.evidence(here, row.issue, row.pins)


def _why(here: Frame, row: Trace, over: Context | None) -> None:
    """The tree beside the contacts; below it what the data say of its kind, and the form that names it."""
    left, right = (st.container(), st.container()) if here.large else st.columns([5, 4], gap="large")
    with left:
        why_tree.tree(here, row)
    with right:
        if over is not None:
            contact_list(over, row)
    if over is not None:
        naming_view.naming(over, row)
    diagnosis.write(here, row, "why")
    evidence.evidence(here, row.issue, row.pins)


def _solution(here: Frame, row: Trace, over: Context | None) -> None:
    remedies.remedies(here, row, over)
    diagnosis.write(here, row, "solution")
    evidence.evidence(here, row.issue, row.pins)


STEPS: Mapping[str, Callable[[Frame, Trace, Context | None], None]] = {
    "data_problem": _problem,
    "where": _where,
    "why": _why,
    "solution": _solution,
}

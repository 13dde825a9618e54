"""From a leading cause to an issue in one step: its data problem and its path are there, nothing is typed."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from data_access.workshop.records import Issue, IssueState, Pin
from pages.frame.context import Context
from pages.report import pinning


def start(here: Context, cause: Result) -> str:
    """The id of the issue that begins with this cause: the open one that does already, else a new one.

    What the data found is proposed in its steps (`proposals`). Raises Problem where the user may open none.
    """
    pin = pinning.pin_of(here, cause)
    begun = _begun(here, pin)
    issue_id = begun.id if begun else pinning.begin(here, pin, _title(here, cause))
    st.session_state[pinning.OPEN_ISSUE] = st.session_state[pinning.LAST] = issue_id
    return issue_id


def _title(here: Context, cause: Result) -> str:
    """What is asked, never what was found: others may not see all of the data."""
    metric = here.names.of_dimension(cause.metric)
    return here.plain.text("remedy.title", metric=metric, period=cause.selection.period)[:120]


def _begun(here: Context, pin: Pin) -> Issue | None:
    """The open issue whose data problem is the same evidence: pressing twice opens it again."""
    for trace in here.store().traces(here.user):
        is_open = trace.issue.state is not IssueState.CLOSED
        if is_open and trace.origin is not None and pinning.is_alike(trace.origin, pin):
            return trace.issue
    return None

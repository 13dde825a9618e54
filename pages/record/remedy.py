"""From a leading cause to an issue in one step: its data problem and its path are there, nothing is typed."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from pages.frame.context import Context
from pages.report import pinning


def start(here: Context, cause: Result) -> str:
    """The id of the issue that begins with this cause: the open one that does already, else a new one.

    What the data found is proposed in its steps (`proposals`). Raises Problem where the user may open none.
    """
    issue_id = pinning.begin(here, pinning.pin_of(here, cause), _title(here, cause), once=True)
    st.session_state[pinning.OPEN_ISSUE] = st.session_state[pinning.LAST] = issue_id
    return issue_id


def _title(here: Context, cause: Result) -> str:
    """What is asked, never what was found: others may not see all of the data."""
    metric = here.names.of_dimension(cause.metric)
    return here.plain.text("remedy.title", metric=metric, period=cause.selection.period)[:120]

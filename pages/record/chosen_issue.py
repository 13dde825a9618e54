"""Which issue is open: that of the link, the last pin or a click."""

from __future__ import annotations

import streamlit as st

from data_access.workshop.records import Issue
from data_access.workshop.store import Store
from pages.frame import address
from pages.frame.context import Frame
from pages.report import group_issue
from pages.report.pinning import OPEN_ISSUE

PLACE = "page.issue"  # the id of the issue that is open
LINKED = "page.issue.linked"
ON = "page.issue.on"  # the page that it is open on: the other one shows its list


def opened_issue(here: Frame, store: Store) -> Issue | None:
    """The issue that the link, the last pin or a click asks for; None where that is the list."""
    if OPEN_ISSUE in st.session_state:
        show_issue(here, st.session_state.pop(OPEN_ISSUE))
    address.take("issue", LINKED, lambda values: values[0] if _visible(here, store, values[0]) else None)
    if here.user.attends and PLACE not in st.session_state and LINKED not in st.session_state:
        own = group_issue.of(here)  # a group has one issue: who comes back is where the group is
        st.session_state[PLACE], st.session_state[ON] = own.id if own else None, here.page
    if LINKED in st.session_state:
        st.session_state[PLACE], st.session_state[ON] = st.session_state.pop(LINKED), here.page
    wanted = st.session_state.get(PLACE) if st.session_state.get(ON) == here.page else None
    issue = _visible(here, store, wanted) if wanted else None
    if issue:
        address.write("issue", issue.id)
    return issue


def _visible(here: Frame, store: Store, issue_id: str) -> Issue | None:
    return next((issue for issue in store.issues(here.user) if issue.id == issue_id), None)


def show_issue(here: Frame, issue_id: str | None) -> None:
    """Open an issue on this page in its newest version, or with None the list."""
    st.session_state[PLACE], st.session_state[ON] = issue_id, here.page
    st.session_state.pop(f"draft.{issue_id}", None)


def back(here: Frame) -> None:
    """Leave the issue for the list."""
    if st.button(here.text("workshop.all"), icon=":material/arrow_back:", type="tertiary", key="issue.back"):
        show_issue(here, None)
        st.rerun()

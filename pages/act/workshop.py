"""Issues, their evidence, causes and remedies."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data_access.workshop.records import Issue
from data_access.workshop.store import Store
from pages.ui import address, diagnosis, drafts, evidence, issue_record, issues, remedies
from pages.ui.context import Context


def draw(here: Context) -> None:
    """The list of issues, or the one that is open."""
    store = here.store()
    issue = issues.opened_issue(here, store)
    if issue is None:
        issues.issue_list(here, store)
        return
    address.write("issue", issue.id)
    if st.button(here.text("workshop.all"), icon=":material/arrow_back:", type="tertiary", key="issue.back"):
        issues.show_issue(None)
        st.rerun()
    _draw_issue(here, store, issue)


def _draw_issue(here: Context, store: Store, issue: Issue) -> None:
    """Four steps, what was found, the evidence, the plans, and what happened."""
    pins, plans = store.pins(here.user, issue.id), store.plans(here.user, issue.id)
    diagnosis.heading(here, issue)
    if drafts.settle(here, issue):
        return
    step = diagnosis.stepper(here, issue, pins)
    drafts.newer(here, issue)
    diagnosis.summary(here, issue)
    diagnosis.write(here, issue, step)
    parts = [partial(evidence.evidence, here, issue, pins), partial(remedies.remedies, here, issue, pins, plans)]
    for part in reversed(parts) if step == "solution" else parts:  # what is worked on comes first
        part()
    with st.container(horizontal=True):
        missing = diagnosis.moves(here, issue, pins, plans)
        issue_record.excel(here, issue, pins, plans)
    if missing:
        st.caption(missing)
    issue_record.history(here, store, issue)

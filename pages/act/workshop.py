"""Issues, their evidence, causes and remedies."""

from __future__ import annotations

import streamlit as st

from data_access.workshop.records import Issue
from data_access.workshop.store import Store
from pages.ui import diagnosis, drafts, evidence, issue_record, issues, remedies
from pages.ui.context import Frame


def draw(here: Frame) -> None:
    """The list of issues, or the one that is open. Records can be read and written while the data are away."""
    store = here.store()
    issue = issues.opened_issue(here, store)
    if issue is None:
        issues.issue_list(here, store)
    else:
        _draw_issue(here, store, issue)


def _draw_issue(here: Frame, store: Store, issue: Issue) -> None:
    """Four steps, what was found, the evidence, the plans, and what happened."""
    issues.back(here)
    pins, plans = store.pins(here.user, issue.id), store.plans(here.user, issue.id)
    diagnosis.heading(here, issue)
    if drafts.settle(here, issue):
        return
    step = diagnosis.stepper(here, issue, pins)
    drafts.newer(here, issue)
    diagnosis.summary(here, issue)
    diagnosis.write(here, issue, step)
    first, second = st.container(), st.container()
    with second if step == "solution" else first:  # what is worked on comes first
        evidence.evidence(here, issue, pins)
    with first if step == "solution" else second:
        remedies.remedies(here, issue, pins, plans)
    diagnosis.finish(here, issue, pins, plans)
    issue_record.history(here, store, issue)

"""The form for a new issue: one over the present selection, or one that no number shows, with a reason."""

from __future__ import annotations

import streamlit as st

from data_access.access import may_edit_issue
from data_access.statement import Problem
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Basis
from data_access.workshop.store import Store
from pages.frame.context import Context, Frame
from pages.record import data_problem, drafts
from pages.record import record_words as say
from pages.record.chosen_issue import show_issue
from pages.report import report

SAVE = "issue.create.save"


def offered(here: Frame, store: Store) -> None:
    """A button that opens the form, for those who may."""
    if may_edit_issue(here.user):
        with st.popover(here.text("workshop.new"), icon=":material/add:", type="primary", key="issue.new"):
            _form(here, store)


def is_made() -> bool:
    """Whether this run makes the issue that was filled in."""
    return bool(st.session_state.get(SAVE))


def _form(here: Frame, store: Store) -> None:
    with st.form("issue.create", border=False):
        title = st.text_input(say.field(here, "title"), key="issue.create.title", max_chars=longest("title"))
        if isinstance(here, Context):
            asked = report.selection_in_words(here, here.selection, here.version)
            st.caption(f"{here.text('trace_page.over_selection')} {asked}")
        basis = st.selectbox(say.field(here, "basis"), [*Basis], key="issue.create.basis",
                             format_func=lambda code: here.text(f"workshop.basis.{code}"))  # fmt: skip
        reason = st.text_area(say.field(here, "basis_reason"), key="issue.create.reason", max_chars=2_000, height=80,
                              help=here.text("trace_page.reason_help"))  # fmt: skip
        made = st.form_submit_button(here.text("workshop.create"), type="primary", icon=":material/add:",
                                     key=SAVE)  # fmt: skip
    if made:
        _begin(here, store, title, Basis(basis), reason)


def _begin(here: Frame, store: Store, title: str, basis: Basis, reason: str) -> None:
    try:
        issue = data_problem.begun(here, store, title, basis, reason)
    except Problem as trouble:
        st.error(say.trouble(here, trouble))
        return
    drafts.load(issue)
    show_issue(issue.id)
    st.rerun()

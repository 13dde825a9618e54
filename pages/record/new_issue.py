"""The form for a new issue: one over the present selection, or one that no number shows, with a reason."""

from __future__ import annotations

import streamlit as st

from data_access.access import may_edit_issue
from data_access.statement import Problem
from data_access.workshop.drafts import Draft
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Basis
from data_access.workshop.store import Store
from pages.frame import kept, top
from pages.frame.context import Context, Frame
from pages.record import data_problem, drafts
from pages.record import record_words as say
from pages.record.chosen_issue import show_issue
from pages.report import report

SAVE = "issue.create.save"
TITLE, BASIS, REASON = "issue.create.title", "issue.create.basis", "issue.create.reason"
NEW = "new"  # what its drafts hang on
FIELDS = ("title", "basis", "basis_reason")


def offered(here: Frame, store: Store) -> None:
    """A button that opens the form, for those who may."""
    if may_edit_issue(here.user):
        kept.read(here)
        with st.popover(here.text("workshop.new"), icon=":material/add:", type="primary", key="issue.new"):
            _fields(here)
            if st.button(here.text("workshop.create"), type="primary", icon=":material/add:", key=SAVE):
                title, basis, reason = (st.session_state[place] for place in (TITLE, BASIS, REASON))
                _begin(here, store, title, Basis(basis), reason)


def is_made() -> bool:
    """Whether this run makes the issue that was filled in."""
    return bool(st.session_state.get(SAVE))


@kept.form
def _fields(here: Frame) -> None:
    """Drawn by themselves; what makes the issue is not, as only a run of the whole page asks the data for it."""
    kept.line(here, say.field(here, "title"), _about("title"), TITLE, max_chars=longest("title"))
    if isinstance(here, Context):
        asked = report.selection_in_words(here, here.selection, here.version)
        st.caption(f"{here.text('trace_page.over_selection')} {asked}")
    st.selectbox(say.field(here, "basis"), [*Basis], **kept.options(here, _about("basis", Basis.DATA), BASIS),
                 format_func=lambda code: here.text(f"workshop.basis.{code}"))  # fmt: skip
    kept.area(here, say.field(here, "basis_reason"), _about("basis_reason"), REASON, max_chars=2_000, height=80,
              help=here.text("trace_page.reason_help"))  # fmt: skip


def _about(field: str, before: str = "") -> Draft:
    """Where the draft of a field belongs before there is an issue."""
    return Draft(kind="issue", subject_id=NEW, field=field, content=before, before=before)


def _begin(here: Frame, store: Store, title: str, basis: Basis, reason: str) -> None:
    try:
        issue = data_problem.begun(here, store, title, basis, reason)
    except Problem as trouble:
        top.refuse(say.trouble(here, trouble))
        return
    kept.drop(here, *(_about(field) for field in FIELDS))
    for place in (TITLE, BASIS, REASON):  # the form begins empty again
        st.session_state.pop(place, None)
    drafts.load(issue)
    show_issue(here, issue.id)
    st.rerun()

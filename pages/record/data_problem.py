"""The data problem of an issue: which number, over which data; or why it is looked into although not shown."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.overview import overview
from data_access.access import may_edit_issue
from data_access.statement import NothingToShow, Problem
from data_access.workshop.records import Basis, Issue, IssueState, Pin
from data_access.workshop.store import Store
from data_access.workshop.tracing import Trace, dataset_of
from pages.frame import kept, top
from pages.frame.context import Context, Frame
from pages.record import drafts
from pages.record import record_words as say
from pages.record.location import left_behind
from pages.report import pinning


def problem(here: Frame, row: Trace) -> None:
    """What the issue stands on, and the form for one that no number shows."""
    issue = row.issue
    if issue.basis is not Basis.DATA:
        because = here.text("trace_page.because", basis=here.text(f"workshop.basis.{issue.basis}"),
                            reason=issue.basis_reason)  # fmt: skip
        st.warning(f"{here.text('trace_page.not_shown')}: {because}", icon=":material/report:")
    if row.origin is not None and row.origin.sql:
        with st.expander(here.text("trace_page.query"), icon=":material/database:", type="compact"):
            for text in row.origin.sql:
                st.code(text, language="sql", wrap_lines=True)
    if not may_edit_issue(here.user) or issue.state is IssueState.CLOSED:
        return
    if is_beyond_scope(row):
        st.caption(here.text("trace_page.beyond_scope"))
    elif len(row.pins) > (row.origin is not None):
        _choose_origin(here, row)
    elif row.origin is None and isinstance(here, Context):
        st.caption(here.text("trace_page.no_problem"))
        if st.button(here.text("trace_page.from_selection"), icon=":material/keep:", key="problem.from"):
            from_selection(here, issue)
    _basis(here, issue)


def is_beyond_scope(row: Trace) -> bool:
    """Whether the data problem, or where it led, is not for the reader to see; it is there all the same."""
    return bool(row.issue.origin) and (row.origin is None or row.hidden)


def _choose_origin(here: Frame, row: Trace) -> None:
    """Which of the pins is the problem that is traced; another one leaves the path to the last as an alternative."""
    pins = {pin.id: pin for pin in row.pins if pin.id != row.issue.origin}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(here.text("trace_page.origin"), list(pins), key=f"problem.origin.{row.issue.id}",
                              format_func=lambda id: here.plain.recall(pins[id].statements[0])[:120])  # fmt: skip
        if st.button(here.text("trace_page.is_origin"), key="problem.set", icon=":material/flag:"):
            base: Issue = drafts.opened(row.issue)
            drafts.save(here, _started(here, base, row.origin, pins[chosen]), fresh=False)


def _started(here: Frame, base: Issue, origin: Pin | None, pin: Pin) -> Issue:
    """The issue traced from another pin; over other data the paths gone so far say nothing."""
    started = pinning.starting(here, base, pin)
    alike = origin is not None and dataset_of(origin) == dataset_of(pin)
    return replace(started, branches=left_behind(base, started.path) if alike else ())


def _basis(here: Frame, issue: Issue) -> None:
    """A grave recording or complaint, or too few answers, may be traced with a reason; it is marked from then on."""
    with st.popover(here.text("trace_page.basis"), icon=":material/report:", key="problem.basis"):
        _basis_form(here, issue)


@kept.form
def _basis_form(here: Frame, issue: Issue) -> None:
    base: Issue = drafts.opened(issue)
    basis = st.selectbox(say.field(here, "basis"), [*Basis], **drafts.chosen(here, base, "basis"),
                         format_func=lambda code: here.text(f"workshop.basis.{code}"))  # fmt: skip
    reason = drafts.area(here, say.field(here, "basis_reason"), base, "basis_reason", max_chars=2_000)
    if st.button(here.text("workshop.save"), key="basis.save", type="primary"):
        drafts.save(here, replace(base, basis=Basis(basis), basis_reason=reason))


def begun(here: Frame, store: Store, title: str, basis: Basis, reason: str) -> Issue:
    """A new row over the present selection. Raises Problem, and makes none, where it may not be or lacks a reason."""
    pin = _headline(here, basis)
    version = here.version if isinstance(here, Context) else ""
    issue = store.create_issue(here.user, title, data_version=version, basis=basis, basis_reason=reason)
    if pin is None:
        return issue
    return store.save_issue(here.user, pinning.starting(here, issue, store.pin(here.user, issue.id, pin)))


def _headline(here: Frame, basis: Basis) -> Pin | None:
    """The headline of the present selection; where that shows nothing, an issue can only stand on something else."""
    if not isinstance(here, Context):
        return None
    try:
        return pinning.pin_of(here, here.run(overview))
    except NothingToShow:
        if basis is Basis.DATA:
            raise
        return None


def from_selection(here: Context, issue: Issue) -> None:
    """Pin the headline of the present selection and make it the data problem."""
    try:
        headline = here.run(overview)
        pin = here.store().pin(here.user, issue.id, pinning.pin_of(here, headline))
    except Problem as trouble:
        top.refuse(say.trouble(here, trouble))
        return
    drafts.save(here, pinning.starting(here, drafts.opened(issue), pin), fresh=False)

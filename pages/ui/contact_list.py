"""The contacts behind a step: worst first, what stands out marked, some of them to be taken as evidence."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.result import Result
from analysis.trail import contacts
from data_access.access import may_see_rows
from data_access.workshop.records import Issue
from data_access.workshop.tracing import Trace
from pages.ui import drafts, journey_view, report
from pages.ui.contact_words import contact_frame, marks
from pages.ui.context import Context

A_PAGE = 12


def contact_list(here: Context, row: Trace) -> None:
    """A page of contacts; marked ones can become evidence, a single one is opened."""
    st.markdown(f"#### {here.text('trace_page.contacts')}")
    if not may_see_rows(here.user):
        st.caption(here.text("trace_page.may_not_see"))
        return
    issue: Issue = drafts.opened(row.issue)
    order = st.segmented_control(
        here.text("trace_page.order"), ("worst", "newest"), key=here.key("order"), required=True, default="worst",
        label_visibility="collapsed", format_func=lambda code: here.text(f"trace_page.order_{code}"),
    )  # fmt: skip
    page = int(st.session_state.get(_page(issue), 1))
    found = report.attempt(here, contacts, path=issue.path, page=page, size=A_PAGE, order=str(order))
    if found is None:
        return
    chosen = _grid(here, issue, found)
    _pages(here, issue, found)
    for statement in found.findings[1:]:
        st.caption(here.say(statement))
    if chosen:
        _mark(here, issue, chosen)
    if len(chosen) == 1:
        journey_view.opened(here, row, chosen[0])


def _page(issue: Issue) -> str:
    return f"contacts.page.{issue.id}.{hash(issue.path)}"


def _pages(here: Context, issue: Issue, found: Result) -> None:
    s = found.statistics
    st.caption(here.text("trace_page.page", shown=len(found.table), n=s["n"]))
    if s["pages"] > 1:
        st.pagination(int(s["pages"]), key=_page(issue))


def _grid(here: Context, issue: Issue, found: Result) -> list[str]:
    """The table; the ids of its marked rows."""
    frame = contact_frame(here, found)
    flags = here.text("trace_page.contact.stands_out")
    event = st.dataframe(
        frame, hide_index=True, on_select="rerun", selection_mode="multi-row", placeholder="",
        height="content", column_config={flags: st.column_config.Column(width=110)},
        key=f"contacts.{issue.id}.{found.statistics['page']}.{hash(issue.path)}",
    )  # fmt: skip
    return [str(found.table["contact_id"].iloc[place]) for place in event["selection"]["rows"]]


def _mark(here: Context, issue: Issue, chosen: Sequence[str]) -> None:
    st.session_state[marks(issue)] = tuple(chosen)
    st.caption(here.text("trace_page.marked", count=len(chosen)))

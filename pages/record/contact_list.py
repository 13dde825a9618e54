"""The contacts behind a step: worst first, what stands out marked, some of them to be taken as evidence."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from analysis.trail import contacts
from data_access.access import may_see_rows
from data_access.workshop.records import Issue
from data_access.workshop.tracing import Trace
from pages.frame.context import Context
from pages.record import contact_journey, drafts
from pages.record.contact_facts import contact_frame, marked, marks
from pages.report import report

A_PAGE = 12


def contact_list(here: Context, row: Trace) -> None:
    """A page of contacts; marked ones can become evidence, a single one is opened."""
    st.markdown(f"## {here.text('trace_page.contacts')}")
    if not may_see_rows(here.user):
        st.caption(here.text("trace_page.may_not_see"))
        return
    issue: Issue = drafts.opened(row.issue)
    order = st.segmented_control(
        here.text("trace_page.order"), ("worst", "newest"), key=here.key("order"), required=True, default="worst",
        label_visibility="collapsed", format_func=lambda code: here.text(f"trace_page.order_{code}"),
    )  # fmt: skip
    page = int(st.session_state.get(_page(issue), 1))
    result = report.attempt(here, contacts, path=issue.path, page=page, size=A_PAGE, order=str(order))
    if result is None:
        return
    chosen = _grid(here, issue, result, str(order))
    _pages(here, issue, result)
    for statement in result.findings[1:]:
        st.caption(here.say(statement))
    if marked(issue):
        st.caption(here.text("trace_page.marked", count=len(marked(issue))))
    if len(chosen) == 1:
        contact_journey.opened(here, row, chosen[0])


def _page(issue: Issue) -> str:
    return f"contacts.page.{issue.id}.{hash(issue.path)}"


def _pages(here: Context, issue: Issue, result: Result) -> None:
    s = result.statistics
    st.caption(here.text("trace_page.page", shown=len(result.table), n=s["n"]))
    if s["pages"] > 1:
        st.pagination(int(s["pages"]), key=_page(issue))


def _grid(here: Context, issue: Issue, result: Result, order: str) -> list[str]:
    """The table; the ids of its marked rows. What is marked on other pages stays marked."""
    frame = contact_frame(here, result)
    listed = [str(contact) for contact in result.table["contact_id"]]
    kept: dict[str, list[str]] = st.session_state.setdefault(f"contacts.kept.{issue.id}.{hash(issue.path)}", {})
    place = f"{order}.{result.statistics['page']}"
    before = [row for row, contact in enumerate(listed) if contact in kept.get(place, ())]
    flags = here.text("trace_page.contact.stands_out")
    event = st.dataframe(
        frame, hide_index=True, on_select="rerun", selection_mode="multi-row", placeholder="",
        height="content", column_config={flags: st.column_config.Column(width=110)},
        key=f"contacts.{issue.id}.{place}.{hash(issue.path)}", selection_default={"selection": {"rows": before}},
    )  # fmt: skip
    kept[place] = [listed[row] for row in event["selection"]["rows"]]
    st.session_state[marks(issue)] = tuple(dict.fromkeys(contact for page in kept.values() for contact in page))
    return kept[place]

"""The issues as cards: what is wrong, how far the diagnosis is, whose it is, and which plan is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from data_access.workshop.records import Issue, IssueState, Plan, PlanState
from data_access.workshop.standing import overdue
from data_access.workshop.store import Store
from pages.frame import address
from pages.frame.context import Frame
from pages.record import drafts, new_issue, removal
from pages.record import record_words as say
from pages.record.examples import offer
from pages.report import group_issue
from pages.report.pinning import OPEN_ISSUE
from pages.words.links import PAGES_OWN
from pages.words.markdown import escape_markdown

A_PAGE = 20


@dataclass(frozen=True)
class Line:
    """An issue with its plans, as one line of the list."""

    issue: Issue
    plans: tuple[Plan, ...]

    @property
    def running(self) -> list[Plan]:
        """Plans still to be done, due first."""
        return [p for p in self.plans if p.state in (PlanState.PLANNED, PlanState.DOING)]

    @property
    def late(self) -> int:
        if self.issue.state is IssueState.CLOSED:
            return 0
        return sum(overdue(plan, date.today()) > 0 for plan in self.plans)

    @property
    def urgency(self) -> tuple[bool, bool, date]:
        """Closed last, overdue first, then by the next day that is due."""
        next_due = min((p.due for p in self.running if p.due), default=date.max)
        return self.issue.state is IssueState.CLOSED, not self.late, next_due


def cards(here: Frame, store: Store) -> None:
    """All issues the user may see, what is late first, and a form for a new one."""
    lines = _lines(store.issues(here.user), store.plans(here.user))
    st.title(here.text("workshop.question"), anchor=False)
    going = [line for line in lines if line.issue.state is not IssueState.CLOSED]
    st.caption(here.text("workshop.summary", going=len(going), late=sum(line.late for line in lines)))
    if lines:
        st.caption(here.text("workshop.board"))
    with st.container(horizontal=True):
        new_issue.offered(here, store)
        if lines:
            offer.small(here)
    removal.offer(here)
    if not lines:
        st.info(here.text("workshop.empty"), icon=":material/lightbulb:")
        offer.all_of_them(here)
    page = st.session_state.get("issues.page", 1) if len(lines) > A_PAGE else 1
    shown = lines[(page - 1) * A_PAGE : page * A_PAGE]
    pins = store.pin_counts(here.user, [line.issue.id for line in shown])
    unsaved = drafts.marks(here)
    for line in shown:
        _card(here, line, pins.get(line.issue.id, 0), unsaved.get(line.issue.id, ""))
    if len(lines) > A_PAGE:
        st.pagination(-(-len(lines) // A_PAGE), key="issues.page")
    removal.deleted_issues(here)


def _lines(issues: Sequence[Issue], plans: Sequence[Plan]) -> list[Line]:
    lines = [Line(issue, tuple(p for p in plans if p.issue_id == issue.id)) for issue in issues]
    return sorted(lines, key=lambda line: line.urgency)


def _card(here: Frame, line: Line, pins: int, unsaved: str) -> None:
    issue = line.issue
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"issue.card.{issue.id}"):
        with st.container(width="stretch", gap="xsmall"):
            if st.button(f"**{escape_markdown(issue.title)}**", key=f"issue.open.{issue.id}", type="tertiary"):
                _open(here, issue)
            st.caption(" · ".join(_facts(here, issue, pins)))
        badges = [say.basis_badge(here, issue), say.state_badge(here, issue), *_due(here, line)]
        badges += [f":violet-badge[:material/edit_note: {unsaved}]"] if unsaved else []
        st.markdown(" ".join(badges), width="content")


def _open(here: Frame, issue: Issue) -> None:
    """An issue is worked on in one place, with its four steps: here stands the list by what is due."""
    st.session_state[OPEN_ISSUE] = issue.id
    kept = {name: values for name, values in address.carried().items() if name not in PAGES_OWN}
    st.switch_page(here.pages["trace"], query_params=kept)


def _facts(here: Frame, issue: Issue, pins: int) -> list[str]:
    facts = [here.text("workshop.evidence_count", count=pins)]
    if issue.owner or issue.person:
        facts.insert(0, escape_markdown(say.answerable(here, issue)))
    if issue.cause_type:
        facts.append(say.shown(here, "cause_type", issue.cause_type))
    if issue.group:
        facts.append(group_issue.named(here, issue))
    return [*facts, here.text("workshop.changed", moment=say.moment(here, issue.updated_at))]


def _due(here: Frame, line: Line) -> list[str]:
    if line.issue.state is IssueState.CLOSED or not line.running:
        return []
    dated = [p.due for p in line.running if p.due]
    if not dated:
        return [f":gray-badge[{here.text('workshop.undated', count=len(line.running))}]"]
    text = here.text("workshop.due_on", count=len(line.running), day=min(dated))
    if not line.late:
        return [f":gray-badge[{text}]"]
    return [f":orange-badge[:material/schedule: {here.text('workshop.overdue')}] :gray-badge[{text}]"]

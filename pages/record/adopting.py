"""What the data propose, in one block at the top of an issue: adopted all at once, one by one, or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from data_access.access import may_edit_issue, may_pin
from data_access.workshop.records import Issue, IssueState, Pin, Why, WhyStatus
from data_access.workshop.tracing import Evidence, EvidenceKind, Trace
from pages.frame.context import Context, Frame
from pages.record import drafts, proposals, steps
from pages.record import record_words as say
from pages.record.proposals import Proposal, Proposed, ProposedWhy
from pages.report import group_issue
from pages.words.markdown import escape_markdown

COLOURS = {proposals.SHOWN: "blue", proposals.LIKELY: "blue"}


def block(here: Context | None, row: Trace, *, at: str) -> None:
    """The proposals for what is still empty; once there is a cause and no plan, the way to the remedy."""
    issue = row.issue
    if here is None or row.hidden or issue.state is not IssueState.OPEN or not may_edit_issue(here.user):
        return
    if group_issue.must_find(here):
        return
    found = _asked_for(here, row)
    if found:
        _offered(here, row, found)
    elif issue.cause and issue.cause_type and not row.plans and at != "solution":
        _go_on(here, issue)


def _asked_for(here: Context, row: Trace) -> Proposed | None:
    """The proposals: at once where a leading cause is pinned, else when somebody asks for them."""
    place = f"adopt.asked.{row.issue.id}"
    wanted = st.session_state.get(place, proposals.leading(here, row) is not None)
    if wanted:
        return proposals.proposed(here, row)
    is_empty = not (row.issue.cause_type or row.whys) and place not in st.session_state
    if is_empty and row.issue.path and st.button(
        here.text("remedy.ask"), icon=":material/lightbulb:", key="adopt.ask"
    ):  # fmt: skip
        st.session_state[place] = True
        st.rerun()
    return None


def _offered(here: Context, row: Trace, found: Proposed) -> None:
    with st.container(border=True, key="adopt", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"## {here.text('remedy.proposed')}", width="stretch")
            if st.button(here.text("remedy.adopt_all"), type="primary", icon=":material/done_all:", key="adopt.all"):
                _adopt(row, found)
            if st.button(here.text("remedy.later"), type="tertiary", key="adopt.later"):
                st.session_state[f"adopt.asked.{row.issue.id}"] = False
                st.rerun()
        for proposal in found.fields:
            _line(here, row, found, proposal)
        if found.whys:
            _chain(here, row, found)
        st.caption(here.text("remedy.no_proof"))


def _line(here: Context, row: Trace, found: Proposed, proposal: Proposal) -> None:
    """One field with what is proposed, how well it is shown and on what it stands."""
    said = say.shown(here, proposal.name, proposal.content)
    because = here.text(proposal.because)
    line = here.text("remedy.line", field=say.field(here, proposal.name), said=said)
    head = f"{line} {_badge(here, proposal.grade)} :small[:gray[{because}]]"
    if _pressed(here, head, proposal.name):
        _adopt(row, replace(found, fields=(proposal,), whys=()))


def _chain(here: Context, row: Trace, found: Proposed) -> None:
    chain = " ← ".join(escape_markdown(why.statement) for why in found.whys)
    line = here.text("remedy.line", field=here.text("workshop.stage.why"), said=chain)
    head = f"{line} {_badge(here, found.whys[-1].grade)}"
    if _pressed(here, head, "whys"):
        _adopt(row, replace(found, fields=()))


def _pressed(here: Context, head: str, name: str) -> bool:
    said, button = st.columns([8, 1], vertical_alignment="center")
    said.markdown(head)
    return button.button(here.text("remedy.adopt"), icon=":material/check:", type="tertiary", key=f"adopt.{name}")


def _badge(here: Context, grade: str) -> str:
    said = here.text("remedy.grade", grade=here.text(f"leading_cause.grade.{grade}"))
    return f":{COLOURS.get(grade, 'gray')}-badge[{said}]"


def _adopt(row: Trace, adopted: Proposed) -> None:
    """Adopt in the next run, before the fields are drawn that show it; what is typed in others stays."""
    st.session_state[_pending(row.issue)] = adopted
    st.rerun()


def _pending(issue: Issue) -> str:
    return f"adopt.pending.{issue.id}"


def take(here: Frame, issue: Issue) -> None:
    """Save what was adopted in the last run as what a person says."""
    adopted: Proposed | None = st.session_state.pop(_pending(issue), None)
    if adopted is None:
        return
    base: Issue = drafts.opened(issue)
    content: dict[str, Any] = {proposal.name: proposal.content for proposal in adopted.fields}
    for name, value in content.items():
        st.session_state[drafts.key(base, name)] = value
    drafts.saves(here, replace(base, **content), then=lambda: _grow(here, issue, adopted), fresh=False)


def _grow(here: Frame, issue: Issue, adopted: Proposed) -> None:
    """The chain of whys, each with what it stands on; supported only where the data show it."""
    store, parent = here.store(), ""
    for proposal in adopted.whys:
        why = store.save_why(here.user, Why(
            issue_id=issue.id, statement=proposal.statement, level=proposal.level, parent_id=parent,
            confidence=proposal.confidence,
        ))  # fmt: skip
        parent = why.id
        if not may_pin(here.user):
            continue
        store.add_evidence(here.user, _evidence(here, why, adopted.pin, proposal))
        if proposal.grade == proposals.SHOWN:
            store.save_why(here.user, replace(why, status=WhyStatus.SUPPORTED))


def _evidence(here: Frame, why: Why, pin: Pin, proposal: ProposedWhy) -> Evidence:
    event = proposal.event
    if event is None or not event.id:
        return Evidence(issue_id=why.issue_id, why_id=why.id, kind=EvidenceKind.PIN, pin_id=pin.id)
    return Evidence(issue_id=why.issue_id, why_id=why.id, kind=EvidenceKind.RULE, rule_id=event.id,
                    effective=event.since, text=event.title or proposals.event_in_words(here, event))  # fmt: skip


def _go_on(here: Context, issue: Issue) -> None:
    """A cause that is named wants a remedy."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(here.text("remedy.named"), icon=":material/check:")
        if st.button(here.text("remedy.to_plan"), type="primary", icon=":material/arrow_forward:", key="adopt.next"):
            steps.open_step(issue, "solution")
            st.rerun()

"""Where an issue may go from here, and what that still lacks."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data_access.statement import Problem
from data_access.workshop import rules
from data_access.workshop.records import IssueState
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame
from pages.record import drafts, history, removal
from pages.record import record_words as say

FORWARD = {
    IssueState.OPEN: IssueState.DIAGNOSED,
    IssueState.DIAGNOSED: IssueState.PLANNED,
    IssueState.PLANNED: IssueState.CLOSED,
}
BACK = {
    (IssueState.CLOSED, IssueState.OPEN): "workshop.reopen",
    (IssueState.PLANNED, IssueState.DIAGNOSED): "workshop.back_to_diagnosed",
}


def finish(here: Frame, row: Trace, *, moves: bool) -> None:
    """All of the issue as Excel, its last change, its end; `moves`: and where it may go, unless said above."""
    with st.container(horizontal=True):
        missing = _moves(here, row) if moves else ""
        history.excel(here, row)
        removal.undo(here, row.issue)
        removal.delete_issue(here, row.issue)
    if missing:
        st.caption(missing)


def next_step(here: Frame, row: Trace) -> None:
    """Right below the plans: how far the issue is, and the button that takes it on or what that still lacks."""
    with st.container(border=True, key="next.step", gap="small"):
        st.markdown(f":material/check: {here.text(f'workshop.next.{row.issue.state}')}")
        with st.container(horizontal=True):
            missing = _moves(here, row)
        if missing:
            st.caption(missing)


def _moves(here: Frame, row: Trace) -> str:
    """Buttons for the states the issue may be moved to. Returns in one sentence what is still missing."""
    issue, missing = row.issue, list[str]()
    base = drafts.opened(issue)
    for to in rules.issue_moves(here.user, issue):
        lacks = _lacking(here, row, to)
        forward = FORWARD.get(issue.state) is to and not lacks
        name = BACK.get((issue.state, to), f"workshop.move.issue.{to}")
        if st.button(here.text(name), key=f"issue.move.{to}", type="primary" if forward else "secondary",
                     disabled=bool(lacks)):  # fmt: skip
            drafts.save(here, replace(base, state=to))
        missing += [lacks] if lacks else []
    return missing[0] if missing else ""


def _lacking(here: Frame, row: Trace, to: IssueState) -> str:
    """What stands between the issue and a state, empty when nothing does."""
    issue, after = row.issue, replace(row.issue, state=to)
    try:
        rules.check_issue(issue, after, here.taxonomy)
        rules.check_issue_move(here.user, issue, after, pins=len(row.pins), plans=row.plans, whys=row.whys,
                               hidden=row.hidden)  # fmt: skip
    except Problem as problem:
        return say.trouble(here, problem)
    return ""

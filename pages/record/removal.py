"""Deleting and what takes it back: an offer right after it, the list of what was deleted, the last change undone."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.methods import METHODS
from data_access.access import may_edit_issue, may_remove
from data_access.statement import Problem
from data_access.workshop.changes import Removed
from data_access.workshop.records import Issue, IssueState, Plan, Why
from pages.frame import top
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import chosen_issue, drafts
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

LAST = "removed.last"  # what this person deleted last in this session, what it was called, and of which issue


def delete(here: Frame, work: Callable[[], None], removed_id: str, name: str, issue_id: str = "") -> None:
    """Delete something, offer to bring it back, and draw anew. `issue_id`: the issue it is a part of."""
    try:
        work()
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    st.session_state[LAST] = (removed_id, name, issue_id)
    st.rerun()


def offer(here: Frame, issue_id: str = "") -> None:
    """Right after something was deleted, on the list or of an issue: a button that brings it back."""
    removed_id, name, place = st.session_state.get(LAST, ("", "", ""))
    if not removed_id or place != issue_id:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="undo.offer"):
        st.info(here.text("undo.deleted", name=name), icon=":material/delete:")
        if st.button(here.text("undo.restore"), key="undo.restore", icon=":material/undo:"):
            _restore(here, removed_id)


def delete_issue(here: Frame, issue: Issue) -> None:
    """A button that deletes the issue, for those who may."""
    if _pressed(here, issue, "issue.delete", "undo.delete_issue"):
        delete(here, lambda: _remove_issue(here, issue), issue.id, issue.title)


def _remove_issue(here: Frame, issue: Issue) -> None:
    here.store().remove_issue(here.user, issue.id)
    chosen_issue.show_issue(here, None)


def delete_plan(here: Frame, plan: Plan) -> None:
    """A button that deletes the plan, for those who may."""
    if _pressed(here, plan, "plan.delete", "undo.delete"):
        delete(here, lambda: here.store().remove_plan(here.user, plan.id), plan.id, plan.action,
               plan.issue_id)  # fmt: skip


def _pressed(here: Frame, record: Issue | Plan, key: str, text: str) -> bool:
    return may_remove(here.user, record.created_by_id) and st.button(
        here.text(text), key=key, type="tertiary", icon=":material/delete:"
    )


def undo(here: Frame, record: Issue | Plan | Why) -> None:
    """What was changed last, and a button that takes it back."""
    change = here.store().last_change(here.user, record) if may_edit_issue(here.user) else None
    if change is None:
        return
    with st.popover(here.text("undo.last"), icon=":material/undo:", type="tertiary", key=f"undo.{record.id}"):
        st.markdown(say.happened(here, change))
        if st.button(here.text("undo.take_back"), key=f"undo.now.{record.id}", type="primary"):
            _undo(here, record)


def _undo(here: Frame, record: Issue | Plan | Why) -> None:
    try:
        drafts.load(here.store().undo(here.user, record))
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    st.rerun()


def deleted_issues(here: Frame) -> None:
    """The deleted issues that this person may bring back; asked for only when opened."""
    if not may_edit_issue(here.user):
        return
    place = folded(here.text("undo.issues"), "delete", "undo.issues")
    if place.open:
        with place:
            gone = here.store().removed(here.user)
            for one in gone:
                _line(here, one)
            if not gone:
                st.caption(here.text("undo.nothing"))


def deleted_parts(here: Frame, issue: Issue) -> None:
    """The deleted parts of an issue that this person may bring back."""
    for one in here.store().removed(here.user, issue.id):
        _line(here, one, is_open=issue.state is not IssueState.CLOSED)


def _line(here: Frame, one: Removed, *, is_open: bool = True) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kind, name = here.text(f"undo.kind.{one.kind}"), escape_markdown(_name(here, one))
        told = here.text("undo.line", kind=kind, who=say.who(one.removed_by), moment=say.moment(here, one.removed_at))
        st.markdown(f"**{name}** :gray[{told}]", width="stretch")
        if st.button(here.text("undo.restore"), key=f"undo.restore.{one.id}", type="tertiary", icon=":material/undo:",
                     disabled=not is_open):  # fmt: skip
            _restore(here, one.id)


def _name(here: Frame, one: Removed) -> str:
    """A pin is called by its analysis."""
    return here.plain.text(f"page.{one.name}") if one.kind == "pin" and one.name in METHODS else one.name


def _restore(here: Frame, removed_id: str) -> None:
    st.session_state.pop(LAST, None)
    try:
        here.store().restore(here.user, removed_id)
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    st.rerun()

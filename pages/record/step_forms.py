"""What is written by hand at a step of an issue; the path, the whys and the plans have places of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from data_access.access import may_edit_issue
from data_access.workshop import rules
from data_access.workshop.field_rules import longest
from data_access.workshop.records import Basis, Issue, IssueState
from data_access.workshop.tracing import Trace
from pages.frame import kept
from pages.frame.context import Frame
from pages.record import drafts
from pages.record.fields import CHOICES, choose_code


@kept.form
def title_and_notes(here: Frame, row: Trace) -> None:
    """What the issue is called, and what has no place elsewhere."""
    if not _is_open_to(here, row.issue):
        return
    base = drafts.opened(row.issue)
    with st.container(border=True):
        title, notes = _line(here, base, "title"), _text(here, base, "notes", height=128)
        if _saved(here, "data_problem"):
            drafts.save(here, replace(base, title=title, notes=notes))


@kept.form
def without_path(here: Frame, row: Trace) -> None:
    """Why no path leads to a location; asked only where there is none and data show the problem."""
    issue = row.issue
    needed = issue.basis is Basis.DATA and not issue.path
    if not _is_open_to(here, issue) or not (needed or issue.location_reason):
        return
    base = drafts.opened(issue)
    with st.container(border=True):
        reason = _text(here, base, "location_reason", height=80)
        if _saved(here, "where"):
            drafts.save(here, replace(base, location_reason=reason))


@kept.form
def cause(here: Frame, row: Trace) -> None:
    """The cause in a sentence with its kind, gap, system, power and owner; and what the tree of whys may lack."""
    issue = row.issue
    if not _is_open_to(here, issue):
        return
    base = drafts.opened(issue)
    with st.container(border=True):
        written: dict[str, Any] = {"cause": _line(here, base, "cause")}
        if issue.exception or {"levels", "evidence"} & set(rules.lacks(row)):
            written["exception"] = _line(here, base, "exception")
        written |= _codes(here, base)
        with st.container(horizontal=True):
            saved = _saved(here, "why")
            diagnosed = issue.state is IssueState.OPEN and st.button(
                here.text("workshop.save_diagnosed"), type="primary", icon=":material/check:", key="save.diagnosed"
            )
    if saved or diagnosed:
        if written["cause_type"] and not written["owner"]:  # a kind of cause is routed to a department
            written["owner"] = next(iter(here.taxonomy.owners_for(written["cause_type"])), "")
        state = IssueState.DIAGNOSED if diagnosed else base.state
        drafts.save(here, replace(base, **written, state=state))


def _is_open_to(here: Frame, issue: Issue) -> bool:
    return issue.state is not IssueState.CLOSED and may_edit_issue(here.user)


def _saved(here: Frame, step: str) -> bool:
    return st.button(here.text("workshop.save"), icon=":material/save:", key=f"save.{step}")


def _line(here: Frame, base: Issue, name: str) -> str:
    return drafts.line(here, here.text(f"workshop.field.{name}"), base, name, max_chars=longest(name))


def _text(here: Frame, base: Issue, name: str, *, height: int) -> str:
    return drafts.area(here, here.text(f"workshop.field.{name}"), base, name, max_chars=longest(name), height=height)


def _codes(here: Frame, base: Issue) -> dict[str, str]:
    """Codes of the taxonomy; an owner may also be a name. The person who answers there is written beside it."""
    codes, places = {}, st.columns(3)
    for place, name in enumerate(CHOICES):
        with places[place % 3]:
            codes[name] = choose_code(here, base, name)
    with places[len(CHOICES) % 3]:
        codes["person"] = _line(here, base, "person")
    return codes

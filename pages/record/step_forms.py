"""What is written by hand at a step of an issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from data_access.access import may_edit_issue
from data_access.workshop import rules
from data_access.workshop.records import Issue, IssueState
from data_access.workshop.tracing import Trace
from pages.frame.context import Frame
from pages.record import drafts
from pages.record.fields import CHOICES, choose_code

FIELDS: Mapping[str, tuple[str, ...]] = {
    "data_problem": ("title", "description", "data_problem"),
    "where": ("where",),
    "why": ("why", "cause"),
    "solution": ("solution",),
}
LINES = ("title", "cause", "exception")


def write(here: Frame, row: Trace, step: str) -> None:
    """The form of one step. It stands on the version it was opened with."""
    issue = row.issue
    if issue.state is IssueState.CLOSED or not may_edit_issue(here.user):
        return
    base = drafts.opened(issue)
    with st.form(f"step.form.{step}"):
        written: dict[str, Any] = {name: _text(here, base, name) for name in FIELDS[step]}
        if step == "why" and (issue.exception or {"levels", "evidence"} & set(rules.lacks(row))):
            written["exception"] = _text(here, base, "exception")
        if step == "why":
            written |= _choose(here, base)
        with st.container(horizontal=True):
            saved = st.form_submit_button(here.text("workshop.save"), icon=":material/save:", key=f"save.{step}")
            diagnosed = step == "why" and issue.state is IssueState.OPEN and st.form_submit_button(
                here.text("workshop.save_diagnosed"), type="primary", icon=":material/check:", key="save.diagnosed"
            )  # fmt: skip
    if saved or diagnosed:
        state = IssueState.DIAGNOSED if diagnosed else base.state
        if written.get("cause_type") and not written.get("owner"):  # a kind of cause is routed to a department
            written["owner"] = next(iter(here.taxonomy.owners_for(written["cause_type"])), "")
        drafts.save(here, replace(base, **written, state=state))


def _text(here: Frame, base: Issue, name: str) -> str:
    if name in LINES:
        most = rules.LONGEST_LINE if name in rules.LINES else None
        return st.text_input(here.text(f"workshop.field.{name}"), key=drafts.key(base, name), max_chars=most)
    return st.text_area(
        here.text(f"workshop.field.{name}"), key=drafts.key(base, name), max_chars=rules.LONGEST_TEXT, height=96
    )


def _choose(here: Frame, base: Issue) -> dict[str, str]:
    """Codes of the taxonomy; an owner may also be a name."""
    found, places = {}, st.columns(3)
    for place, name in enumerate(CHOICES):
        with places[place % 3]:
            found[name] = choose_code(here, base, name)
    return found

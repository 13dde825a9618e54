"""Evidence on its way from a page to the workshop: what is on the screen, with all that is needed to ask it again."""

from __future__ import annotations

import streamlit as st

from analysis.result import Result
from data_access.access import may_pin
from data_access.statement import Problem
from data_access.workshop.codec import headline_rows
from data_access.workshop.records import Issue, Pin
from pages.ui import address
from pages.ui.context import Context

NEW = ""


def pin_button(here: Context, result: Result) -> None:
    """A form that pins the result to an issue, an old one or a new one."""
    if not may_pin(here.user):
        return
    with st.popover(here.text("action.pin"), icon=":material/keep:"):
        try:
            issues = {issue.id: issue for issue in here.store().issues(here.user)}
        except Problem as problem:
            st.warning(here.say(problem.statement))
            return
        _form(here, result, issues)


def _form(here: Context, result: Result, issues: dict[str, Issue]) -> None:
    with st.form(f"pin.{result.method}", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            here.text("pin.issue"), [NEW, *issues], key=f"pin.issue.{result.method}",
            format_func=lambda code: issues[code].title if code else here.text("pin.new"),
        )  # fmt: skip
        title = st.text_input(here.text("pin.title"), key=f"pin.title.{result.method}", max_chars=120,
                              placeholder=here.plain.say(result.findings[0])[:120])  # fmt: skip
        if st.form_submit_button(here.text("pin.save"), type="primary", icon=":material/keep:"):
            _save(here, result, chosen, title)


def _save(here: Context, result: Result, issue_id: str, title: str) -> None:
    store = here.store()
    try:
        if issue_id == NEW:
            heading = title.strip() or here.plain.say(result.findings[0])[:120]
            issue_id = store.create_issue(here.user, heading, data_version=result.data_version).id
        store.pin(here.user, issue_id, pin_of(result))
    except Problem as problem:
        st.error(here.say(problem.statement))
        return
    st.session_state["workshop.issue"] = issue_id
    st.success(here.text("pin.done"), icon=":material/check:")


def pin_of(result: Result) -> Pin:
    """The result as evidence that can be run again."""
    return Pin(
        method=result.method,
        selection=result.selection,
        data_version=result.data_version,
        options=dict(result.options),
        statements=result.findings,
        statistics=dict(result.statistics),
        rows=headline_rows(result.table),
        link=address.link(),
    )

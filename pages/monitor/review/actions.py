"""Who does what by when: written down in the room, and seen by everybody at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from data_access.access import may_hold_meetings
from data_access.statement import BadInput, Problem
from data_access.workshop.field_rules import longest
from data_access.workshop.meeting_records import MeetingAction
from data_access.workshop.records import Issue, IssueState, Plan
from pages.frame import top
from pages.monitor.review import departments
from pages.monitor.review.html import Cell, cell, mark, strong, table
from pages.monitor.review.seen import Seen
from pages.record import meeting_files
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

ROWS = 7
A_WEEK = timedelta(days=7)


def draw(seen: Seen) -> None:
    """What was decided so far, and the next action."""
    actions = seen.here.store().meeting_actions(seen.here.user, seen.meeting.id)
    key = "review.actions" if actions else "review.no_actions"
    st.title(seen.words.text(key, count=len(actions)), anchor=False)
    if actions:
        _decided(seen, actions)
    if seen.meeting.ended_at is None and may_hold_meetings(seen.here.user):
        _form(seen)
        _end(seen)
    elif seen.meeting.ended_at is not None:
        st.caption(seen.words.text("review.ended"))
    departments.ways(seen)
    meeting_files.offer(seen.here, seen.meeting, seen.slides)


def _decided(seen: Seen, actions: Sequence[MeetingAction]) -> None:
    """The newest first, so that what was typed is seen."""
    store, user = seen.here.store(), seen.here.user
    plans = {plan.id: plan for plan in store.plans(user)}
    titles = {issue.id: issue.title for issue in store.issues(user)}
    known = [plans[one.plan_id] for one in reversed(actions) if one.plan_id in plans]
    heads = [(seen.text(f"review.head.{name}"), "") for name in ("action", "owner", "due", "state")]
    st.html(table(heads, [(_cells(seen, plan, titles.get(plan.issue_id, "")), "") for plan in known[:ROWS]]))
    if len(known) > ROWS:
        st.caption(seen.words.text("review.others", count=len(known) - ROWS))


def _cells(seen: Seen, plan: Plan, issue: str) -> list[Cell]:
    owner = seen.label("owner", plan.owner) if plan.owner else seen.text("review.nobody")
    day = seen.plain.show(plan.due, "day") if plan.due else seen.text("plan_register.no_date")
    state = Cell(mark(seen.text(f"workshop.state.plan.{plan.state}"), "calm"))
    return [strong(plan.action, issue), strong(owner, plan.person), cell(day), state]


def _form(seen: Seen) -> None:
    """The issue, what is done, which department, who, by when: Enter saves."""
    here = seen.here
    issues = {i.id: i for i in here.store().issues(here.user) if i.state is not IssueState.CLOSED}
    owners = [entry.code for entry in say.entries(here, "owner")]
    with st.form("review.action", border=True, enter_to_submit=True, clear_on_submit=True):
        first, second = st.columns([3, 2])
        action = first.text_input(
            seen.text("review.head.action"), max_chars=longest("action"), key="review.action.what"
        )
        issue = second.selectbox(
            seen.text("review.head.issue"), list(issues), key="review.action.issue", accept_new_options=True,
            index=0 if issues else None, placeholder=seen.text("review.new_issue"),
            format_func=lambda id: issues[id].title if id in issues else id,
        )  # fmt: skip
        left, middle, right, last = st.columns([2, 2, 2, 1], vertical_alignment="bottom")
        owner = left.selectbox(seen.text("review.head.owner"), owners, index=None, key="review.action.owner",
                               format_func=lambda code: say.label(here, "owner", code), placeholder="",
                               accept_new_options=True)  # fmt: skip
        person = middle.text_input(
            seen.text("review.head.person"), max_chars=longest("person"), key="review.action.who"
        )
        due = right.date_input(seen.text("review.head.due"), value=date.today() + A_WEEK, format="YYYY-MM-DD",
                               key="review.action.due")  # fmt: skip
        saved = last.form_submit_button(seen.text("review.save"), type="primary", icon=":material/add_task:",
                                        key="review.action.save", width="stretch")  # fmt: skip
    if saved:
        code = say.code_of(say.entries(here, "owner"), here.words.language, owner) if owner else ""
        _save(
            seen,
            issues,
            Plan(issue_id=issue or "", action=action.strip(), owner=code, person=person.strip(), due=due),
        )


def _save(seen: Seen, issues: Mapping[str, Issue], plan: Plan) -> None:
    """The plan with its issue, which begins here where its title was typed anew."""
    store, user = seen.here.store(), seen.here.user
    try:
        if not plan.action:
            raise BadInput("workshop.form.blank", field="action")
        begins = None if plan.issue_id in issues else _begun_here(seen, plan.issue_id)
        link = MeetingAction(meeting_id=seen.meeting.id, number=seen.slide.number, plan_id=plan.id,
                             issue_id=plan.issue_id)  # fmt: skip
        store.act(user, link, plan, begins=begins)
    except Problem as problem:
        top.refuse(say.trouble(seen.here, problem))
        return
    st.toast(escape_markdown(seen.text("review.saved", action=plan.action)), icon=":material/check:")
    st.rerun()


def _begun_here(seen: Seen, title: str) -> Issue:
    notes = f"{seen.meeting.title} · {seen.meeting.code}"
    return Issue(title=title, notes=notes, data_version=seen.meeting.data_version)


def _end(seen: Seen) -> None:
    """Nothing is added to a meeting that is over."""
    if st.button(seen.words.text("review.end"), key="review.end", icon=":material/event_available:"):
        try:
            seen.here.store().end_meeting(seen.here.user, seen.meeting.id)
        except Problem as problem:
            top.refuse(say.trouble(seen.here, problem))
            return
        st.rerun()

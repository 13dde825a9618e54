"""Which meetings were there? The newest first, each with the way to its numbers as they were."""

from __future__ import annotations

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.meeting_records import Meeting
from data_access.workshop.meeting_rules import typed_code
from pages.frame import top, wall
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

SHOWN = 10


def draw(here: Frame) -> None:
    """A line for each meeting, and the way into one by its code."""
    found = here.store().meetings(here.user)
    st.header(here.text("review.meetings"), anchor=False)
    if not found:
        st.caption(here.text("review.none_yet"))
        return
    for meeting in found[:SHOWN]:
        _line(here, meeting)
    if len(found) > SHOWN:
        st.caption(here.text("review.older", count=len(found) - SHOWN))
    _by_code(here)


def _line(here: Frame, meeting: Meeting) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"review.meeting.{meeting.code}"
    ):
        by = here.text("workshop.by", who=say.who(meeting.created_by))
        told = [here.text("review.of_code", code=meeting.code),
                here.text("line.version", version=meeting.data_version),
                here.text("review.prepared", moment=say.moment(here, meeting.created_at), who=by)]  # fmt: skip
        told += [here.text("review.ended")] if meeting.ended_at else []
        st.markdown(f"**{escape_markdown(meeting.title)}**  \n:small[:gray[{' · '.join(told)}]]", width="stretch")
        st.button(here.text("review.open"), key=f"review.open.{meeting.code}", icon=":material/slideshow:",
                  type="primary", on_click=wall.go_to, args=(meeting.code, 1))  # fmt: skip


def _by_code(here: Frame) -> None:
    """The code at the foot of a slide opens it again."""
    with st.form("review.by_code", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            here.text("review.code"), placeholder="K7M4QX-3", key="review.code", width=260, max_chars=16
        )
        asked = st.form_submit_button(here.text("review.open_code"), key="review.open_code")
    if asked and typed.strip():
        _open(here, typed)


def _open(here: Frame, typed: str) -> None:
    code, number = typed_code(typed)
    try:
        meeting = here.store().meeting(here.user, code)
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    wall.go_to(meeting.code, number or 1)
    st.rerun()

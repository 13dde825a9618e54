"""A page per business department, after the slides: its loss, the evidence, what is asked by when, the way there."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from analysis.review.kept import KEPT
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingSlide
from pages.frame import wall
from pages.frame.context import Frame
from pages.monitor.review.html import Cell, cell, mark, strong, table
from pages.monitor.review.seen import Seen
from pages.record import meeting_files
from pages.words.deck import department_pages as told_pages
from pages.words.deck.department_pages import Department
from pages.words.markdown import escape_markdown
from pages.words.meeting_told import MeetingTold, told_of

KIND = "department"
LOSSES, ASKS = 3, 4  # rows of a screen


def pages(here: Frame, meeting: Meeting) -> list[Department]:
    """Those with a loss, in the order that never changes, then those that are asked for something."""
    return told_pages.departments(_told(here, meeting))


def _told(here: Frame, meeting: Meeting) -> MeetingTold:
    link = meeting_files.link(here, meeting)
    return told_of(here.store(), here.user, meeting.id, here.plain, here.taxonomy, link=link)


def slide_of(found: Sequence[Department], place: int, *, after: int) -> MeetingSlide:
    """The page of a place, 1 the first, as a slide after the last one."""
    return MeetingSlide(step=AgendaStep.ACTIONS, kind=KIND, number=after + place, subject=found[place - 1].code,
                        options={KEPT: {"last": after + len(found)}})  # fmt: skip


def ways(seen: Seen) -> None:
    """A button to each page, below what was decided."""
    found = pages(seen.here, seen.meeting)
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="review.departments"):
        st.html(f'<span class="wall-quiet">{escape(seen.text("review.departments"))}</span>', width="content")
        for place, page in enumerate(found, len(seen.slides) + 1):
            st.button(escape_markdown(page.name), key=f"review.department.{page.code}", icon=":material/description:",
                      on_click=wall.go_to, args=(seen.meeting.code, place))  # fmt: skip


def draw(seen: Seen) -> None:
    """To whom it is with its greatest loss; where it lost what, why as customers say; what is asked."""
    told = _told(seen.here, seen.meeting)
    page = next(one for one in told_pages.departments(told) if one.code == seen.slide.subject)
    st.title(escape_markdown(told_pages.title_of(told, page)), anchor=False)
    _losses(seen, told, page)
    _asks(seen, told, page)
    below = [told.opens(seen.meeting.code), told.link]
    st.html(f'<p class="wall-quiet">{escape(" ".join(filter(None, below)))}</p>')
    st.button(seen.text("review.to_actions"), key="review.to_actions", icon=":material/arrow_back:",
              on_click=wall.go_to, args=(seen.meeting.code, len(seen.slides)))  # fmt: skip


def _losses(seen: Seen, told: MeetingTold, page: Department) -> None:
    if not page.losses:
        return
    heads = [(told.text(f"meeting_file.head.{name}"), "") for name in ("where", "loss", "evidence", "code")]
    rows = [([strong(where, kind="keep"), strong(share, kind="keep"), cell(why), cell(code, "keep")], "")
            for where, share, _, why, code in told_pages.loss_rows(told, page)[:LOSSES]]  # fmt: skip
    st.html(table(heads, rows, kind="dense"))


def _asks(seen: Seen, told: MeetingTold, page: Department) -> None:
    if not page.asked:
        st.html(f'<p class="wall-say">{escape(told.text("meeting_file.to_agree"))}</p>')
        return
    heads = [(told.text(f"meeting_file.head.{name}"), "") for name in ("ask", "owner", "due")]
    rows = []
    for one in page.asked[:ASKS]:
        late = mark(told.text("plan_register.late", days=one.late)) if one.late else ""
        due = cell(told.day(one.due))
        rows.append(([strong(one.action, one.issue), cell(one.who), Cell(f"<b>{due.html}</b> {late}")], ""))
    st.html(table(heads, rows, kind="dense"))

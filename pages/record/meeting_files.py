"""What is taken along from a meeting: minutes, slides, workbook, a page per department; made when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from data_access.workshop.meeting_records import Meeting, MeetingSlide
from pages.frame import taken_along
from pages.frame.context import Frame
from pages.record import issue_link
from pages.record.take_along import PPTX
from pages.report.report import XLSX
from pages.words.file_names import file_name
from pages.words.meeting_told import MeetingTold, SlideTold, told_of

FILES = (("minutes", "pptx"), ("meeting_deck", "pptx"), ("departments", "pptx"), ("meeting_workbook", "xlsx"))
ICONS = {"pptx": "slideshow", "xlsx": "table_view"}
MIMES = {"pptx": PPTX, "xlsx": XLSX}


def offer(here: Frame, meeting: Meeting, slides: tuple[MeetingSlide, ...]) -> None:
    """A button for each file. slides: those of the meeting, whose names say what the metric is called."""
    way = link(here, meeting)
    metric = _metric(here, meeting, slides)
    with st.container(horizontal=True, vertical_alignment="center"):
        for kind, ending in FILES:
            name = file_name(here.plain.text(f"file.{kind}"), metric, meeting.held_on, meeting.code, ending=ending)
            make = _maker(here, meeting, kind, way)
            make = taken_along.noted(here, make, ending, subject=f"meeting {meeting.code} {kind}")
            st.download_button(here.text(f"file.{kind}"), make, name, MIMES[ending],
                               icon=f":material/{ICONS[ending]}:", key=f"review.file.{kind}.{meeting.code}",
                               on_click="ignore", type="tertiary")  # fmt: skip


def _metric(here: Frame, meeting: Meeting, slides: tuple[MeetingSlide, ...]) -> str:
    told = MeetingTold(meeting=meeting, slides=slides, words=here.plain, taxonomy=here.taxonomy, made=meeting.held_on)
    return SlideTold(told, slides[0]).name({"dimension": meeting.selection.metric})


def _maker(here: Frame, meeting: Meeting, kind: str, link: str) -> Callable[[], bytes]:
    """Made outside of any run, of what was decided until then."""

    def make() -> bytes:
        from pages.words.deck import meeting_deck, meeting_workbook  # slow to import: only who asks waits

        told = told_of(here.store(), here.user, meeting.id, here.plain, here.taxonomy, link=link)
        made = {
            "minutes": meeting_deck.meeting_minutes,
            "meeting_deck": meeting_deck.meeting_deck,
            "departments": meeting_deck.department_deck,
            "meeting_workbook": meeting_workbook.meeting_workbook,
        }
        return made[kind](told)  # fmt: skip

    return make


def link(here: Frame, meeting: Meeting) -> str:
    """Where the meeting is opened again; none on this machine alone, where nobody else gets."""
    page = issue_link.outward("review")
    return f"{page}?{urlencode({'slide': f'{meeting.code}-1', 'lang': here.words.language})}" if page else ""

"""One slide on the wall: the agenda above, its message, its code below; the keys lead on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from data_access.access import may_hold_meetings
from data_access.statement import BadInput
from data_access.workshop.meeting_records import AgendaStep, Meeting, MeetingSlide
from pages.frame import address, printed, wall
from pages.frame.context import Frame
from pages.monitor.review import actions, causes, changes, departments, promises, verdicts
from pages.monitor.review.seen import Seen

MINUTES = 30
Slides = tuple[MeetingSlide, ...]
KEPT = "review.kept"  # in the session: the slides of a meeting, which never change
DRAWN: Mapping[str, Callable[[Seen], None]] = {
    "headline": changes.headline,
    "alerts": changes.alerts,
    "cause": causes.draw,
    "promises": promises.draw,
    "reopened": promises.reopened,
    "chain": verdicts.chain,
    "verdict": verdicts.verdict,
    "actions": actions.draw,
    departments.KIND: departments.draw,
}


def draw(here: Frame) -> None:
    """The slide that the address names. Raises BadInput for a code that nobody knows, with the way back."""
    code, number = wall.shown()
    try:
        meeting = here.store().meeting(here.user, code)
    except BadInput:
        st.title(here.text("review.unknown_title"), anchor=False)
        st.button(here.text("review.leave"), key="review.leave", on_click=wall.leave)
        raise
    slides = _slides(here, meeting)
    slide = _slide(here, meeting, slides, number)
    seen = Seen(here, meeting, slides, slide)
    address.write(wall.SLIDE, f"{meeting.code}-{slide.number}")
    if meeting.ended_at is None:
        wall.begin(meeting.id)
    _agenda(seen)
    with st.container(key=f"review.body.{slide.number}"):
        DRAWN[slide.kind](seen)
    _foot(seen)
    _news(here, meeting)


def _slides(here: Frame, meeting: Meeting) -> Slides:
    kept = st.session_state.get(KEPT)
    if not kept or kept[0] != (meeting.id, here.user.id):
        kept = ((meeting.id, here.user.id), here.store().slides(here.user, meeting.id))
        st.session_state[KEPT] = kept
    found: Slides = kept[1]
    return found


def _slide(here: Frame, meeting: Meeting, slides: Slides, number: int) -> MeetingSlide:
    """The slide of a number; after the last one a page for each department."""
    if number > len(slides):
        pages = departments.pages(here, meeting)
        if number <= len(slides) + len(pages):
            return departments.slide_of(pages, number - len(slides), after=len(slides))
    return slides[min(max(number, 1), len(slides)) - 1]


def _agenda(seen: Seen) -> None:
    """Where the meeting is, and how much of its half hour is left."""
    meeting = seen.meeting
    clock = "".join(f' data-{name}="{escape(seen.text(f"review.clock_{name}"))}"' for name in ("left", "over"))
    with st.container(horizontal=True, vertical_alignment="center", key="review.agenda"):
        for place, step in enumerate(AgendaStep, 1):
            _item(seen, step, place)
        if meeting.ended_at is None:
            st.html(f'<button class="wall-clock" role="timer" data-clock="{escape(meeting.code)}"'
                    f' data-minutes="{MINUTES}"{clock}></button>', width="content")  # fmt: skip
    if meeting.ended_at is None and may_hold_meetings(seen.here.user):
        st.button(seen.text("review.clock_again"), key="wall.clock", on_click=wall.begin, args=(meeting.id,),
                  kwargs={"anew": True})  # fmt: skip


def _item(seen: Seen, step: AgendaStep, place: int) -> None:
    first, is_here = seen.first_of(step), seen.slide.step is step
    own = [slide.number for slide in seen.slides if slide.step is step]
    label = f"{place} {seen.text(f'review.agenda.{step}')}"
    if is_here and len(own) > 1:
        label += f" ({own.index(seen.slide.number) + 1}/{len(own)})"
    st.button(label, key=f"review.step.{step}", type="primary" if is_here else "tertiary", disabled=first is None,
              on_click=wall.go_to, args=(seen.meeting.code, first or 1))  # fmt: skip


def _foot(seen: Seen) -> None:
    """The code that opens this slide again, the version of its numbers, and the ways on."""
    code, number, last = seen.meeting.code, seen.slide.number, len(seen.slides)
    version = seen.text("line.version", version=seen.facts.version or seen.meeting.data_version)
    stands = _place(seen)
    told = f"<b>{escape(code)}-{number}</b> · {escape(stands)} · "
    printed.below(seen.here, [seen.meeting.title, f"{code}-{number}", stands, version])
    ways = {"first": ("first_page", 1), "previous": ("arrow_back", number - 1),
            "next": ("arrow_forward", number + 1), "last": ("last_page", last)}  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", key="review.foot"):
        st.html(f'<span class="wall-foot">{told}{escape(version)}</span>', width="stretch")
        for name, (icon, to) in ways.items():
            is_off = number == 1 if name in ("first", "previous") else number in (last, seen.facts.more.get("last"))
            label = seen.text(f"review.way.{name}")
            st.button(label, key=f"review.{name}", icon=f":material/{icon}:", type="tertiary",
                      disabled=is_off, on_click=wall.go_to, args=(code, to))  # fmt: skip
        st.button(seen.text("review.leave"), key="review.leave", icon=":material/close_fullscreen:", type="tertiary",
                  on_click=wall.leave)  # fmt: skip


def _place(seen: Seen) -> str:
    """Which slide of how many; pages for departments are counted by themselves."""
    number, count = seen.slide.number, len(seen.slides)
    if seen.slide.kind == departments.KIND:
        return seen.text("review.department_place", number=number - count, count=seen.facts.more["last"] - count)
    return seen.text("review.place", number=number, count=count)


def _news(here: Frame, meeting: Meeting) -> None:
    """What others decide is seen here too."""
    wall.listen(wall.state_of(here.store(), here.user, meeting.id), meeting.id, here.text("kept.again"))

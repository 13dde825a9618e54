"""The group's board: its one issue with what everybody in the group has pinned, as it grows."""

from __future__ import annotations

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.class_records import Stage
from data_access.workshop.records import Pin, PlanState
from data_access.workshop.rules import NO_REAL_CHANGE
from data_access.workshop.tracing import Trace
from pages.act.classroom.board import stages
from pages.act.classroom.board.seat import Seat
from pages.frame.context import Frame
from pages.record import pinned_evidence
from pages.record import record_words as say
from pages.report import pinning
from pages.words import path_words
from pages.words.markdown import escape_markdown

SHOWN = 5  # pins; older ones are folded


def draw(here: Frame, seat: Seat) -> None:
    st.header(here.text("classroom.board"), anchor=False)
    names = here.text("classroom.members", names=[member.name for member in seat.members])
    st.caption(f":material/groups: {names}")
    if seat.row is None:
        st.info(here.text("classroom.no_issue"), icon=":material/keep:")
        return
    with st.container(border=True, key="class.issue"):
        _issue(here, seat, seat.row)
    newest = seat.row.pins[::-1]
    for pin in newest[:SHOWN]:
        _pin(here, seat.row, pin)
    if newest[SHOWN:]:
        with st.expander(here.text("classroom.more_pins", count=len(newest) - SHOWN)):
            for pin in newest[SHOWN:]:
                _pin(here, seat.row, pin)


def _issue(here: Frame, seat: Seat, row: Trace) -> None:
    """What the group says so far, in five lines, and the way into it."""
    issue = row.issue
    st.markdown(f"**{escape_markdown(issue.title)}**")
    st.markdown("  \n".join(f":gray[{name}] {said}" for name, said in so_far(here, row)))
    counted = {"pins": len(row.pins), "whys": len(row.whys), "evidence": len(row.evidence), "plans": len(row.plans)}
    st.caption(here.text("classroom.counted", **counted))
    with st.container(horizontal=True):
        if st.button(here.text("pin.open_trace"), key="class.open", icon=":material/open_in_new:"):
            stages.go(here, seat, seat.far.at)
    if not seat.is_over and issue.cause_type != NO_REAL_CHANGE:
        with st.expander(here.text("classroom.nothing"), icon=":material/do_not_disturb_on:", type="compact"):
            st.markdown(here.text("classroom.nothing_how"))
            if st.button(here.text("classroom.nothing_go"), key="class.nothing", type="tertiary",
                         icon=":material/arrow_forward:"):  # fmt: skip
                stages.go(here, seat, Stage.WHY)


def so_far(here: Frame, row: Trace) -> list[tuple[str, str]]:
    """Location, cause, gap and remedy of an issue, each by its name; what is not there yet says so."""
    issue, none = row.issue, here.text("classroom.not_yet")
    plans = [plan for plan in row.plans if plan.state is not PlanState.DROPPED]
    located = escape_markdown(path_words.path(here.plain, issue.path)) or escape_markdown(issue.location_reason)
    nothing = here.text("classroom.says_nothing") if issue.cause_type == NO_REAL_CHANGE else ""
    return [
        (here.text("workshop.stage.where"), nothing or located or none),
        (here.text("workshop.field.cause"), escape_markdown(issue.cause) or none),
        (here.text("workshop.field.gap"), say.shown(here, "gap", issue.gap) if issue.gap else none),
        (here.text("workshop.stage.solution"), "; ".join(escape_markdown(plan.action) for plan in plans) or none),
    ]


def _pin(here: Frame, row: Trace, pin: Pin) -> None:
    with st.container(border=True, gap="xsmall", key=f"class.pin.{pin.id}"):
        over = _words(here, pin)
        said = [over.words.recall(statement) for statement in pin.statements]
        origin = f":blue-badge[:material/flag: {here.text('workshop.stage.data_problem')}] "
        st.markdown(f"{origin if pin.id == row.issue.origin else ''}**{said[0] if said else say.method(here, pin)}**")
        signed = here.text("workshop.pinned", who=say.who(pin.created_by), moment=say.moment(here, pin.created_at))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{say.method(here, pin)} · {signed}", width="stretch")
            if pinning.page_of(pin) in here.pages:
                st.link_button(here.text("workshop.open_view"), pinning.link_to(pin, here.words.language),
                               key=f"class.pin.open.{pin.id}", type="tertiary",
                               icon=":material/open_in_new:")  # fmt: skip


def _words(here: Frame, pin: Pin) -> Frame:
    """The words of the data that the pin speaks of; while they are away, those there are."""
    try:
        return pinned_evidence.over(here, pin)
    except Problem:
        return here

"""Handing in: what goes in and what is missing, a second press, then the moment from which nothing changes."""

from __future__ import annotations

import streamlit as st

from analysis.training.progress import lacking_of
from data_access.workshop.class_records import Stage
from pages.act.classroom.board import stages, work
from pages.act.classroom.board.pressing import is_done
from pages.act.classroom.board.seat import Seat, listed
from pages.act.classroom.desk import class_data
from pages.frame import top
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record import take_along
from pages.words.markdown import escape_markdown

ASKED = "class.submit.asked"


def draw(here: Frame, seat: Seat) -> None:
    top.here("class.submit")
    st.header(here.text("classroom.submit"), anchor=False)
    group = seat.group
    if group.submitted_at:
        st.success(here.text("classroom.submitted", moment=say.moment(here, group.submitted_at),
                             who=say.who(group.submitted_by)), icon=":material/lock:")  # fmt: skip
        _take_along(here, seat)
    elif seat.klass.revealed_at:
        st.info(here.text("classroom.not_submitted"), icon=":material/lock:")
    elif seat.klass.stage is None:
        st.caption(here.text("classroom.submit_later"))
    else:
        _choose(here, seat)
        _summary(here, seat)
        _buttons(here, seat)


def _take_along(here: Frame, seat: Seat) -> None:
    """What the group handed in, as slides and as a workbook: its members go home with it."""
    if seat.row is not None:
        there = class_data.of_issue(class_data.over(here, seat.klass), seat.row)
        take_along.offer(here, seat.row, there, klass=f"{seat.klass.title} · {seat.group.name}")


def _choose(here: Frame, seat: Seat) -> None:
    """Which issue is the answer, where a group has begun several."""
    if len(seat.rows) < 2 or seat.row is None:
        return
    titles = {row.issue.id: row.issue.title for row in seat.rows}
    place = f"class.answer.{seat.row.issue.id}"
    st.session_state.setdefault(place, seat.row.issue.id)
    chosen = st.selectbox(here.text("classroom.answer"), list(titles), key=place, format_func=lambda id: titles[id])
    if chosen != seat.row.issue.id:
        here.store().choose_answer(here.user, seat.klass.id, chosen)
        st.rerun()


def _summary(here: Frame, seat: Seat) -> None:
    """What would be handed in, and what each stage still lacks."""
    if seat.row is None:
        st.warning(here.text("classroom.nothing_to_submit"), icon=":material/info:")
        return
    lacking = lacking_of(seat.row)
    missing = [
        here.text("classroom.missing_at", stage=here.text(f"workshop.stage.{stage}"),
                  what=stages.missing(here, lacking[stage]))
        for stage in Stage if lacking[stage]
    ]  # fmt: skip
    if seat.group.bet is None:
        missing.append(here.text("classroom.missing_bet"))
    if missing:
        st.markdown(f":orange-badge[:material/info: {here.text('classroom.still_missing')}]\n\n{listed(missing)}")
    else:
        st.markdown(f":green-badge[:material/check: {here.text('classroom.all_there')}]")


def _buttons(here: Frame, seat: Seat) -> None:
    """Nothing is handed in by a slip of the finger; before the last stage it is not what comes next."""
    state = st.session_state
    if not state.get(ASKED):
        is_next = seat.klass.stage is Stage.SOLUTION
        if st.button(here.text("classroom.submit_button"), type="primary" if is_next else "secondary",
                     key="class.submit", icon=":material/send:"):  # fmt: skip
            state[ASKED] = True
            top.go_to("class.submit")
            st.rerun()
        return
    with st.container(border=True, key="class.submit.sure"):
        st.markdown(f"**{here.text('classroom.submit_sure')}**")
        if seat.row is not None:
            said = [(here.text("pin.issue"), escape_markdown(seat.row.issue.title)), *work.so_far(here, seat.row)]
            st.markdown("  \n".join(f":gray[{name}] {content}" for name, content in said))
        with st.container(horizontal=True):
            if st.button(here.text("classroom.submit_now"), type="primary", key="class.submit.now",
                         icon=":material/lock:"):  # fmt: skip
                _submit(here, seat)
            if st.button(here.text("classroom.submit_not"), key="class.submit.not"):
                del state[ASKED]
                st.rerun()


def _submit(here: Frame, seat: Seat) -> None:
    if is_done(here, lambda store: store.submit(here.user, seat.klass.id)):
        st.session_state.pop(ASKED, None)
        top.go_to("class.submit")
        st.rerun()

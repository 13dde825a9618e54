"""Hand in for all, reveal the key, and then: what was planted, who found it, whose bet was best, the reference."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.act.classroom import reference
from pages.act.classroom.desk import acting, truth
from pages.act.classroom.desk.acting import living, look_again
from pages.act.classroom.desk.standing import Standing, look
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown

SURE = "desk.reveal.sure"


def draw(here: Frame, klass: TrainingClass) -> None:
    """Before the reveal whom it waits for; after it all that was hidden."""
    if klass.revealed_at is None:
        _waiting(here, klass)
        return
    room, key = look(here, klass.id), here.store().key(here.user, klass.id)
    truth.show(here, klass, key, room.standings)
    reference.show(here, key)


@living
def _waiting(here: Frame, klass: TrainingClass) -> None:
    room = look(here, klass.id)
    look_again(room.klass)
    out = [one for one in room.standings if one.members and not one.group.submitted_at]
    _who(here, room.standings, out)
    if klass.ended_at:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if out:
            with st.popover(here.text("desk.collect"), icon=":material/inventory_2:", key="desk.collect.ask"):
                st.markdown(here.text("desk.collect_sure", count=len(out)))
                acting.offer(here, here.text("desk.collect"), "desk.collect",
                              lambda store: store.collect(here.user, klass.id), type="primary")  # fmt: skip
        with st.popover(here.text("desk.reveal"), icon=":material/lightbulb:", key="desk.reveal.ask",
                        disabled=bool(out)):  # fmt: skip
            st.markdown(here.text("desk.reveal_sure"))
            acting.offer(here, here.text("desk.reveal"), SURE, lambda store: store.reveal(here.user, klass.id),
                          type="primary")  # fmt: skip


def _who(here: Frame, standings: Sequence[Standing], out: Sequence[Standing]) -> None:
    """Who has handed in, who has placed a bet, and whom the reveal waits for."""
    if out:
        names = here.text("format.list_comma").join(one.group.name for one in out)
        st.info(here.text("desk.waits_for", groups=names), icon=":material/hourglass_top:")
    else:
        st.success(here.text("desk.all_in"), icon=":material/task_alt:")
    for one in standings:
        state = "in" if one.group.submitted_at else "out" if one.members else "empty"
        bet = here.text("desk.bet_placed" if one.group.bet is not None else "desk.no_bet")
        st.markdown(f"**{escape_markdown(one.group.name)}** {here.text(f'desk.submitted.{state}')} :gray[{bet}]")

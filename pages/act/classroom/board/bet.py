"""How sure is the group that it found the right place? Said before the reveal, scored after it."""

from __future__ import annotations

import streamlit as st

from pages.act.classroom.board.pressing import is_done
from pages.act.classroom.board.seat import Seat
from pages.frame.context import Frame
from pages.record import record_words as say

UNSURE, STEP = 50, 5


def draw(here: Frame, seat: Seat) -> None:
    """The slider, with what the score does; the last bet counts until the work is handed in."""
    bet = seat.group.bet
    if seat.klass.revealed_at or seat.klass.stage is None:
        return
    st.header(here.text("classroom.bet"), anchor=False)
    st.caption(here.text("classroom.bet_how"))
    if bet is not None:
        said = here.text("classroom.bet_said", sure=bet, moment=say.moment(here, seat.group.bet_at))
        st.markdown(f":material/check: {said}")
    if seat.is_over:
        return
    place = "class.bet"
    st.session_state.setdefault(place, UNSURE if bet is None else round(100 * bet))
    sure = st.slider(here.text("classroom.bet_sure"), 0, 100, step=STEP, key=place, format="%d %%")
    if st.button(here.text("classroom.bet_save" if bet is None else "classroom.bet_change"), key="class.bet.save",
                 icon=":material/target:"):  # fmt: skip
        _bet(here, seat, sure / 100)


def _bet(here: Frame, seat: Seat, sure: float) -> None:
    if is_done(here, lambda store: store.bet(here.user, seat.klass.id, sure)):
        st.rerun()

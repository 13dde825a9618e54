"""What helps a group: hints of the case, each with its price, and what the instructor says."""

from __future__ import annotations

import streamlit as st

from analysis.training.scoring import hint_cost
from pages.act.classroom.board.pressing import is_done
from pages.act.classroom.board.seat import Seat
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown


def remarks(here: Frame, seat: Seat) -> None:
    """The newest first, as it was just said."""
    if not seat.remarks:
        return
    st.header(here.text("classroom.remarks"), anchor=False)
    for remark in seat.remarks[::-1]:
        to = here.text("classroom.to_all") if not remark.group else here.text("classroom.to_group")
        with st.container(border=True, gap="xsmall", key=f"class.remark.{remark.id}"):
            st.markdown(escape_markdown(remark.text).replace("\n", "  \n"))
            st.caption(f"{escape_markdown(remark.created_by)} · {to} · {say.moment(here, remark.created_at)}")


def draw(here: Frame, seat: Seat) -> None:
    """Those that were taken, then the next one with what it costs."""
    known, count = seat.klass.case.hints, len(seat.hints)
    if not known:
        return
    st.header(here.text("classroom.hints"), anchor=False)
    for number, hint in enumerate(known[:count], start=1):
        st.markdown(f"**{number}** {escape_markdown(hint.said(here.words.language))}")
    st.caption(here.text("classroom.hints_taken", count=count, of=len(known), cost=round(hint_cost(count))))
    if count < len(known) and not seat.is_over and seat.klass.stage is not None:
        cost = round(hint_cost(count + 1) - hint_cost(count))
        if st.button(here.text("classroom.take_hint", number=count + 1, cost=cost), key="class.hint",
                     icon=":material/lightbulb:"):  # fmt: skip
            _take(here, seat)


def _take(here: Frame, seat: Seat) -> None:
    if is_done(here, lambda store: store.take_hint(here.user, seat.klass.id)):
        st.rerun()

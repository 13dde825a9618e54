"""What a class leaves behind: its files, and its end."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.desk.acting import act
from pages.frame.context import Frame
from pages.record import record_words as say


def draw(here: Frame, klass: TrainingClass) -> None:
    """After it nobody changes anything."""
    st.header(here.text("desk.end"), anchor=False)
    if klass.ended_at:
        st.markdown(here.text("desk.ended_at", moment=say.moment(here, klass.ended_at)))
        return
    st.markdown(here.text("desk.end_help"))
    with st.popover(here.text("desk.end"), icon=":material/stop_circle:", key="desk.end.ask"):
        st.markdown(here.text("desk.end_sure" if klass.revealed_at else "desk.end_unrevealed"))
        st.button(here.text("desk.end"), key="desk.end", type="primary", on_click=partial(_end, here, klass.id))


def _end(here: Frame, class_id: str) -> None:
    act(here, lambda store: store.end_class(here.user, class_id))

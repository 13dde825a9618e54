"""What a class leaves behind: its files, and its end."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.desk import class_data
from pages.act.classroom.desk.acting import act
from pages.act.classroom.desk.standing import look
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record import take_along
from pages.words.markdown import escape_markdown


def draw(here: Frame, klass: TrainingClass) -> None:
    """The files first; after the end nobody changes anything."""
    _files(here, klass)
    st.header(here.text("desk.end"), anchor=False)
    if klass.ended_at:
        st.markdown(here.text("desk.ended_at", moment=say.moment(here, klass.ended_at)))
        return
    st.markdown(here.text("desk.end_help"))
    with st.popover(here.text("desk.end"), icon=":material/stop_circle:", key="desk.end.ask"):
        st.markdown(here.text("desk.end_sure" if klass.revealed_at else "desk.end_unrevealed"))
        st.button(here.text("desk.end"), key="desk.end", type="primary", on_click=partial(_end, here, klass.id))


def _files(here: Frame, klass: TrainingClass) -> None:
    """The report on all, and the trace and plan of each group, each made when it is asked for."""
    st.header(here.text("desk.files"), anchor=False)
    there = class_data.over(here, klass)
    take_along.class_report(here, klass, there)
    for one in look(here, klass.id).standings:
        if one.trace is not None:
            st.markdown(f"**{escape_markdown(one.group.name)}** {escape_markdown(one.trace.issue.title)}")
            named = f"{klass.title} · {one.group.name}"
            take_along.offer(here, one.trace, class_data.of_issue(there, one.trace), klass=named)


def _end(here: Frame, class_id: str) -> None:
    act(here, lambda store: store.end_class(here.user, class_id))

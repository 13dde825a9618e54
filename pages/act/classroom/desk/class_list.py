"""Classes that were opened before: those that run first, each to be put on the desk again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.desk import choosing
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

SHOWN = 8


def show(here: Frame, known: Sequence[TrainingClass]) -> None:
    """The newest ones; older ones once somebody opens their list."""
    if not known:
        return
    st.header(here.text("desk.classes", count=len(known)), anchor=False)
    ordered = sorted(known, key=lambda one: one.ended_at is not None)
    for klass in ordered[:SHOWN]:
        _line(here, klass)
    older = ordered[SHOWN:]
    if older:
        place = folded(here.text("desk.older", count=len(older)), "history", "desk.older")
        if place.open:
            with place:
                for klass in older:
                    _line(here, klass)


def state_of(klass: TrainingClass) -> str:
    """The code of what a class is doing."""
    if klass.ended_at:
        return "ended"
    if klass.revealed_at:
        return "revealed"
    return "running" if klass.stage else "waiting"


def _line(here: Frame, klass: TrainingClass) -> None:
    state = state_of(klass)
    colour = "gray" if state == "ended" else "blue"
    title = escape_markdown(klass.case.title.said(here.words.language))
    facts = [title, say.moment(here, klass.created_at), here.text("workshop.by", who=say.who(klass.created_by))]
    with st.container(horizontal=True, vertical_alignment="center", key=f"desk.line.{klass.id}"):
        st.markdown(f"**{escape_markdown(klass.title)}** :{colour}-badge[{here.text(f'desk.state.{state}')}]  \n"
                    f":small[:gray[{' · '.join(facts)}]]", width="stretch")  # fmt: skip
        st.button(here.text("desk.open"), key=f"desk.open.{klass.id}", icon=":material/arrow_forward:",
                  on_click=choosing.go_to, args=(klass.id,))  # fmt: skip

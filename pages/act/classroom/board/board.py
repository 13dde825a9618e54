"""What a participant sees of the class: the story, the stages, the own group's work, help, and handing in."""

from __future__ import annotations

import streamlit as st

from data_access.workshop.class_records import Group, TrainingClass
from pages.act.classroom.board import bet, hand_in, hints, joining, quiz, result, stages, work
from pages.act.classroom.board.seat import Seat, taken
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown


def draw(here: Frame) -> None:
    """The board of the own group, for who attends a class; before there is one, the place to choose it."""
    store = here.store()
    klass = store.training_class(here.user, here.user.attends)
    groups = store.groups(here.user, klass.id)
    own = next((group for group in groups if group.key in here.user.groups), None)
    _heading(here, klass, own)
    if own is None:
        joining.choose_group(here, klass, groups)
        _story(here, klass)
        return
    seat = taken(here, store, klass, own)
    with st.container():  # what comes and goes has a place of its own: what is typed below it would be lost else
        if klass.revealed_at:
            result.draw(here, seat)
    _story(here, klass)
    stages.draw(here, seat)
    left, right = (st.container(), st.container()) if here.large else st.columns([3, 2], gap="large")
    with left:
        with st.container():
            work.draw(here, seat)
        hand_in.draw(here, seat)
    with right:
        _aside(here, seat)


def _aside(here: Frame, seat: Seat) -> None:
    """What helps, what is learned beside it, and how sure the group is."""
    for part in (hints.remarks, hints.draw, bet.draw):
        with st.container():
            part(here, seat)
    quiz.draw(here, seat.klass)


def _heading(here: Frame, klass: TrainingClass, group: Group | None) -> None:
    st.title(escape_markdown(klass.case.title.said(here.words.language)), anchor=False)
    where = here.text("classroom.in_group", group=group.name) if group else here.text("classroom.no_group")
    st.caption(f"{escape_markdown(klass.title)} · {where}")


def _story(here: Frame, klass: TrainingClass) -> None:
    """Open until the work begins; then it is read again when wanted."""
    begun = klass.stage is not None
    with st.expander(here.text("classroom.story"), icon=":material/menu_book:", expanded=not klass.revealed_at,
                     key=f"class.story.{begun}"):  # fmt: skip
        st.markdown(escape_markdown(klass.case.story.said(here.words.language)))

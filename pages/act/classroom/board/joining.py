"""Into a class by its code, and into one of its groups."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.access import Role
from data_access.workshop.class_records import Group, TrainingClass
from pages.act.classroom.board.pressing import is_done
from pages.frame.context import Frame


def by_code(here: Frame) -> None:
    """For somebody who signed in and takes part in trainings: the code that the instructor shows."""
    st.title(here.text("classroom.join"), anchor=False)
    if not here.user.has(Role.PARTICIPANT):
        st.info(here.text("classroom.none_to_join"), icon=":material/school:")
        return
    with st.container(width=420, key="class.join.form"):
        code = st.text_input(here.text("classroom.code"), key="class.join.code", max_chars=12)
        name = st.text_input(here.text("classroom.name"), value=here.user.name, key="class.join.name", max_chars=60)
    pressed = st.button(here.text("classroom.join"), type="primary", key="class.join", icon=":material/login:")
    if pressed and is_done(here, lambda store: store.join(here.user, code, name)):
        st.rerun()


def choose_group(here: Frame, klass: TrainingClass, groups: Sequence[Group]) -> None:
    """One button for each group while one may still be chosen; later the instructor places people."""
    if not groups:
        st.info(here.text("classroom.wait_for_group"), icon=":material/hourglass_top:")
        return
    st.subheader(here.text("classroom.choose_group"), anchor=False)
    with st.container(horizontal=True, key="class.groups"):
        for group in groups:
            if st.button(here.text("classroom.group", group=group.name), key=f"class.group.{group.id}",
                         icon=":material/groups:"):  # fmt: skip
                _choose(here, klass, group)


def _choose(here: Frame, klass: TrainingClass, group: Group) -> None:
    if is_done(here, lambda store: store.choose_group(here.user, klass.id, group.key)):
        st.rerun()

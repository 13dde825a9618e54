"""Into one of the groups of a class."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.class_records import Group, TrainingClass
from pages.frame import top
from pages.frame.context import Frame


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
    try:
        here.store().choose_group(here.user, klass.id, group.key)
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return
    st.rerun()

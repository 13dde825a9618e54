"""What a press on the desk does, and the parts of it that look again by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st

from data_access.statement import Problem
from data_access.workshop.class_records import TrainingClass
from data_access.workshop.store import Store
from pages.frame import callbacks, top
from pages.frame.context import Frame

Draw = TypeVar("Draw", bound=Callable[..., None])
TROUBLE, SEEN = "desk.trouble", "desk.seen"
EVERY_S = 3


def act(here: Frame, work: Callable[[Store], object]) -> None:
    """What a press does, before the page is drawn; trouble waits for `tell`."""
    try:
        work(here.store())
    except Problem as problem:
        st.session_state[TROUBLE] = problem.statement


def offer(here: Frame, label: str, key: str, work: Callable[[Store], object], **given: Any) -> None:
    """A button of a part that is drawn by itself: what it does may change all of the page."""
    if st.button(label, key=key, **given):
        act(here, work)
        st.rerun()


def tell(here: Frame) -> None:
    """Why the last press did nothing, where that is so."""
    trouble = st.session_state.pop(TROUBLE, None)
    if trouble is not None:
        top.refuse(here.say(trouble))


def saw(klass: TrainingClass) -> None:
    """The whole page shows the class as it is in this version."""
    st.session_state[SEEN] = (klass.id, klass.version)


def look_again(klass: TrainingClass) -> None:
    """Draw the whole page anew where somebody else has moved the class on."""
    if st.session_state.get(SEEN) != (klass.id, klass.version):
        saw(klass)
        st.rerun()


def living(draw: Draw) -> Draw:
    """A part of the page that is drawn anew every few seconds; trouble in it is one sentence, and the next look."""

    @st.fragment(run_every=EVERY_S)
    @wraps(draw)
    def drawn(here: Frame, *given: Any) -> None:
        if not callbacks.is_admitted():
            st.rerun()
        try:
            draw(here, *given)
        except Problem as problem:
            st.warning(here.say(problem.statement), icon=":material/info:")

    return cast(Draw, drawn)

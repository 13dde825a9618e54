"""What the instructor works at: a class in six views, or the form that opens one and the list of those before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from data_access.workshop.class_records import TrainingClass
from pages.act.classroom.desk import (
    acting,
    beside,
    choosing,
    class_list,
    ending,
    live,
    lobby,
    opening,
    reveal,
    rubric,
)
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown

VIEWS: Mapping[str, Callable[[Frame, TrainingClass], None]] = {
    "lobby": lobby.draw,
    "live": live.draw,
    "beside": beside.draw,
    "rubric": rubric.draw,
    "reveal": reveal.draw,
    "ending": ending.draw,
}


def draw(here: Frame) -> None:
    """Who comes back finds the class that runs, in the view that fits."""
    known = choosing.newest_first(here.store().classes(here.user))
    klass = choosing.opened(here, known)
    if klass is None:
        st.title(here.text("desk.question"), anchor=False)
        acting.tell(here)
        opening.draw(here)
        class_list.show(here, known)
        return
    acting.saw(klass)
    _head(here, klass)
    acting.tell(here)
    VIEWS[_view(here, klass)](here, klass)


def _head(here: Frame, klass: TrainingClass) -> None:
    st.button(here.text("desk.all_classes"), key="desk.back", icon=":material/arrow_back:", type="tertiary",
              on_click=choosing.go_to, args=("",))  # fmt: skip
    st.title(escape_markdown(klass.title), anchor=False)
    state = class_list.state_of(klass)
    facts = [escape_markdown(klass.case.title.said(here.words.language)), here.text("desk.code", code=klass.code),
             here.text("line.version", version=klass.data_version)]  # fmt: skip
    st.markdown(f":{'gray' if state == 'ended' else 'blue'}-badge[{here.text(f'desk.state.{state}')}] "
                f":small[:gray[{' · '.join(facts)}]]")  # fmt: skip


def _view(here: Frame, klass: TrainingClass) -> str:
    place = f"desk.view.{klass.id}"
    if st.session_state.get(place) not in VIEWS:
        st.session_state[place] = _fitting(klass)
    return str(st.segmented_control(here.text("desk.view"), [*VIEWS], key=place, required=True,
                                    label_visibility="collapsed",
                                    format_func=lambda view: here.text(f"desk.views.{view}")))  # fmt: skip


def _fitting(klass: TrainingClass) -> str:
    return {"waiting": "lobby", "running": "live"}.get(class_list.state_of(klass), "reveal")

"""What the instructor works at: a class in six views, or the form that opens one and the list of those before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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
from pages.frame import address
from pages.frame.context import Frame
from pages.words.markdown import escape_markdown

DRAWN = "desk.drawn"  # the view that is on the screen
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
    view = _view(here, klass)
    with _place_of(f"{klass.id}.{view}"):
        VIEWS[view](here, klass)


def _place_of(view: str) -> DeltaGenerator:
    """Nothing of the last view stands below the next one while that is still computed: the screen may be shared."""
    is_another = st.session_state.get(DRAWN) not in (None, view)
    st.session_state[DRAWN] = view
    return st.empty().container() if is_another else st.container()


def _head(here: Frame, klass: TrainingClass) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="desk.head"):
        st.title(escape_markdown(klass.title), anchor=False, width="stretch")
        st.button(here.text("desk.all_classes"), key="desk.back", icon=":material/arrow_back:", type="tertiary",
                  on_click=choosing.go_to, args=("",))  # fmt: skip
    state, case = class_list.state_of(klass), klass.case.title.said(here.words.language)
    facts = [escape_markdown(case)] if case != klass.title else []
    facts += [here.text("desk.code", code=klass.code), here.text("line.version", version=klass.data_version)]
    st.markdown(f":{'gray' if state == 'ended' else 'blue'}-badge[{here.text(f'desk.state.{state}')}] "
                f":small[:gray[{' · '.join(facts)}]]")  # fmt: skip


def _view(here: Frame, klass: TrainingClass) -> str:
    place = f"desk.view.{klass.id}"
    address.take("class_view", place, lambda values: values[0] if values[0] in VIEWS else None)
    if st.session_state.get(place) not in VIEWS:
        st.session_state[place] = _fitting(klass)
    view = str(st.segmented_control(here.text("desk.view"), [*VIEWS], key=place, required=True,
                                    label_visibility="collapsed",
                                    format_func=lambda view: here.text(f"desk.views.{view}")))  # fmt: skip
    address.write("class_view", view)
    return view


def _fitting(klass: TrainingClass) -> str:
    return {"waiting": "lobby", "running": "live"}.get(class_list.state_of(klass), "reveal")

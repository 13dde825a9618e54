"""What the instructor says to a group or to all; it stands on their board at once."""

from __future__ import annotations

from functools import partial

import streamlit as st

from data_access.workshop.class_records import Remark, TrainingClass
from data_access.workshop.drafts import Draft
from data_access.workshop.store import Store
from pages.act.classroom.desk.acting import act
from pages.frame import kept
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

TO, TEXT = "desk.remark.to", "desk.remark.text"
SHOWN, LONGEST = 5, 1_000


def draw(here: Frame, klass: TrainingClass) -> None:
    """The newest ones, and the place for one more; what is typed there is kept until it is sent."""
    st.header(here.text("desk.remarks"), anchor=False)
    store = here.store()
    names = {"": here.text("desk.to_all"), **{one.key: one.name for one in store.groups(here.user, klass.id)}}
    if not klass.ended_at:
        _form(here, klass, names)
    said = sorted(store.remarks(here.user, klass.id), key=lambda one: str(one.created_at), reverse=True)
    for remark in said[:SHOWN]:
        to = escape_markdown(names.get(remark.group, remark.group))
        text = escape_markdown(remark.text).replace("\n", "  \n")
        st.markdown(f"**{to}** :gray[{say.moment(here, remark.created_at)}]  \n{text}")
    if len(said) > SHOWN:
        st.caption(here.text("desk.more_remarks", count=len(said) - SHOWN))


def _form(here: Frame, klass: TrainingClass, names: dict[str, str]) -> None:
    kept.read(here)
    left, right = st.columns([1, 4], vertical_alignment="bottom")
    with left:
        st.selectbox(here.text("desk.remark_to"), list(names), key=TO, format_func=lambda key: names.get(key, key))
    with right:
        kept.line(here, here.text("desk.remark_text"), _about(klass), TEXT, max_chars=LONGEST)
    st.button(here.text("desk.send"), key="desk.send", icon=":material/send:",
              on_click=partial(_send, here, klass))  # fmt: skip


def _about(klass: TrainingClass) -> Draft:
    return Draft(kind="class", subject_id=klass.id, field="remark", content="")


def _send(here: Frame, klass: TrainingClass) -> None:
    group, text = str(st.session_state.get(TO) or ""), str(st.session_state.get(TEXT, "")).strip()

    def say_it(store: Store) -> None:
        store.say(here.user, Remark(class_id=klass.id, group=group, text=text))
        kept.drop(here, _about(klass))
        st.session_state[TEXT] = ""

    act(here, say_it)

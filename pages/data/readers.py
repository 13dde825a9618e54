"""Who else may open data that somebody brings? Chosen by name of those who have signed in, or everybody who does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import streamlit as st

from data_access.library import EVERYBODY
from pages.data.importing import READERS, Pending
from pages.frame import datasets
from pages.frame.context import Frame


def choose(here: Frame, now: Pending) -> None:
    """Nobody at first; of data that are corrected, those who may open them now."""
    chosen = st.session_state.setdefault(READERS, list(now.kept.readers) if now.kept else [])
    name_of, known = names(here), datasets.people(here.settings).known()
    owner = now.kept.owner if now.kept else here.user.id
    st.multiselect(
        here.text("data.readers"), [EVERYBODY, *sorted({*known, *chosen} - {owner, EVERYBODY}, key=name_of)],
        key=READERS, format_func=name_of, placeholder=here.text("data.readers_none"),
        help=here.text("data.readers_help"), select_all=False, accept_new_options=True, persist_state="session",
        width=360,
    )  # fmt: skip


def names(here: Frame) -> Callable[[str], str]:
    """What people are called by their ids; those of one name with their ids."""
    known = {**datasets.people(here.settings).known(), here.user.id: here.user.name}
    alike = Counter(known.values())

    def name_of(id: str) -> str:
        if id == EVERYBODY:
            return here.text("data.everybody")
        name = known.get(id, id)
        return f"{name} ({id})" if alike[name] > 1 else name

    return name_of

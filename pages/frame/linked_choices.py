"""Widgets of a page whose choices are part of the link."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.frame import address
from pages.frame.context import Context


def several(here: Context, name: str, offered: Sequence[str], *, label: str, nothing: str) -> tuple[str, ...]:
    """Any number of columns; drawn deeper down, or where somebody has chosen. `nothing` says what none stands for."""
    key = here.key(name)
    address.take(name, key, lambda values: [v for v in values if v in offered] or None)
    st.session_state[key] = [code for code in st.session_state.get(key, []) if code in offered]
    if not (here.at_least("intermediate") or st.session_state[key]):
        return ()
    chosen = st.multiselect(
        label, offered, key=key, persist_state="session", select_all=False, width=420, placeholder=nothing,
        format_func=here.names.of_dimension,
    )  # fmt: skip
    address.write(name, *chosen)
    return tuple(chosen)


def take_mark(here: Context, place: str, mark: str | None, options: Sequence[str], *, name: str) -> None:
    """What was clicked becomes the choice of a selectbox drawn later; only a new click chooses.

    A figure keeps its mark when something else is chosen by name, and must not take the choice back.
    """
    before = st.session_state.get(place)
    st.session_state[place] = mark
    if mark and mark != before and mark in options:
        st.session_state[here.key(name)] = mark

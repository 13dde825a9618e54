"""What a click does is done before the script asks who is here: not for somebody whose sign-in just grew too old.

What was typed is taken over all the same, so that it can wait for the new sign-in.
"""

from __future__ import annotations

import os
from typing import Any

import streamlit as st
from streamlit.runtime.state.session_state import SessionState

from data_access.access import User, local_analyst
from data_access.settings import Settings
from data_access.statement import Problem
from pages.frame import visitors
from pages.frame.door import members

_of_streamlit = SessionState._call_callbacks


def guard() -> None:
    """From now on callbacks run for those only who may come in at that moment."""
    setattr(SessionState, "_call_callbacks", _for_admitted)  # noqa: B010  # a method is not assigned to


def _for_admitted(state: SessionState, **replayed: Any) -> None:
    if is_admitted():
        _of_streamlit(state, **replayed)


def is_admitted() -> bool:
    """Whether somebody may still do what the page offers: who was moved to another group sees that first."""
    try:
        now = _now()
    except Problem:
        return False
    return now is not None and members.is_as_before(now)


def _now() -> User | None:
    if door := visitors.door():
        user = visitors.visitor(st.context.cookies)
        return members.present(door, user) if user else None
    if not visitors.sign_in_configured():
        return local_analyst()
    settings = Settings.from_environment(os.environ)
    return members.attending(visitors.signed_in(settings), settings)

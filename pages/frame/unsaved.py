"""What somebody had not saved when their sign-in grew too old waits on the server for the new one.

A sign-in begins a new session: what was typed, chosen and read in the old one is put where its pages look for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.frame.arriving import Waiting

KEPT_S = 24 * 3600
MOST = 200
KEPT = "unsaved.kept"
OF_A_SESSION = ("address.", "running.", "unsaved.", "sign_in", "sign_out", "data.last", "FormSubmitter:")


@st.cache_resource(show_spinner=False)
def waiting() -> Waiting[Mapping[str, Any]]:
    return Waiting(seconds=KEPT_S, most=MOST)


def keep() -> None:
    """Remember what this session holds; its next runs, which draw no widgets any more, hold less."""
    person = _person()
    if person and not st.session_state.get(KEPT):
        waiting().keep(person, {str(key): value for key, value in st.session_state.items() if _is_kept(key, value)})
        st.session_state[KEPT] = True


def restore() -> None:
    """Give the same person back what waits, once."""
    person = _person()
    for key, value in (waiting().take(person) or {}).items() if person else ():
        if key not in st.session_state:
            st.session_state[key] = value


def _person() -> str:
    claims = st.user.to_dict()
    return str(claims.get("sub") or claims.get("email") or "")


def _is_kept(key: object, value: Any) -> bool:
    """Not what a widget alone may set: buttons and boxes, editors, files, marks on a chart."""
    if str(key).startswith(OF_A_SESSION) or value is None or isinstance(value, bool):
        return False
    of_a_widget = type(value).__module__.startswith("streamlit") or (
        isinstance(value, dict) and "edited_rows" in value
    )
    return not of_a_widget

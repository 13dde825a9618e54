"""Another page begins at its top: Streamlit leaves the window where it was scrolled to on the page before."""

from __future__ import annotations

import base64
import hashlib

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

SCRIPT = "document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0)"
# what the policy of scripts must know of it
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
LAST = "page.last"


def show(page: str, place: DeltaGenerator) -> None:
    """Scroll up where this run draws another page than the one before; `place` takes no room.

    The page's name is in the text because one that stays the same is not run again.
    """
    before = st.session_state.get(LAST)
    st.session_state[LAST] = page
    if before not in (None, page):
        place.html(f'<i data-page="{page}"></i><script>{SCRIPT}</script>', unsafe_allow_javascript=True)

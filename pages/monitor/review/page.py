"""The weekly review: what changed, why, what was promised, whether it worked, who does what; on a shared screen."""

from __future__ import annotations

import streamlit as st

from pages.frame import wall
from pages.frame.context import Frame
from pages.monitor.review import meetings, preparing, projector


def draw(here: Frame) -> None:
    """A meeting on the wall where the address names one; else all meetings, and the next one to be prepared."""
    if st.session_state.get(wall.SHOWN):
        projector.draw(here)
        return
    st.title(here.text("review.question"), anchor=False)
    preparing.draw(here)
    meetings.draw(here)

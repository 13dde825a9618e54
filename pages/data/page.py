"""Which data are these, and what do they mean?"""

from __future__ import annotations

import streamlit as st

from pages.data import audit, confirming, importing, opened, seen
from pages.frame.context import Context, Frame


def draw(here: Frame) -> None:
    """What is open and the ways to other data; or the file that was just read, until it is confirmed."""
    st.title(here.text("data.question"), anchor=False)
    opened.to_correct(here)
    now = importing.pending()
    if now is not None:
        confirming.draw(here, now)
        return
    if isinstance(here, Context):
        opened.arrived(here)
    opened.cards(here)
    if isinstance(here, Context):
        opened.current(here)
    opened.others(here)
    audit.draw(here)
    seen.draw(here)

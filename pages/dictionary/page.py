"""What does this number mean?"""

from __future__ import annotations

import streamlit as st

from pages.dictionary import levels, terms
from pages.frame.context import Context, Frame


def draw(here: Frame) -> None:
    """What is searched for, each entry with its example, and how the columns of the data are measured."""
    st.title(here.text("dictionary.question"), anchor=False)
    terms.show(here)
    if isinstance(here, Context):
        levels.show(here)

"""The change page's choices: by which dimension the change is taken apart, and how deep."""

from __future__ import annotations

import streamlit as st

from pages.frame import linked_choices
from pages.frame.context import Context


def choose_cut(here: Context) -> str:
    """The dimension, and the depth beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        by = linked_choices.choose_cut(here, here.cuts())
        linked_choices.choose_depth(here)
    return by

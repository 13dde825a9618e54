"""The overview's choices: by which dimension its strip is cut, and how deep the page is."""

from __future__ import annotations

import streamlit as st

from analysis.overview import default_cut
from pages.frame.context import Context
from pages.frame.linked_choices import choose, choose_depth


def choose_cut(here: Context) -> tuple[str, ...]:
    """The dimension of the strip, none where the data have none; the depth beside it."""
    cuts = here.cuts()
    st.space("small")
    with st.container(horizontal=True, vertical_alignment="center"):
        by = (choose(here, "by", cuts, default_cut(here.warehouse)[0], here.names.of_dimension),) if cuts else ()
        choose_depth(here)
    return by

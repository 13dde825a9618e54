"""A part of a page that is worked out only once somebody opens it."""

from __future__ import annotations

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer


def folded(label: str, icon: str, key: str, *, compact: bool = True) -> ExpanderContainer:
    """Its `open` says whether there is anything to draw into it; compact: beside the answer, not a part of it."""
    return st.expander(
        label, icon=f":material/{icon}:", type="compact" if compact else "default", on_change="rerun", key=key
    )

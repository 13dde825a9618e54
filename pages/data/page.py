"""Which data are these, and what do they mean?"""

from __future__ import annotations

import streamlit as st

from pages.data import importing, mapping, opened, reading
from pages.frame.context import Context, Frame


def draw(here: Frame) -> None:
    """What is open and the ways to other data; or the file that was just read, until it is confirmed."""
    st.title(here.text("data.question"), anchor=False)
    now = importing.pending()
    if now is not None:
        st.caption(here.text("data.until_confirmed"))
        size = {"rows": now.loaded.rows, "columns": len(now.loaded.columns)}
        st.markdown(f"### {here.text('data.was_read', name=now.file.name, **size)}")
        failed = importing.failure()
        if failed:
            st.warning(reading.in_words(here, failed), icon=":material/error:")
        reading.draw(here, now)
        mapping.draw(here, now)
        return
    if isinstance(here, Context):
        opened.arrived(here)
    opened.cards(here)
    if isinstance(here, Context):
        opened.current(here)
    opened.others(here)

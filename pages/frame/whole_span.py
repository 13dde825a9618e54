"""A page that shows what only all of the data show, while the person's own period stands everywhere else.

A link asks for it. It ends with the page: nobody who goes on finds another period than the one they chose.
"""

from __future__ import annotations

import streamlit as st

from data_access.selection import Period
from pages.frame import address
from pages.frame.periods import ALL
from pages.words.catalogue import Catalogue

LINK = "span"  # its name in the address
ON, OWN = "span.on", "span.own"  # in the session: the page it holds for, and the person's own period there


def holds(page: str, own: Period | None) -> bool:
    """Whether this page is asked for all of the data although the person's own period is another."""
    state = st.session_state
    asked = address.requested(LINK)
    if asked or address.is_new():
        state[ON] = page if list(asked) == [ALL] else None
    if state.get(ON) != page or own is None:
        end()
        return False
    state[OWN] = own
    address.write(LINK, ALL)
    return True


def end() -> None:
    """Back to the person's own period."""
    st.session_state[ON] = st.session_state[OWN] = None


def tell(words: Catalogue) -> None:
    """Say that this page is over all of the data, with one click back."""
    own: Period | None = st.session_state.get(OWN)
    if own is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="whole.span"):
        st.markdown(f":material/date_range: {words.text('period.whole', period=own)}", width="content")
        st.button(words.text("period.own_again", period=own), key="span.end", icon=":material/undo:",
                  type="tertiary", on_click=end)  # fmt: skip

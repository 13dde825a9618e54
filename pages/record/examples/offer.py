"""The way to a finished example: all of them where a page is still empty, a small button where it is not."""

from __future__ import annotations

import streamlit as st

from data_access.access import User
from pages.frame import address
from pages.frame.context import Frame
from pages.frame.tour import guide
from pages.record.examples.recipes import RECIPES
from pages.report.pinning import OPEN_ISSUE
from pages.words.links import PAGES_OWN

LINK = "example"  # the name in the address: it names a cause, never a person or an issue
PLACE = "page.example"


def may_read(user: User) -> bool:
    """Who attends a class finds the causes out first."""
    return not user.attends


def asked(here: Frame) -> str:
    """The example that the address or a click asks for, empty for none; an issue that is asked for comes first."""
    known = may_read(here.user)
    address.take(LINK, PLACE, lambda values: values[0] if known and values[0] in RECIPES else None)
    if not known or OPEN_ISSUE in st.session_state or "issue" in st.session_state[address.ARRIVED]:
        leave()
    return str(st.session_state.get(PLACE, ""))


def leave() -> None:
    st.session_state.pop(PLACE, None)


def close() -> None:
    """Back to one's own list."""
    leave()
    st.rerun()


def all_of_them(here: Frame) -> None:
    """Every example with what it is about, for an empty page."""
    if not may_read(here.user):
        return
    st.markdown(f"## {here.text('example.offer')}")
    st.caption(here.text("example.offer_what"))
    _list(here)
    guide.offered(here)


def small(here: Frame, *, key: str = "example.offer", label: str = "example.offer") -> None:
    """The same behind a button."""
    if not may_read(here.user):
        return
    with st.popover(here.text(label), icon=":material/school:", key=key, type="tertiary"):
        _list(here)


def _list(here: Frame) -> None:
    for name in RECIPES:
        with st.container(gap=None):
            title = here.text(f"example.{name}.title")
            if st.button(
                f"**{title}**", key=f"example.open.{name}", icon=":material/arrow_forward:", type="tertiary"
            ):
                _open(here, name)
            st.caption(here.text(f"example.{name}.hook"))


def _open(here: Frame, name: str) -> None:
    st.session_state[PLACE] = name
    if here.page == "trace":
        st.rerun()
    carried = {key: values for key, values in address.carried().items() if key not in PAGES_OWN}
    st.switch_page(here.pages["trace"], query_params=carried)

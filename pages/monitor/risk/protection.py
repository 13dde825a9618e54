"""Which customers need protection, so that no lot ever leaves them alone? One dimension and its members."""

from __future__ import annotations

import streamlit as st

from data_access.selection import Filter
from pages.frame import open_data
from pages.frame.context import Context
from pages.words.markdown import escape_markdown
from pages.words.one_line import told_apart
from pages.words.options import code_of, member_of


def chosen(here: Context) -> tuple[Filter, ...]:
    """As the session has it: the list above the widgets must know it as well."""
    name = st.session_state.get(here.key("protect"), "")
    if name not in _offered(here):
        return ()
    kept = [code for code in st.session_state.get(_key(here, name), []) if code in _members(here, name)]
    return (Filter(name, tuple(member_of(code) for code in kept)),) if kept else ()


def choose(here: Context) -> None:
    """Which dimension tells it, and which of its members."""
    key, options = here.key("protect"), ["", *_offered(here)]
    if st.session_state.get(key) not in options:
        st.session_state[key] = ""
    name = st.selectbox(
        here.text("risk_page.protect"), options, key=key, persist_state="session", width=220,
        help=here.text("risk_page.protect_help"),
        format_func=lambda code: here.names.of_dimension(code) if code else here.plain.text("risk_page.protect_none"),
    )  # fmt: skip
    if name:
        _choose_members(here, name)


def _choose_members(here: Context, name: str) -> None:
    key, options = _key(here, name), _members(here, name)
    st.session_state[key] = [code for code in st.session_state.get(key, []) if code in options]
    st.multiselect(
        escape_markdown(here.names.of_dimension(name)), options, key=key, persist_state="session", width=300,
        placeholder=here.text("risk_page.protect_members"), select_all=False,
        format_func=told_apart(options, lambda code: here.plain.show(member_of(code), "name", dimension=name)),
    )  # fmt: skip


def _offered(here: Context) -> list[str]:
    """What divides customers and contacts; not who served them."""
    model = here.warehouse.model
    return [name for name in here.cuts() if name not in (model.agent, model.cluster)]


def _members(here: Context, name: str) -> list[str]:
    return [code_of(member) for member in open_data.members(here, name)]


def _key(here: Context, name: str) -> str:
    return here.key(f"protect.{name}")

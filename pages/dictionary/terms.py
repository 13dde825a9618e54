"""The entries of the dictionary: searched, or the one that a link names."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.frame import address
from pages.frame.context import Context, Frame
from pages.frame.folded import folded
from pages.words import dictionary
from pages.words.dictionary import Entry

PARTS = (dictionary.METRIC, dictionary.METHOD)


def show(here: Frame) -> None:
    """The search, what it found by parts, and the entry that is open first."""
    known = dictionary.entries(here.words, here.warehouse.model if isinstance(here, Context) else None)
    terms = {entry.term: entry for entry in known}
    key = here.key("term")
    address.take("term", key, lambda values: values[0] if values[0] in terms else None)
    text = st.text_input(here.text("dictionary.search"), key=here.key("search"), max_chars=60,
                         placeholder=here.text("dictionary.search_hint"), icon=":material/search:",
                         on_change=_forget, args=(key,))  # fmt: skip
    opened = terms.get(st.session_state.get(key, ""))
    if opened is not None:
        address.write("term", opened.term)
        with st.container(border=True):
            st.markdown(f"## {opened.name}")
            _entry(here, opened)
    _list(here, dictionary.found(known, text), text)


def _forget(key: str) -> None:
    st.session_state.pop(key, None)


def _list(here: Frame, held: Sequence[Entry], text: str) -> None:
    if not held:
        st.info(here.text("dictionary.none", text=text), icon=":material/search_off:")
        return
    st.caption(here.text("dictionary.found", count=len(held)))
    parts = {part: own for part in PARTS if (own := [entry for entry in held if entry.part == part])}
    for (part, own), column in zip(parts.items(), st.columns(len(parts)), strict=True):
        with column:
            st.markdown(f"## {here.text(f'dictionary.part_{part}')}")
            for entry in own:
                _shown(here, entry, alone=len(held) == 1)


def _shown(here: Frame, entry: Entry, *, alone: bool) -> None:
    """What is found alone stands open; of several the reader opens what is looked for."""
    if alone:
        with st.container(border=True):
            st.markdown(f"### {entry.name}")
            _entry(here, entry)
        return
    box = folded(entry.name, "menu_book", f"dictionary.{entry.part}.{entry.term}", compact=False)
    if box.open:
        with box:
            _entry(here, entry)


def _entry(here: Frame, entry: Entry) -> None:
    """Formula, example beside its table, levels, traps, standards, and the way to where it is used."""
    st.markdown(f"**{here.text('dictionary.formula_of')}**  \n{entry.formula}")
    if entry.example is not None:
        example = entry.example
        st.markdown(f"**{here.text('dictionary.example_of')}**")
        heads = {name: here.text(f"dictionary.head.{name}") for name in example.table.columns}
        shown = example.table.rename(columns=heads).style.format(precision=2)
        st.table(shown, border="horizontal", hide_index=True)
        st.markdown(here.text(f"dictionary.example.{example.name}", **example.values))
    levels = here.text(f"dictionary.levels.{entry.levels}")
    st.markdown(f"**{here.text('dictionary.levels_of')}**  \n{levels}")
    st.markdown(f"**{here.text('dictionary.traps_of')}**  \n{entry.traps}")
    if entry.standards:
        st.caption(f"{here.text('dictionary.standards_of')} · {here.text('dictionary.standards')}")
    if entry.page in here.pages:
        label = here.text("dictionary.open", page=here.text(f"page.{entry.page}"))
        here.lead_to(entry.page, label, **({"metric": entry.asked} if entry.asked else {}))

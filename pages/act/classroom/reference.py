"""The relatively best solution of a case with its reasons, and the options that were not taken, with their price."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from data_access.training import Key, Reference, Words
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.words.markdown import escape_markdown

TEXTS = ("problem", "location")
CODED = ("gap", "system", "power", "cause_type")


def show(here: Frame, key: Key) -> None:
    """Named for what it is: the best of those known, not the only right one."""
    reference = key.reference
    st.header(here.text("desk.reference"), anchor=False)
    st.caption(here.text("desk.reference_note"))
    with st.container(border=True, key="desk.reference"):
        for line in _lines(here, reference):
            st.markdown(line)
    _chain(here, reference)
    _tradeoffs(here, key)


def _said(here: Frame, words: Words) -> str:
    return escape_markdown(words.said(here.words.language).strip())


def _lines(here: Frame, reference: Reference) -> Iterator[str]:
    for name in TEXTS:
        if text := _said(here, getattr(reference, name)):
            yield f"**{here.text(f'desk.reference_part.{name}')}** {text}"
    for name in CODED:
        if code := getattr(reference, name):
            why = _said(here, reference.gap_why) if name == "gap" else ""
            label = escape_markdown(say.label(here, name, code))
            yield f"**{say.field(here, name)}** {label}" + (f" — {why}" if why else "")
    if reference.remedies:
        names = " · ".join(say.label(here, "remedy", code) for code in reference.remedies)
        yield f"**{here.text('desk.reference_part.remedies')}** {escape_markdown(names)}"
    for name in ("lift", "check"):
        if text := _said(here, getattr(reference, name)):
            yield f"**{here.text(f'desk.reference_part.{name}')}** {text}"


def _chain(here: Frame, reference: Reference) -> None:
    links = [link for link in reference.chain if _said(here, link.why)]
    if not links:
        return
    st.markdown(f"### {here.text('desk.reference_part.chain')}")
    for number, link in enumerate(links, start=1):
        evidence = _said(here, link.evidence)
        st.markdown(f"{number}. {_said(here, link.why)}" + (f"  \n   :gray[{evidence}]" if evidence else ""))


def _tradeoffs(here: Frame, key: Key) -> None:
    if not key.tradeoffs:
        return
    st.markdown(f"### {here.text('desk.tradeoffs')}")
    for one in key.tradeoffs:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{_said(here, one.option)}**")
            for name, words in (("gain", one.gain), ("cost", one.cost)):
                if text := _said(here, words):
                    st.markdown(f"{here.text(f'desk.{name}')} {text}")

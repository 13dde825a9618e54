"""A measure among its peers: ranks with what they may truly be, and outside scores with the answers it would take."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.service.ranking.peers import peers
from pages.frame.context import Context
from pages.report import further_table, report
from pages.words.format import sentences
from pages.words.further_tables import has

MOST = 20  # sources that are seen without scrolling


def draw(here: Context, measure: str, by: str, counted: Mapping[str, str]) -> None:
    """In sentences; the outside scores as a table, the ranks of the members one level deeper."""
    found = report.attempt(here, peers, measure=measure, by=(by,), **counted)
    if found is None:
        return
    st.markdown(f"#### {here.text('peers.heading')}")
    st.markdown(sentences(here.say(statement) for statement in found.findings))
    if found.caveats:
        st.caption(sentences(here.say(statement) for statement in found.caveats))
    if has(found, "outside"):
        further_table.part(here, found, "outside", titled=False, most=MOST)
    if here.at_least("intermediate"):
        report.table(here, found)
        for note in found.how.assumptions if found.how else ():
            st.caption(here.say(note))
    report.keep(here, found, "peers")

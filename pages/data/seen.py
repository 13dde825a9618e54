"""Who was shown which contacts, and who took along which files? For an admin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from data_access.access import may_read_audit
from data_access.statement import Problem
from pages.data.sizes import height_of, place_of
from pages.frame.context import Frame
from pages.frame.folded import folded
from pages.words import seen_words
from pages.words.file_names import file_name
from pages.words.writers import spreadsheet

DAYS = 7


def draw(here: Frame) -> None:
    """The days asked for, the latest first, as a table and a file; asked for only when opened."""
    if not may_read_audit(here.user):
        return
    fold = folded(here.text("seen.title"), "visibility", "data.seen")
    if fold.open:
        with fold:
            _opened(here)


def _opened(here: Frame) -> None:
    today = datetime.now(UTC).date()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.date_input(here.text("seen.days"), (today - timedelta(days=DAYS - 1), today), max_value=today,
                             key="data.seen.days", format="YYYY-MM-DD", width=300)  # fmt: skip
        person = st.text_input(here.text("seen.person"), key="data.seen.person", width=300)
    if not isinstance(days, tuple) or len(days) != 2:
        return
    try:
        lines = here.store().seen(here.user, since=days[0], until=days[1] + timedelta(days=1), person=person.strip())
    except Problem as problem:
        st.markdown(here.say(problem.statement))
        return
    st.caption(here.text("seen.answer", count=len(lines), days=here.settings.audit_days))
    if lines:
        table = seen_words.table(lines, here.plain)
        place_of(here).dataframe(table, hide_index=True, key="data.seen.table", placeholder="",
                                 height=height_of(len(table), here))  # fmt: skip
        name = file_name(here.plain.text("seen.title"), *days, ending="csv")
        st.download_button(here.text("action.csv"), lambda: spreadsheet.to_csv(table), name, "text/csv",
                           icon=":material/csv:", key="data.seen.csv", on_click="ignore")  # fmt: skip

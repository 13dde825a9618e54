"""How a file was read: what could not be, what could be read otherwise, and which columns identify a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Literal

import pandas as pd
import streamlit as st

from data_access.files import ReadOptions
from data_access.files.roles import Part
from data_access.statement import Statement
from pages.data import importing
from pages.data.importing import Pending
from pages.frame.context import Frame

ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "utf-16", "shift_jis")
DELIMITERS = (",", ";", "\t", "|")
REPORT_PX = 250


def progress(here: Frame) -> Callable[[float], None]:
    """A bar that shows how far the reading is."""
    place = st.empty()
    return lambda share: (place.progress(min(share, 1.0), text=here.text("data.reading")), None)[1]


def draw(here: Frame, now: Pending) -> None:
    """Everything that reading the file has brought up, most pressing first."""
    _doubts(here, now)
    _private(here, now)
    _report(here, now)


def _doubts(here: Frame, now: Pending) -> None:
    """What was decided and could be decided otherwise, each with the other way beside it."""
    doubts = [*now.loaded.doubts, *now.doubts]
    if not doubts and now.options == ReadOptions():
        return
    st.markdown(f"#### {here.text('data.doubts')}")
    for place, statement in enumerate(doubts):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/help: {in_words(here, statement)}", width="stretch")
            _otherwise(here, now, statement, place)
    if now.options != ReadOptions() and st.button(
        here.text("data.read_as_found"), key=f"{importing.PREFIX}plain", type="tertiary", icon=":material/undo:"
    ):
        _again(here, {field.name: None for field in fields(ReadOptions)})


def _otherwise(here: Frame, now: Pending, statement: Statement, place: int) -> None:
    """The control that reads the file the other way; nothing where there is none."""
    key = f"{importing.PREFIX}other.{place}.{now.options.key()}"
    kind = statement.key.removeprefix("file.")
    if kind.startswith(("day_first", "month_first")):
        to_day = kind.startswith("month_first")
        if st.button(here.text("data.day_first" if to_day else "data.month_first"), key=key):
            _again(here, {"day_first": to_day})
        return
    choices: Mapping[str, tuple[str, Any]] = {
        "encoding_guessed": ("encoding", ENCODINGS),
        "delimiter_guessed": ("delimiter", DELIMITERS),
        "sheet_taken": ("sheet", statement.values.get("others", ())),
        "sheets_stacked": ("sheet", statement.values.get("sheets", ())),
        "hidden_sheets": ("sheet", statement.values.get("sheets", ())),
    }
    if kind not in choices:
        return
    name, options = choices[kind]
    label = here.text(f"data.other_{name}")
    chosen = st.selectbox(label, options, index=None, key=key, placeholder=label, width=260,
                          label_visibility="collapsed", format_func=_shown)  # fmt: skip
    if chosen is not None:
        _again(here, {name: (chosen,) if name == "sheet" else chosen})


def _shown(option: str) -> str:
    return {"\t": "Tab (\\t)"}.get(option, option)


def _again(here: Frame, options: Mapping[str, Any]) -> None:
    importing.read_again(options, progress(here))
    st.rerun()


def _private(here: Frame, now: Pending) -> None:
    """Columns that look like names, phones, e-mails, cards, addresses or free text."""
    personal = [role for role in now.roles if role.part is Part.PERSONAL]
    if not personal:
        return
    st.markdown(f"#### {here.text('data.private')}")
    shown = [
        f":gray-badge[{here.words.show(role.column, 'name')}] {here.text(f'data.looks.{role.sensitive}')}"
        for role in personal
    ]
    st.markdown(" · ".join(shown))
    st.caption(here.text("data.private_note"))


def _report(here: Frame, now: Pending) -> None:
    """Rows and cells that could not be read as they stand, each with its place in the file."""
    report = now.loaded.report
    if not report:
        st.markdown(f":material/check: {here.text('data.all_read')}")
        return
    more = sum(int(s.values["n"]) for s in report if s.key == "file.more")
    listed = [s for s in report if s.key != "file.more"]
    st.markdown(f"#### {here.text('data.report', n=len(listed) + more)}")
    columns = [here.text(f"data.report_{name}") for name in ("row", "column", "said")]
    rows = [(s.values.get("row", s.values.get("line")), s.values.get("column"), here.plain.say(s)) for s in report]
    frame = pd.DataFrame(rows, columns=columns).astype({columns[0]: "Int64"}).dropna(axis="columns", how="all")
    widths: Mapping[str, int | Literal["large"]] = dict(zip(columns, (80, 160, "large"), strict=True))
    st.dataframe(
        frame,
        hide_index=True,
        key=f"{importing.PREFIX}report",
        placeholder="",
        column_config={name: st.column_config.Column(width=widths[name]) for name in frame},
        height="auto" if len(rows) < 6 else REPORT_PX,
    )


def in_words(here: Frame, statement: Statement) -> str:
    """A statement of the import in this page's words, where the command line's would name its options."""
    key = f"data.{statement.key}"
    if here.words.has(key):
        statement = Statement(key, statement.values)
    return here.say(statement)

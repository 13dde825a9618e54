"""How a file was read: what could not be, what could be read otherwise, and which columns identify a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from data_access.files.account import Account, Why
from data_access.files.find_table import MOST_HEADER_ROWS
from data_access.files.loading import PART_OF_FORMAT
from data_access.files.options import REPEATED, ReadOptions
from data_access.files.profile import Holds
from data_access.files.roles import ColumnRole, Part
from data_access.statement import Statement
from pages.data import importing
from pages.data.importing import PREFIX, Pending
from pages.data.roles import HIDDEN, LEFT_OUT
from pages.data.sizes import height_of, place_of
from pages.frame.context import Frame

ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "utf-16", "shift_jis")
DELIMITERS = (",", ";", "\t", "|")
FARTHEST, ROWS = 40, 6  # the row that can be named as the header's; the first rows that are shown
REPORT_PX = 250


def progress(here: Frame) -> Callable[[float], None]:
    """A bar that shows how far the reading is."""
    place = st.empty()
    return lambda share: (place.progress(min(share, 1.0), text=here.text("data.reading")), None)[1]


def asked(here: Frame, now: Pending) -> Pending:
    """The file as it is read after a control was used; as it was where that fails."""
    options = st.session_state.pop(importing.ASKED, None)
    if options is not None:
        importing.read_again(options, progress(here))
    return importing.pending() or now


def first_rows(here: Frame, now: Pending, chosen: Sequence[ColumnRole]) -> None:
    """The first rows as they were understood, each column with its part; who is a person stays hidden."""
    names = [here.plain.text("data.as_part", column=r.column, part=here.text(f"data.part.{r.part}")) for r in chosen]
    cells = [[_shown_cell(cell, role) for cell, role in zip(row, chosen, strict=True)] for row in now.loaded.top]
    frame = pd.DataFrame(cells[:ROWS], columns=names)
    for name, column in zip(names, now.profile.columns, strict=True):
        if column.is_number and column.holds is not Holds.TRUTH:
            frame[name] = pd.to_numeric(frame[name], errors="coerce")
    used = [name for name, role in zip(names, chosen, strict=True) if role.part not in LEFT_OUT]
    frame = frame[
        [*used, *(name for name in names if name not in used)]
    ]  # in a wide table the others are out of sight
    place_of(here).dataframe(
        frame, hide_index=True, key=f"{PREFIX}first.{now.options.key()}", placeholder="",
        height=height_of(len(frame), here), alt=here.text("data.first_rows"),
    )  # fmt: skip


def _shown_cell(cell: str | None, role: ColumnRole) -> str | None:
    return HIDDEN if cell is not None and role.sensitive else cell


def controls(here: Frame, now: Pending) -> None:
    """One control for each thing that was decided about the file. Using one reads the file again."""
    account = now.loaded.account
    if account is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(now.sheets) > 1:
            _ask(here, now, "sheet", list(account.sheets), tuple, options=now.sheets, widget=_several, width=300)
        if account.header != PART_OF_FORMAT:
            _ask_header(here, now, account.header)
            _ask_last(here, now, account)
        if account.encoding:
            names = tuple(dict.fromkeys((account.encoding, *ENCODINGS)))
            _ask(here, now, "encoding", account.encoding, str, options=names)
            signs = tuple(dict.fromkeys((account.delimiter, *DELIMITERS)))
            _ask(here, now, "delimiter", account.delimiter, str, options=signs, shown=_sign)
        if (day_first := _day_first(now)) is not None:
            shown = {True: here.text("data.day_first"), False: here.text("data.month_first")}
            _ask(here, now, "day_first", day_first, bool, options=(True, False), shown=shown.get)
        if now.options.repeated or any(s.key.startswith("file.repeated") for s in now.loaded.doubts):
            ways = {way: here.text(f"data.ask.repeated_{way}") for way in REPEATED}
            found = now.options.repeated or REPEATED[0]
            _ask(here, now, "repeated", found, str, options=REPEATED, shown=ways.get, width=220)
        if now.options != ReadOptions():
            _back(here)


def _ask(
    here: Frame, now: Pending, name: str, found: Any, made: Callable[[Any], Any], *, options: Sequence[Any],
    shown: Callable[[Any], Any] = str, widget: Callable[..., Any] | None = None, width: int = 150,
) -> None:  # fmt: skip
    """A choice that begins with what was found."""
    key = f"{PREFIX}read.{name}.{now.options.key()}"
    st.session_state.setdefault(key, found)
    (widget or st.selectbox)(
        here.text(f"data.ask.{name}"), options, key=key, format_func=shown, width=width,
        on_change=_asked, args=(key, lambda value: {name: made(value)}),
    )  # fmt: skip


def _several(label: str, options: Sequence[str], **more: Any) -> None:
    st.multiselect(label, options, select_all=False, placeholder="", **more)


def _asked(key: str, options: Callable[[Any], Mapping[str, Any]]) -> None:
    """Remember what is to be read otherwise, for the run that follows; nothing chosen asks for nothing."""
    value = st.session_state[key]
    if value is not None and value != []:
        st.session_state[importing.ASKED] = options(value)


def _ask_header(here: Frame, now: Pending, header: tuple[int, int] | None) -> None:
    """First and last row of the names; 0 where the file has none."""
    first, last = header or (0, 0)
    key = f"{PREFIX}read.header.{now.options.key()}"
    st.session_state.setdefault(key, first)
    st.selectbox(
        here.text("data.ask.header"), range(FARTHEST + 1), key=key, width=150,
        format_func=lambda row: here.text("data.ask.row", row=row) if row else here.text("data.ask.no_header"),
        on_change=_asked, args=(key, lambda row: {"header": (row, max(row, last) if last > first and row else row)}),
    )  # fmt: skip
    if first:
        key = f"{PREFIX}read.header_last.{now.options.key()}"
        st.session_state.setdefault(key, last)
        st.selectbox(
            here.text("data.ask.header_last"), range(first, first + MOST_HEADER_ROWS), key=key, width=110,
            format_func=lambda row: here.text("data.ask.row", row=row),
            on_change=_asked, args=(key, lambda row: {"header": (first, row)}),
        )  # fmt: skip


def _ask_last(here: Frame, now: Pending, account: Account) -> None:
    """How many rows at the end are no data; of each sheet."""
    skipped = sum(one.n for one in account.left_out if one.why in (Why.TOTAL, Why.FOOTER, Why.ASKED))
    key = f"{PREFIX}read.last.{now.options.key()}"
    st.session_state.setdefault(key, round(skipped / max(1, len(account.sheets))))
    st.number_input(here.text("data.ask.last"), 0, 1000, step=1, key=key, width=150,
                    on_change=_asked, args=(key, lambda n: {"skip_last": int(n)}))  # fmt: skip


def _day_first(now: Pending) -> bool | None:
    """Whether dates are read day first, where they could be read otherwise."""
    kinds = [s.key.removeprefix("file.") for s in now.loaded.doubts]
    read = next((kind for kind in kinds if kind.startswith(("day_first", "month_first"))), None)
    return now.options.day_first if read is None else read.startswith("day_first")


def _back(here: Frame) -> None:
    nothing = {field.name: None for field in fields(ReadOptions)}
    st.button(here.text("data.read_as_found"), key=f"{PREFIX}plain", type="tertiary", icon=":material/undo:",
              on_click=partial(st.session_state.__setitem__, importing.ASKED, nothing))  # fmt: skip


def _sign(delimiter: str) -> str:
    return {"\t": "Tab (\\t)"}.get(delimiter, delimiter)


def told(here: Frame, statements: Sequence[Statement]) -> None:
    """What was decided and could be decided otherwise, a line each."""
    lines = [f"- {in_words(here, statement)}" for statement in statements if not _goes_without_saying(statement)]
    if lines:
        st.markdown("\n".join(lines))


def _goes_without_saying(said: Statement) -> bool:
    """A scale that ends where the values end stands in its fields already."""
    values = said.values
    return said.key == "draft.scale" and [f"{values[e]}" for e in ("low", "high")] == [
        values["least"],
        values["most"],
    ]


def private(here: Frame, now: Pending) -> None:
    """Columns that look like names, phones, e-mails, cards, addresses or free text."""
    personal = [role for role in now.roles if role.part is Part.PERSONAL]
    if not personal:
        return
    st.markdown(f"### {here.text('data.private')}")
    shown = [
        f":gray-badge[{here.words.show(role.column, 'name')}] {here.text(f'data.looks.{role.sensitive}')}"
        for role in personal
    ]
    st.markdown(" · ".join(shown))
    st.caption(here.text("data.private_note"))


def report(here: Frame, now: Pending) -> None:
    """Rows and cells that could not be read as they stand, each with its place in the file."""
    report = now.loaded.report
    if not report:
        st.markdown(f":material/check: {here.text('data.all_read')}")
        return
    more = sum(int(s.values["n"]) for s in report if s.key == "file.more")
    listed = [s for s in report if s.key != "file.more"]
    st.markdown(f"### {here.text('data.report', n=len(listed) + more)}")
    columns = [here.text(f"data.report_{name}") for name in ("row", "column", "said")]
    rows = [(s.values.get("row", s.values.get("line")), s.values.get("column"), here.plain.say(s)) for s in report]
    frame = pd.DataFrame(rows, columns=columns).astype({columns[0]: "Int64"}).dropna(axis="columns", how="all")
    widths: Mapping[str, int | Literal["large"]] = dict(zip(columns, (80, 160, "large"), strict=True))
    place_of(here).dataframe(
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

"""A round of contacting: whom to contact, what became of each, and the effect beside those held out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analysis.risk.choice import MUST
from analysis.risk.recovery import recovery
from data_access.selection import Selection
from data_access.statement import Problem
from data_access.workshop.monitor_records import Arm, RecoveryCase, RecoveryRound
from pages.frame import taken_along, top
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.monitor.risk.apart import since_of
from pages.report import report
from pages.words import risk_words
from pages.words.file_names import file_name
from pages.words.writers import spreadsheet

OUTCOMES = ("", "resolved", "not_resolved", "not_reached", "declined")
ROW_PX, SHOWN = 35, 10
Cases = Sequence[RecoveryCase]


def open_key(one: RecoveryRound) -> str:
    """Where the session keeps whether a round is open."""
    return f"risk.round.{one.id}"


def show(here: Context, one: RecoveryRound, cases: Cases) -> None:
    """Folded; its effect and its contacts are worked out once somebody opens it. Another label would close it."""
    held = sum(case.arm is Arm.HOLD_OUT for case in cases)
    label = here.plain.text("risk_page.round", began=one.created_at and one.created_at.date(), period=one.period,
                            contact=len(cases) - held, held=held)  # fmt: skip
    part = folded(label, "call", open_key(one), compact=False)
    if part.open:
        with part:
            _effect(here, one, cases)
            _contacts(here, one, cases)


def _effect(here: Context, one: RecoveryRound, cases: Cases) -> None:
    """Those contacted beside those held out, of all who could have been either."""
    free = [case for case in cases if not any(code.startswith(MUST) for code in case.reasons)]
    arms = [tuple(case.contact for case in free if case.arm is arm) for arm in (Arm.CONTACT, Arm.HOLD_OUT)]
    if not all(arms):
        st.caption(here.text("risk_page.nobody_held"))
        return
    selection = Selection(here.selection.metric, one.period)
    try:
        found = here.run(recovery, selection, contacted=arms[0], held_out=arms[1], since=since_of(one))
    except Problem as problem:
        st.caption(here.say(problem.statement))
        return
    st.markdown(f"**{here.say(found.findings[0])}**")
    st.caption(here.say(found.caveats[0]))
    report.table(here, found)


def _contacts(here: Context, one: RecoveryRound, cases: Cases) -> None:
    """Whom to contact, those still open first, with the buttons that write down what became of the marked ones.

    Who is held out is not shown: nobody calls them.
    """
    calls = sorted((case for case in cases if case.arm is Arm.CONTACT), key=lambda case: bool(case.outcome))
    frame, written = _frame(here, calls), sum(bool(case.outcome) for case in calls)
    event = st.dataframe(frame, hide_index=True, on_select="rerun", selection_mode="multi-row", placeholder="",
                         height=ROW_PX * (min(len(calls), SHOWN) + 1) + 3, column_config=_widths(here),
                         key=f"risk.cases.{one.id}.{written}")  # fmt: skip
    if marked := [calls[row] for row in event["selection"]["rows"] if row < len(calls)]:
        st.caption(here.text("risk_page.marked", count=len(marked)))
    else:
        st.caption(here.text("risk_page.mark", done=written, left=len(calls) - written))
    _settle(here, one, marked)
    _files(here, one, frame, len(calls) - written)


def _settle(here: Context, one: RecoveryRound, marked: Cases) -> None:
    """One click for all that are marked; once it is written down, they make room for those still open."""
    with st.container(horizontal=True):
        for code in OUTCOMES:
            label = here.text(f"risk_page.outcomes.{code or 'open'}")
            if st.button(label, key=f"risk.settle.{one.id}.{code or 'open'}", disabled=not marked):
                _write(here, marked, code)


def _write(here: Context, marked: Cases, outcome: str) -> None:
    store = here.store()
    try:
        for case in marked:
            store.settle_case(here.user, case.id, outcome)
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return
    st.rerun()


def _files(here: Context, one: RecoveryRound, frame: pd.DataFrame, left: int) -> None:
    """The next day's calls, and all of them."""
    parts = {"next": frame.head(min(one.capacity, left)), "all": frame}
    with st.container(horizontal=True):
        for part, rows in parts.items():
            if len(rows):
                label = here.text(f"risk_page.call_list.{part}", count=len(rows))
                name = file_name(here.plain.text(f"risk_page.call_file.{part}"), one.period, ending="csv")
                to_csv = taken_along.noted(
                    here, partial(spreadsheet.to_csv, rows), "csv", subject=f"round {one.id} {part}"
                )
                st.download_button(label, to_csv, name, "text/csv", on_click="ignore",
                                   icon=":material/csv:", key=f"risk.calls.{one.id}.{part}")  # fmt: skip


def _widths(here: Context) -> dict[str, Any]:
    """Room for the reasons."""
    names = {"risk.contact": 130, "columns.risk.probability": 130, "columns.risk.reasons": 440}
    return {here.plain.text(name): st.column_config.Column(width=width) for name, width in names.items()}


def _frame(here: Context, cases: Cases) -> pd.DataFrame:
    words = here.plain
    columns = {
        words.text("risk.contact"): [case.contact for case in cases],
        words.text("columns.risk.probability"): [words.show(case.probability, "share") for case in cases],
        words.text("columns.risk.reasons"): [_why(here, case) for case in cases],
        words.text("risk_page.outcome"): [_outcome(here, case.outcome) for case in cases],
    }
    return pd.DataFrame(columns)


def _why(here: Context, case: RecoveryCase) -> str:
    return risk_words.reasons([code for code in case.reasons if not code.startswith(MUST)], here.plain)


def _outcome(here: Context, code: str) -> str:
    return here.plain.text(f"risk_page.outcomes.{code or 'open'}") if code in OUTCOMES else code

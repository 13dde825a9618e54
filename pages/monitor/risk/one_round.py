"""A round of contacting: whom to contact, what became of each, and the effect beside those held out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from analysis.risk.choice import MUST
from analysis.risk.recovery import recovery
from data_access.selection import Selection
from data_access.statement import Problem
from data_access.workshop.monitor_records import Arm, RecoveryCase, RecoveryRound
from pages.frame import top
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.report import report
from pages.words import risk_words
from pages.words.writers import spreadsheet

OUTCOMES = ("", "resolved", "not_resolved", "not_reached", "declined")
Cases = Sequence[RecoveryCase]


def open_key(one: RecoveryRound) -> str:
    """Where the session keeps whether a round is open."""
    return f"risk.round.{one.id}"


def show(here: Context, one: RecoveryRound, cases: Cases) -> None:
    """Folded; its effect and its contacts are worked out once somebody opens it."""
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
    since = one.statistics.get("since")
    day = date.fromordinal(int(since)) if since else one.period.end
    selection = Selection(here.selection.metric, one.period)
    try:
        found = here.run(recovery, selection, contacted=arms[0], held_out=arms[1], since=day)
    except Problem as problem:
        st.caption(here.say(problem.statement))
        return
    st.markdown(f"**{here.say(found.findings[0])}**")
    st.caption(here.say(found.caveats[0]))
    report.table(here, found)


def _contacts(here: Context, one: RecoveryRound, cases: Cases) -> None:
    """Whom to contact; a marked row takes what became of it. Who is held out is not shown: nobody calls them."""
    calls = [case for case in cases if case.arm is Arm.CONTACT]
    frame = _frame(here, calls)
    event = st.dataframe(frame, hide_index=True, on_select="rerun", selection_mode="single-row", placeholder="",
                         height=390, key=f"risk.cases.{one.id}")  # fmt: skip
    rows = [row for row in event["selection"]["rows"] if row < len(calls)]
    if rows:
        _settle(here, calls[rows[0]])
    else:
        st.caption(here.text("risk_page.mark_one"))
    name = f"satrace-recovery-{one.period.start}.csv"
    st.download_button(
        here.text("risk_page.call_list"), lambda: spreadsheet.to_csv(frame), name,
        "text/csv", icon=":material/csv:", key=f"risk.calls.{one.id}", on_click="ignore",
    )  # fmt: skip


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


def _settle(here: Context, case: RecoveryCase) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            here.text("risk_page.outcome_of", contact=case.contact), OUTCOMES, key=f"risk.outcome.{case.id}",
            width=320,
            index=OUTCOMES.index(case.outcome) if case.outcome in OUTCOMES else 0,
            format_func=lambda code: _outcome(here, code),
        )  # fmt: skip
        if st.button(here.text("risk_page.save"), key=f"risk.settle.{case.id}", icon=":material/check:"):
            try:
                here.store().settle_case(here.user, case.id, str(chosen))
            except Problem as problem:
                top.refuse(here.say(problem.statement))
                return
            st.rerun()

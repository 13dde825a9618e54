"""What is a signal? One click says it, for everybody; a trace begins from it with nothing typed."""

from __future__ import annotations

import streamlit as st

from analysis.overview import overview
from analysis.result import Result
from data_access.access import may_judge_signals, may_pin
from data_access.statement import Problem
from data_access.workshop.monitor_records import Judgement, SignalFeedback
from pages.frame import address, top
from pages.frame.context import Context
from pages.monitor.alerts import outcome
from pages.monitor.alerts.choices import Morning
from pages.monitor.alerts.signal import Signal
from pages.record import record_words as say
from pages.record import remedy
from pages.words.links import PAGES_OWN

OWN = {*PAGES_OWN, "as_of", "by"}  # of the link of this page


def draw(here: Context, signal: Signal) -> None:
    """Three buttons, the one that counts filled; below them who said it and when."""
    said = signal.said
    if may_judge_signals(here.user):
        with st.container(horizontal=True, gap="small"):
            for judgement in Judgement:
                _button(here, signal, judgement)
    if said is not None:
        st.caption(here.text(f"alerts.said.{said.judgement}", who=say.who(said.created_by),
                             moment=say.moment(here, said.created_at)))  # fmt: skip


def _button(here: Context, signal: Signal, judgement: Judgement) -> None:
    counts = signal.said is not None and signal.said.judgement is judgement
    pressed = st.button(
        here.text(f"alerts.judge.{judgement}"),
        key=f"judge.{judgement}.{signal.key}",
        type="primary" if counts else "secondary",
        help=here.text(f"alerts.judge_help.{judgement}"),
    )
    if pressed:
        _judge(here, signal, judgement)


def _judge(here: Context, signal: Signal, judgement: Judgement) -> None:
    """Keep what was said; the trace that was begun stays with it."""
    if _keeps(here, signal, judgement, signal.said.issue_id if signal.said else ""):
        st.rerun()


def _keeps(here: Context, signal: Signal, judgement: Judgement, issue_id: str) -> bool:
    feedback = SignalFeedback(
        dataset=here.dataset,
        metric=here.selection.metric,
        segment=signal.segment,
        direction=str(signal.row["direction"]),
        since=signal.said.since if signal.said else signal.since,
        judgement=judgement,
        issue_id=issue_id,
    )
    try:
        here.store().judge(here.user, feedback)
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return False
    return True


def begin(here: Context, morning: Morning, signal: Signal, cause: Result | None) -> None:
    """The button that begins a trace; where one was begun, the way to it stands in its place (`outcome`)."""
    if not may_pin(here.user) or outcome.begun(here, signal):
        return
    if st.button(here.text("alerts.begin"), key=f"begin.{signal.key}", icon=":material/account_tree:"):
        _begin(here, morning, signal, cause)


def _begin(here: Context, morning: Morning, signal: Signal, cause: Result | None) -> None:
    over = here.over(signal.asked(here.selection, morning.day))
    try:
        issue = remedy.start(over, cause or over.run(overview))
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return
    if may_judge_signals(here.user) and not _keeps(here, signal, Judgement.REAL, issue):
        return
    carried = {name: values for name, values in address.carried().items() if name not in OWN}
    st.switch_page(here.pages["trace"], query_params={**carried, "issue": issue})

"""What do limits rest on? The days they are taken from, who froze these, and where limits begin anew, and why."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from analysis.result import Result
from data_access.access import may_judge_signals
from data_access.selection import Period
from data_access.statement import BadInput, Problem
from data_access.workshop.field_rules import LONGEST_LINE
from data_access.workshop.monitor_records import Rebase, WatchBaseline
from pages.frame import open_data, top
from pages.frame.context import Context
from pages.frame.folded import folded
from pages.monitor.alerts.choices import Morning
from pages.monitor.alerts.signal import Limits, Signal
from pages.record import record_words as say

LEAST_DAYS = 28  # fewer do not tell weekdays apart
A_DAY = timedelta(days=1)


def agreed(here: Context) -> Limits:
    """As the store knows it. Raises Problem while it is away."""
    store = here.store()
    rebased = tuple(r for r in store.rebases(here.user, here.dataset) if r.metric == here.selection.metric)
    return Limits(store.watch_baseline(here.user, here.dataset), rebased)


def draw(here: Context, morning: Morning, limits: Limits, result: Result | None) -> None:
    """Folded below the signals: the days, who said so, what begins anew; and the form that freezes others."""
    fold = folded(here.text("alerts.limits.title"), "tune", "alerts.limits")
    if not fold.open:
        return
    with fold:
        st.markdown(_said(here, limits, result))
        for one in limits.rebased:
            segment = {part.dimension: part.values[0] for part in one.segment}
            where = here.words.show(segment, "where") if segment else here.text("alerts.all")
            st.markdown("- " + here.text("alerts.limits.anew", day=one.at, where=where, reason=one.reason,
                                         who=say.who(one.created_by)))  # fmt: skip
        if may_judge_signals(here.user):
            _form(here, morning, limits, result)


def _said(here: Context, limits: Limits, result: Result | None) -> str:
    if limits.frozen:
        return here.text("alerts.limits.frozen", days=limits.frozen.period, who=say.who(limits.frozen.created_by),
                         moment=say.moment(here, limits.frozen.created_at))  # fmt: skip
    used = _used(result)
    return here.text("alerts.limits.calendar", days=used) if used else here.text("alerts.limits.none")


def _used(result: Result | None) -> Period | None:
    """The days that the limits of an answer were taken from."""
    if result is None:
        return None
    return Period(result.statistics["baseline_start"], result.statistics["baseline_end"])


def _form(here: Context, morning: Morning, limits: Limits, result: Result | None) -> None:
    calendar, used = open_data.calendar(here), limits.period or _used(result)
    first = calendar.first if calendar else morning.day
    start, end = (used.start, used.last_day) if used else (first, morning.day)
    with st.form("alerts.freeze", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.date_input(
            here.text("alerts.limits.days"),
            (max(start, first), min(max(end, first), morning.day)),
            min_value=first,
            max_value=morning.day,
            key="alerts.freeze.days",
            format="YYYY-MM-DD",
            width=300,
        )
        pressed = st.form_submit_button(
            here.text("alerts.limits.freeze"), icon=":material/lock:", key="alerts.freeze.save"
        )
    if pressed:
        _freeze(here, chosen)


def _freeze(here: Context, chosen: tuple[date, ...]) -> None:
    try:
        if len(chosen) != 2 or (chosen[1] - chosen[0]).days + 1 < LEAST_DAYS:
            raise BadInput("alerts.limits.short", least=LEAST_DAYS)
        period = Period(chosen[0], chosen[1] + A_DAY)
        here.store().freeze_baseline(here.user, WatchBaseline(dataset=here.dataset, period=period))
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return
    st.rerun()


def offer_anew(here: Context, morning: Morning, signal: Signal) -> None:
    """Below the chart of a signal whose reason is known: its limits begin anew on a day."""
    if not may_judge_signals(here.user):
        return
    with st.form(f"anew.{signal.key}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(here.text("alerts.limits.from"), min(signal.since, morning.day), max_value=morning.day,
                            key=f"anew.day.{signal.key}", format="YYYY-MM-DD", width=180)  # fmt: skip
        reason = st.text_input(here.text("alerts.limits.because"), key=f"anew.why.{signal.key}",
                               max_chars=LONGEST_LINE)  # fmt: skip
        pressed = st.form_submit_button(here.text("alerts.limits.begin_anew"), icon=":material/restart_alt:",
                                        key=f"anew.save.{signal.key}")  # fmt: skip
    if pressed:
        _begin_anew(here, signal, day, reason.strip())


def _begin_anew(here: Context, signal: Signal, day: date, reason: str) -> None:
    given = Rebase(dataset=here.dataset, metric=here.selection.metric, segment=signal.segment, at=day, reason=reason)
    try:
        here.store().rebase(here.user, given)
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return
    st.rerun()

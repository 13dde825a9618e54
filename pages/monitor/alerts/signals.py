"""Which signals are there, and what does each say? The strongest as cards, the others in a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analysis.monitor.watch import monitor
from analysis.result import Result
from data_access.selection import Filter
from data_access.statement import Problem
from data_access.workshop.monitor_records import Judgement, SignalFeedback
from pages.frame.context import Context
from pages.monitor.alerts import card, limits, outcome
from pages.monitor.alerts.choices import BEFORE, Morning
from pages.monitor.alerts.plans import Plans
from pages.monitor.alerts.signal import Limits, Signal, Signalled
from pages.report import report
from pages.words.format import sentences
from pages.words.markdown import escape_markdown

CARDS = 3
BESIDE = ("monitor.folded", "monitor.mix", "monitor.leading")  # what is told of others than the signals


def look(here: Context, morning: Morning) -> Signalled:
    """All segments watched at once, with what people said so far."""
    try:
        spoken = here.store().feedback  # not the widget of that name
        said, agreed = spoken(here.user, here.dataset), limits.agreed(here)
    except Problem as problem:
        st.warning(here.say(problem.statement), icon=":material/info:")
        said, agreed = (), Limits()
    asked = here.over(replace(here.selection, period=None, baseline=None))
    result = report.attempt(asked, monitor, as_of=morning.day, baseline=agreed.period, rebased=agreed.rebased,
                            judged=said)  # fmt: skip
    rows = () if result is None else result.table.to_dict("records")
    return Signalled(result, tuple(_signal(here, row, said) for row in rows), agreed)


def _signal(here: Context, row: Mapping[Any, Any], said: tuple[SignalFeedback, ...]) -> Signal:
    members = dict(row["segment"])
    segment = tuple(Filter(name, (member,)) for name, member in members.items())
    name = here.plain.show(members, "where") if members else here.plain.text("alerts.all")
    since = date.fromisoformat(str(row["since"])[:10])
    about = (here.selection.metric, segment, row["direction"])
    newest = next((one for one in reversed(said) if (one.metric, one.segment, one.direction) == about
                   and abs((one.since - since).days) <= BEFORE), None)  # fmt: skip
    return Signal(row, segment, name, since, newest)


def draw(here: Context, morning: Morning, signalled: Signalled, due: Plans) -> dict[str, str]:
    """The cards side by side, then the rest as a table; on a quiet day that all is quiet.

    Answers with who could act on a signal, by its key.
    """
    result = signalled.result
    if result is None:
        limits.draw(here, morning, signalled.limits, None)
        return {}
    st.space("small")
    st.markdown(f"## {here.text('alerts.signals')}")
    first, rest = _ordered(signalled)
    if not first:
        _nothing(here, result)
    owners = dict[str, str]()
    for place, signal in zip(st.columns(CARDS, gap="medium"), first, strict=False):
        with place, st.container(border=True, key=f"signal.{signal.key}"):
            owners[signal.key] = card.draw(here, morning, signal, due)
    if rest:
        rows = [_row(here, signal, due) for signal in rest]
        st.table(pd.DataFrame(rows), border="horizontal", hide_index=True)
    for signal in first:
        card.further(here, morning, signal, signalled.limits)
    limits.draw(here, morning, signalled.limits, result)
    beside = [statement for statement in result.findings if statement.key in BESIDE]
    st.caption(sentences(here.say(statement) for statement in (*beside, *result.caveats)))
    return owners


def _nothing(here: Context, result: Result) -> None:
    """That all is quiet is good news; that nothing can be watched is none."""
    if result.statistics["family"]:
        st.success(here.say(result.findings[0]), icon=":material/check_circle:")
    else:
        st.info(here.say(result.findings[0]), icon=":material/info:")


def _ordered(signalled: Signalled) -> tuple[list[Signal], list[Signal]]:
    """Those that ask for something first; within these the strongest, as they came."""
    silent = (Judgement.NOISE, Judgement.KNOWN)
    ordered = sorted(
        signalled.signals, key=lambda signal: signal.said is not None and signal.said.judgement in silent
    )
    return ordered[:CARDS], ordered[CARDS:]


def _row(here: Context, signal: Signal, due: Plans) -> dict[str, str]:
    cells = {
        "signal": escape_markdown(signal.name),
        "change": card.change(here, signal),
        "since": here.words.show(signal.since, "full_day"),
        "state": outcome.state(here, signal),
        "became": outcome.line(here, signal, due),
    }
    return {here.text(f"alerts.column.{name}"): text for name, text in cells.items()}

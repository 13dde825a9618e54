"""What is pinned to an issue, said again in the reader's language, and whether its numbers still hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from analysis.methods import METHODS, analysis_of
from analysis.result import Result, Unit
from data_access.access import may_pin
from data_access.selection import Filter
from data_access.statement import BadInput, Problem, Statement, Unreachable
from data_access.workshop.compare import Moved, PinCheck, PinVerdict, compare_pin
from data_access.workshop.records import Issue, IssueState, Pin
from data_access.workshop.tracing import dataset_of
from pages.frame import datasets
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.record import removal
from pages.report import pinning, report
from pages.words import tables
from pages.words.methods import presentation_of
from pages.words.presentation import Presentation

ROWS_SHOWN = 4
VERDICTS = {
    PinVerdict.HOLDS: ("success", ":material/check_circle:"),
    PinVerdict.DATA_CHANGED: ("info", ":material/update:"),
    PinVerdict.NUMBERS_MOVED: ("warning", ":material/difference:"),
}


@dataclass(frozen=True)
class Checked:
    """A pin beside its question asked again, with what would be said today."""

    check: PinCheck
    findings: tuple[Statement, ...]


def cards(here: Frame, issue: Issue, pins: Sequence[Pin]) -> None:
    """All that is pinned, a card each."""
    st.header(here.text("workshop.evidence", count=len(pins)), anchor=False)
    if not pins:
        st.caption(here.text("workshop.no_evidence"))
    for pin in pins:
        with st.container(border=True, key=f"pin.card.{pin.id}"):
            if pin.id == issue.origin:
                st.markdown(f":blue-badge[:material/flag: {here.text('workshop.stage.data_problem')}]")
            try:
                _card(over(here, pin), issue, pin)
            except Problem as problem:
                _unreadable(here, issue, pin, problem)


def over(here: Frame, pin: Pin) -> Context:
    """A context over the data set the pin speaks of, within the limits of its author.

    Raises: BadInput when that is not here any more or knows no such metric; Unreachable.
    """
    return _over(here, dataset_of(pin), pin.scope).about(pin.selection.metric)


def _over(here: Frame, dataset: str, limits: tuple[Filter, ...]) -> Context:
    if isinstance(here, Context) and here.dataset == dataset and set(limits) <= set(here.data_key.scope):
        return here
    if not isinstance(here, Context) and st.session_state.get("data", dataset) == dataset:
        raise Unreachable("workshop.data_away")  # the page has just waited for it in vain
    return datasets.over(here, dataset, datasets.opened(here, dataset), limits=limits)


def result_of(here: Context, pin: Pin) -> Result:
    """The pin as the result it once was, of its headline rows."""
    metric = here.warehouse.model.measure(pin.selection.metric)
    return Result(
        method=pin.method,
        metric=metric.name,
        unit=metric.unit,
        selection=pin.selection,
        data_version=pin.data_version,
        statistics=pin.statistics,
        table=pd.DataFrame([dict(row) for row in pin.rows]),
        findings=pin.statements,
        options=pinning.options_of(pin),
    )


def asked_in_words(here: Context, pin: Pin) -> str:
    """What was asked, of which version of the data."""
    return report.selection_in_words(here, pin.selection, pin.data_version)


def _card(here: Context, issue: Issue, pin: Pin) -> None:
    # large text leaves no room for two columns
    left, right = (st.container(), st.container()) if here.large else st.columns([5, 6], gap="medium")
    with left:
        _said(here, pin)
        st.caption(asked_in_words(here, pin))
        st.caption(_signed(here, pin))
    with right:
        _rows(here, pin)
    with st.container(horizontal=True):
        st.link_button(
            here.text("workshop.open_view"), pinning.link_to(pin, here.words.language), key=f"pin.open.{pin.id}",
            icon=":material/open_in_new:", type="tertiary", disabled=pinning.page_of(pin) not in here.pages,
        )  # fmt: skip
        place = f"pin.checked.{pin.id}"
        if st.button(here.text("workshop.check.button"), key=f"pin.check.{pin.id}", icon=":material/fact_check:",
                     type="tertiary", disabled=pin.method not in METHODS):  # fmt: skip
            st.session_state[place] = ask_again(here, pin)
        _take_off(here, issue, pin)
    if place in st.session_state:
        _verdict(here, pin, st.session_state[place])


def _unreadable(here: Frame, issue: Issue, pin: Pin, problem: Problem) -> None:
    """What was said stands; only asking again needs the data."""
    _said(here, pin)
    st.caption(_signed(here, pin))
    st.warning(here.text("workshop.not_open", reason=problem.statement), icon=":material/database_off:")
    _take_off(here, issue, pin)


def _said(here: Frame, pin: Pin) -> None:
    said = [here.words.recall(s) for s in pin.statements]
    if said:
        st.markdown(f"**{said[0]}**")
    if said[1:]:
        st.markdown(" ".join(said[1:]))


def _signed(here: Frame, pin: Pin) -> str:
    signed = here.text("workshop.pinned", who=say.who(pin.created_by), moment=say.moment(here, pin.created_at))
    return f"{say.method(here, pin)} · {signed}"


def _rows(here: Context, pin: Pin) -> None:
    """The first rows with the columns that carry the message."""
    if pin.method not in METHODS or not pin.rows:
        return
    st.table(headline_table(here, replace(pin, rows=pin.rows[:ROWS_SHOWN])), border="horizontal", hide_index=True)
    if len(pin.rows) > ROWS_SHOWN:
        st.caption(here.text("workshop.more_rows", count=len(pin.rows) - ROWS_SHOWN))


def headline_table(here: Context, pin: Pin) -> Styler:
    """The pinned rows as a table: numbers stay numbers, so that they align right."""
    result, shown = result_of(here, pin), presentation_of(pin.method)
    known = {column.name: column for column in tables.within(shown.columns, result, result.table, "advanced")}
    frame = pd.DataFrame({shown.rows.title(result, here.plain): shown.rows.names(result, here.words)})
    written: dict[str, list[str]] = {}
    for column in (known[name] for name in shown.headline if name in known):
        head = tables.header(column, result, here.plain)
        frame[head] = result.table[column.name].astype(float)
        written[head] = tables.written(result, column, here.plain)
    styled = frame.style
    for head, texts in written.items():
        styled = styled.format(partial(_next, iter(texts)), subset=[head])
    return styled


def _next(texts: Iterator[str], _: float) -> str:
    return next(texts)


def _take_off(here: Frame, issue: Issue, pin: Pin) -> None:
    if not may_pin(here.user) or issue.state is IssueState.CLOSED:
        return
    if st.button(here.text("workshop.unpin"), key=f"pin.off.{pin.id}", icon=":material/keep_off:", type="tertiary"):
        removal.delete(here, lambda: here.store().unpin(here.user, pin.id), pin.id, say.method(here, pin), issue.id)


def ask_again(here: Context, pin: Pin) -> Checked | Problem:
    """The same analysis of the same selection, within what this user may see, on today's data."""
    if pin.method not in METHODS:
        return BadInput("workshop.check.no_analysis", method=pin.method)
    try:
        selection = pin.selection.within(here.user.scope.filters)
        fresh = here.run(analysis_of(pin.method), selection, **pinning.asked_of(pin))
    except Problem as problem:
        return problem
    return Checked(compare_pin(pin, fresh.statistics, fresh.data_version), fresh.findings)


def _verdict(here: Context, pin: Pin, checked: Checked | Problem) -> None:
    if isinstance(checked, Problem):
        st.warning(here.say(checked.statement), icon=":material/info:")
        return
    kind, icon = VERDICTS[checked.check.verdict]
    {"success": st.success, "info": st.info, "warning": st.warning}[kind](
        here.say(checked.check.statement), icon=icon
    )
    if not checked.check.moved:
        return
    st.markdown(here.text("workshop.check.says_now", finding=checked.findings[0]))
    st.table(moved_table(here, pin, checked.check.moved), border="horizontal", hide_index=True)


def moved_table(here: Context, pin: Pin, moved: Sequence[Moved]) -> pd.DataFrame:
    """Each statistic that moved, then and now."""
    shown, unit = presentation_of(pin.method), here.warehouse.model.measure(pin.selection.metric).unit
    names = [_statistic(here, m.name) for m in moved]
    then, now = ([_written(here, shown, m.name, getattr(m, side), unit) for m in moved] for side in ("then", "now"))
    heads = (here.text(f"workshop.{key}") for key in ("stat.title", "check.then", "check.now"))
    return pd.DataFrame(dict(zip(heads, (names, then, now), strict=True)))


def _statistic(here: Context, name: str) -> str:
    return here.text(f"workshop.stat.{name}") if here.words.has(f"workshop.stat.{name}") else name


def _written(here: Context, shown: Presentation, name: str, value: Any, unit: Unit) -> str:
    if isinstance(value, bool):
        return here.text(f"workshop.stat.{'yes' if value else 'no'}")
    if isinstance(value, Mapping):  # the size of an effect, with its name and interval
        value = value.get("value")
    if isinstance(value, int | float | date):
        return here.plain.show(value, shown.spec(name), unit=unit)
    if name in shown.codes and value:
        return here.plain.text(f"{shown.codes[name]}.{value}")
    return here.text("format.none") if value is None else str(value)

"""Beside the leading cause: the events it may have begun with, and how far our own power reaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analysis.diagnosis import attainable
from analysis.result import Result
from analysis.suspects import suspects
from data_access.selection import Filter
from data_access.statement import Problem, Statement
from pages.frame.context import Context
from pages.monitor.overview.leading import chip, path_of
from pages.words.format import sentences
from pages.words.methods import presentation_of

EVENTS = 4  # lined up at a glance


def show(here: Context, cause: Result | None) -> None:
    """Both for the segment of the leading cause; nothing where none stands out."""
    path = path_of(cause)
    if not path:
        return
    st.space("small")
    left, right = st.columns([7, 5], gap="large")
    with left:
        st.markdown(f"## {here.text('suspects.question')}")
        _line_up(here, _quietly(here, suspects, path))
    with right:
        _power(here, _quietly(here, attainable, path), cause.statistics["segment"] if cause else {})


def _quietly(here: Context, analyse: Callable[..., Result], path: tuple[Filter, ...]) -> Result | None:
    """An analysis that not all data allow: where these do not, nothing is said of it."""
    try:
        return here.run(analyse, path=path)
    except Problem:
        return None


def _line_up(here: Context, result: Result | None) -> None:
    """The nearest events with their steps, each beside the sham dates that look as good."""
    if result is None or result.table.empty:
        st.markdown(here.say(result.findings[0] if result else Statement("suspects.no_calendar")))
        here.lead_to("change", here.text("change.question"))
        return
    st.table(_events(here, result), border="horizontal", hide_index=True)
    st.caption(sentences(here.say(statement) for statement in result.findings[1:]))


def _events(here: Context, result: Result) -> pd.DataFrame:
    """A row for each event: name, date, step, sham dates, evidence."""
    names = presentation_of("suspects").rows.names(result, here.words)
    rows = [_event(here, result, *pair) for pair in zip(names, result.table.to_dict("records"), strict=True)]
    titles = ("suspects.title", "overview.step", "overview.shams", "columns.leading_cause.grade")
    return pd.DataFrame(rows[:EVENTS], columns=[here.text(title) for title in titles])


def _event(here: Context, result: Result, name: str, row: dict[Any, Any]) -> tuple[str, ...]:
    head = f"{name}  \n:gray[{here.words.show(row['date'], 'full_day')}]"
    if row["note"]:
        return head, "–", here.text(f"suspects.note.{row['note']}"), chip(here, row["grade"])
    step = here.text("overview.step_of", change=row["change"], unit=result.unit)
    return (
        head,
        step,
        here.text("overview.shams_of", **{n: row[n] for n in ("better", "shams")}),
        chip(here, row["grade"]),
    )


def _power(here: Context, reach: Result | None, segment: Mapping[str, str | None]) -> None:
    """How far our own power reaches in this segment, in words, and who must act on the rest."""
    if reach is None:
        return
    st.markdown(f"## {here.text('overview.reach', segment=segment)}")
    st.markdown(sentences(here.say(statement) for statement in reach.findings))
    silent = [statement for statement in reach.caveats if statement.key == "naming.caveat.unstated"]
    if silent:
        st.caption(here.say(silent[0]))

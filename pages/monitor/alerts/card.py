"""One signal: what moved, by how much and since when, its first likely cause, and what became of it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.leading_cause import leading_cause
from analysis.monitor.charts.icons import Variation
from analysis.result import Result
from analysis.suspects import suspects
from data_access.statement import Problem
from pages.charts.variation_icons import variation_icon
from pages.frame.context import Context
from pages.monitor.alerts import chart, feedback, outcome
from pages.monitor.alerts.choices import Morning
from pages.monitor.alerts.plans import Plans
from pages.monitor.alerts.signal import Limits, Signal
from pages.words.markdown import escape_markdown

COLOURS = {"loss": "orange", "gain": "blue", "none": "gray"}
SIGNS = {"shown": "✓", "likely": "≈", "possible": "?", "unknown": "–"}
WORDS = ("since", "why", "who")  # of the sentence, whose evidence is graded


def draw(here: Context, morning: Morning, signal: Signal, due: Plans) -> str:
    """The card; its cause, which takes longest, last into its place. Answers with who could act, if that is known."""
    icon, head = st.columns([1, 5], gap="small", vertical_alignment="center")
    with icon:
        st.image(variation_icon(_variation(here, signal), here.look), width=44)
    head.markdown(f"### {escape_markdown(signal.name)}")
    st.markdown(f"{change(here, signal)}  \n{here.text('alerts.since', day=signal.since)}")
    st.caption(_figures(here, signal))
    place = st.empty()
    place.caption(here.text("overview.looking"))
    feedback.draw(here, signal)
    begun = outcome.line(here, signal, due)
    if begun:
        st.markdown(begun)
    way = st.container()
    cause = _cause(here, morning, signal)
    with place.container():
        _sentence(here, cause)
    with way:
        feedback.begin(here, morning, signal, cause)
    return _owner(cause)


def change(here: Context, signal: Signal) -> str:
    """By how much it rose or fell, in the colour of better or worse."""
    step = float(signal.row["change"])
    sign = "▼" if step < 0 else "▲"
    told = here.text("alerts.change", change=step, unit=here.metric.unit)
    return f":{COLOURS[here.look.verdict(step)]}[**{sign} {told}**]"


def _variation(here: Context, signal: Signal) -> Variation:
    kind = "concerning" if here.look.verdict(float(signal.row["change"])) == "loss" else "improving"
    return Variation(f"{kind}_{'low' if signal.row['direction'] == 'down' else 'high'}")


def _figures(here: Context, signal: Signal) -> str:
    row = signal.row
    return here.text("alerts.figures", low=row["change_low"], high=row["change_high"], value=row["value"],
                     center=row["center"], n=row["n"], unit=here.metric.unit)  # fmt: skip


def _cause(here: Context, morning: Morning, signal: Signal) -> Result | None:
    """What goes with it within its segment, else the event that the whole of it may have begun with; else None."""
    try:
        found = here.over(signal.asked(here.selection, morning.day)).run(leading_cause)
    except Problem:
        return None
    return found if found.statistics["segment"] else _event(here, morning, signal)


def _event(here: Context, morning: Morning, signal: Signal) -> Result | None:
    if not signal.segment:
        return None
    whole = replace(signal, segment=()).asked(here.selection, morning.day)
    try:
        found = here.over(whole).run(suspects, path=signal.segment)
    except Problem:
        return None
    return found if len(found.table) and found.table["grade"].iloc[0] != "unknown" else None


def _is_event(cause: Result) -> bool:
    """Whether an event alone is named, each in a row with its owner, and no reason."""
    return "owner" in cause.table


def _owner(cause: Result | None) -> str:
    """Who could act: the owner of the event or of the reason; empty where nobody is known."""
    if cause is None:
        return ""
    owner = cause.table["owner"].iloc[0] if _is_event(cause) else cause.statistics["owner"]
    return str(owner or "")


def _sentence(here: Context, cause: Result | None) -> None:
    """The first likely cause with the grade of each of its parts: what goes together, never more."""
    if cause is None:
        st.markdown(here.text("alerts.no_cause"))
        return
    st.markdown(here.say(cause.findings[0]))
    if _is_event(cause):
        graded = [("since", str(cause.table["grade"].iloc[0]))]
    else:
        graded = [(word, str(cause.statistics[f"grade_{word}"])) for word in WORDS]
    st.markdown(" ".join(_badge(here, word, grade) for word, grade in graded))
    st.caption(here.text("alerts.together"))


def _badge(here: Context, word: str, grade: str) -> str:
    colour = "primary" if grade in ("shown", "likely") else "gray"
    told = here.text("alerts.graded", word=here.text(f"leading_cause.word.{word}"),
                     grade=here.text(f"leading_cause.grade.{grade}"))  # fmt: skip
    return f":{colour}-badge[{SIGNS[grade]} {told}]"


def further(here: Context, morning: Morning, signal: Signal, limits: Limits) -> None:
    """Its control chart, as wide as the page, once somebody opens it."""
    chart.draw(here, morning, signal, limits)

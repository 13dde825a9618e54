"""What changed, since when, why so far, who can act: one sentence in four columns, and the start of a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from analysis.leading_cause import leading_cause
from analysis.result import Result
from data_access.access import may_pin
from data_access.selection import Filter
from data_access.statement import Problem, Statement
from pages.frame import address, top
from pages.frame.context import Context
from pages.monitor.overview.headline import COLOURS
from pages.record import remedy
from pages.report import report
from pages.words.format import sentences
from pages.words.links import PAGES_OWN
from pages.words.methods import presentation_of
from pages.words.options import code_of

SIGNS: Mapping[str, str] = {"shown": "✓", "likely": "≈", "possible": "?", "unknown": "–"}
SURE = ("shown", "likely")


def show(here: Context, headline: Result) -> Result | None:
    """The leading cause with its next step; None where there is nothing to compare with."""
    if "change" not in headline.statistics:
        here.lead_to("contribution", here.text("contribution.question"))
        return None
    place = st.empty()
    place.caption(here.text("overview.looking"))
    with place.container():
        cause = report.attempt(here, leading_cause)
        if cause is None or not cause.statistics["segment"]:
            _nothing(here, headline, cause)
        else:
            _sentence(here, cause)
            _next_steps(here, cause)
    return cause


def path_of(cause: Result | None) -> tuple[Filter, ...]:
    """The segment of the leading cause as the steps of a path."""
    segment = cause.statistics["segment"] if cause else {}
    return tuple(Filter(name, (member,)) for name, member in segment.items())


def chip(here: Context, grade: str) -> str:
    """A grade of evidence as sign, word and colour."""
    colour = "primary" if grade in SURE else "gray"
    return f":{colour}-badge[{SIGNS[grade]} {here.text(f'leading_cause.grade.{grade}')}]"


def _nothing(here: Context, headline: Result, cause: Result | None) -> None:
    """How the change stands, that nothing explains it beyond chance, and where points are lost all the same."""
    found = cause.findings if cause else ()
    if found:
        st.markdown(f"## {here.say(found[0])}")
    rest = sentences(here.say(statement) for statement in (*found[1:], *headline.findings[1:]))
    if rest:
        st.markdown(rest)
    here.lead_to("contribution", here.text("contribution.question"))


def _sentence(here: Context, cause: Result) -> None:
    """What, since, why and who beside one another, each with the grade of its evidence."""
    parts, s = cause.findings[0].values, cause.statistics
    for column, word in zip(st.columns(len(cause.table), gap="medium"), cause.table["word"], strict=True):
        with column, st.container(gap="xxsmall"):
            st.caption(here.text(f"leading_cause.word.{word}"))
            st.markdown(f"## {_coloured(here, parts[word], cause) if word == 'what' else here.say(parts[word])}")
            st.markdown(chip(here, s[f"grade_{word}"]))
            spans = _spans(here, cause, word)
            if spans:
                st.caption("  \n".join(spans))


def _spans(here: Context, cause: Result, word: str) -> list[str]:
    """What the numbers of a word span: from the day of an event they are others than over the whole period."""
    s = cause.statistics
    if word == "since" and s["event"]:
        day = date.fromisoformat(s["since"])
        return [here.text("overview.around", day=day, change=s["step"], unit=cause.unit)]
    if word != "what" or "effect" not in s:
        return []
    now, before = here.words.periods(here.selection.period, here.selection.baseline)
    told = {"now": now, "before": before, "change": s["change"], "unit": cause.unit}
    return [here.text("overview.in_all", **told), here.text("overview.effect", effect=s["effect"], unit=cause.unit)]


def _coloured(here: Context, part: Statement, cause: Result) -> str:
    """Worse or better beyond chance in its colour."""
    text, known = here.say(part), cause.statistics["grade_what"] in SURE
    return f":{COLOURS[here.look.verdict(cause.statistics['change'])]}[{text}]" if known else text


def _next_steps(here: Context, cause: Result) -> None:
    """The remedy first; beside it what changed around the segment and why it loses points."""
    (by, member), *further = cause.statistics["segment"].items()
    name = here.plain.show(member, "name", dimension=by)
    with st.container(horizontal=True, vertical_alignment="center"):
        if may_pin(here.user) and st.button(
            here.text("overview.start"), key="remedy.start", type="primary", icon=":material/flag:"
        ):
            _start(here, cause)
        if not further:
            here.lead_to(
                "contribution", here.text("overview.to_reasons", segment=name), by=by, segment=code_of(member)
            )
        here.lead_to("change", here.text("overview.to_change", name=here.names.of_dimension(by)), by=by)
    st.caption(sentences(here.say(statement) for statement in cause.caveats))


def _start(here: Context, cause: Result) -> None:
    """Open the issue that the remedy begins with."""
    try:
        issue = remedy.start(here, cause)
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return
    own = {*PAGES_OWN, *presentation_of("overview").links}
    carried = {name: values for name, values in address.carried().items() if name not in own}
    st.switch_page(here.pages["trace"], query_params={**carried, "issue": issue})

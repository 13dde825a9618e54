"""The head of an issue: its title with who opened it, and what was found so far as one card."""

from __future__ import annotations

import streamlit as st

from data_access.workshop.records import Issue, PlanState
from data_access.workshop.tracing import Trace
from pages.frame.context import Context, Frame
from pages.record import record_words as say
from pages.record.fields import CHOICES
from pages.report import group_issue
from pages.words import path_words, why_tree
from pages.words.markdown import escape_markdown


def heading(here: Frame, issue: Issue) -> None:
    """The title, and who opened it over which data."""
    st.title(escape_markdown(issue.title), anchor=False)
    facts = [here.text("workshop.opened", who=say.who(issue.created_by), moment=say.moment(here, issue.created_at))]
    if issue.group:
        facts.insert(0, group_issue.named(here, issue))
    if issue.data_version:
        facts.append(here.text("line.version", version=issue.data_version))
    if issue.version > 1:
        saved = say.moment(here, issue.updated_at)
        facts.append(here.text("workshop.saved", who=say.who(issue.updated_by), moment=saved))
    st.markdown(f"{say.state_badge(here, issue)} {say.basis_badge(here, issue)} :small[:gray[{' · '.join(facts)}]]")


def summary(here: Frame, row: Trace, over: Context | None, *, at: str) -> None:
    """What was found so far, as one card; what the step `at` shows is not said twice."""
    issue = row.issue
    badges, steps = _badges(here, issue), _found(over or here, row)
    said = {step: text for step, text in steps.items() if text and step != at}
    if not (badges or said or issue.cause or issue.notes):
        return
    with st.container(border=True):
        if badges:
            st.markdown(" ".join(badges))
        st.markdown(
            f"## {escape_markdown(issue.cause)}" if issue.cause else f":gray[{here.text('workshop.no_cause')}]"
        )
        for step, text in said.items():
            st.markdown(f"**{here.text(f'workshop.stage.{step}')}** {text}")
        if issue.notes and at != "data_problem":
            st.caption(escape_markdown(issue.notes).replace("\n", "  \n"))


def _found(here: Frame, row: Trace) -> dict[str, str]:
    """What each step came to, in Markdown: the first finding, the end of the path, the deepest why, the remedies."""
    issue, plans = row.issue, [plan.action for plan in row.plans if plan.state is not PlanState.DROPPED]
    problem = here.words.recall(row.origin.statements[0]) if row.origin is not None and row.origin.statements else ""
    place = path_words.path(here.plain, issue.path) if issue.path else issue.location_reason
    chain = why_tree.deepest(row.whys)
    return {
        "data_problem": problem,
        "where": escape_markdown(place),
        "why": escape_markdown(" ← ".join(why.statement for why in chain)),
        "solution": escape_markdown("; ".join(plans)),
    }


def _badges(here: Frame, issue: Issue) -> list[str]:
    given = {name: getattr(issue, name) for name in CHOICES if getattr(issue, name)}
    return [
        f":{'primary' if name == 'cause_type' else 'gray'}-badge[{say.shown(here, name, code)}]"
        for name, code in given.items()
    ]

"""The head of an issue: its title with who opened it, and what was found so far as one card."""

from __future__ import annotations

import streamlit as st

from data_access.workshop.records import Issue
from pages.frame.context import Frame
from pages.record import record_words as say
from pages.record.fields import CHOICES
from pages.record.steps import STEPS
from pages.words.format import escape_markdown


def heading(here: Frame, issue: Issue) -> None:
    """The title, and who opened it over which data."""
    st.title(escape_markdown(issue.title), anchor=False)
    facts = [here.text("workshop.opened", who=say.who(issue.created_by), moment=say.moment(here, issue.created_at))]
    if issue.group:
        facts.insert(0, here.text("workshop.of_group", group=issue.group))
    if issue.data_version:
        facts.append(here.text("line.version", version=issue.data_version))
    if issue.version > 1:
        saved = say.moment(here, issue.updated_at)
        facts.append(here.text("workshop.saved", who=say.who(issue.updated_by), moment=saved))
    st.markdown(f"{say.state_badge(here, issue)} {say.basis_badge(here, issue)} :small[:gray[{' · '.join(facts)}]]")


def summary(here: Frame, issue: Issue) -> None:
    """What was found so far, as one card; nothing while nothing was written."""
    badges, written = _badges(here, issue), [step for step in STEPS if getattr(issue, step).strip()]
    if not (badges or written or issue.cause or issue.description):
        return
    with st.container(border=True):
        if badges:
            st.markdown(" ".join(badges))
        st.markdown(
            f"##### {escape_markdown(issue.cause)}" if issue.cause else f":gray[{here.text('workshop.no_cause')}]"
        )
        for step in written:
            st.markdown(f"**{here.text(f'workshop.stage.{step}')}** {escape_markdown(getattr(issue, step))}")
        if issue.description:
            st.caption(escape_markdown(issue.description))


def _badges(here: Frame, issue: Issue) -> list[str]:
    given = {name: getattr(issue, name) for name in CHOICES if getattr(issue, name)}
    return [
        f":{'orange' if name == 'cause_type' else 'gray'}-badge[{say.shown(here, name, code)}]"
        for name, code in given.items()
    ]

"""The fields of a record whose content is a code of the taxonomy, and the end of its form."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data_access.workshop.field_rules import NO_GAP
from data_access.workshop.records import Issue, Plan
from pages.frame.context import Frame
from pages.record import drafts
from pages.record import record_words as say
from pages.words.code_words import NOT_SET

CHOICES = ("cause_type", "gap", "system", "power", "owner")


def save_or_cancel(here: Frame, name: str, save: str = "workshop.save") -> tuple[bool, bool]:
    """The end of a form that opens and closes: whether it is saved, whether it is left."""
    with st.container(horizontal=True):
        saved = st.button(here.text(save), type="primary", icon=":material/save:", key=f"{name}.save")
        left = st.button(here.text("workshop.cancel"), type="tertiary", key=f"{name}.cancel")
    return saved, left


def choose_code(here: Frame, base: Issue | Plan, name: str, content: str | None = None) -> str:
    """A code for a field; one that the list no longer holds stays until it is changed."""
    given = getattr(base, name) if content is None else content
    options = [NOT_SET, *(entry.code for entry in say.entries(here, name))]
    options += [NO_GAP] if name == "gap" else []
    options += [given] if given not in options else []
    kept = drafts.chosen(here, base, name, content)
    options += [st.session_state[kept["key"]]] if st.session_state[kept["key"]] not in options else []
    chosen = st.selectbox(
        say.field(here, name), options, format_func=lambda code: _option(here, name, code),
        help=_help(here, name), accept_new_options=name == "owner", **kept,
    )  # fmt: skip
    if chosen and chosen not in options:
        return say.code_of(say.entries(here, name), here.words.language, chosen)
    return str(chosen or NOT_SET)


def choose_listed(here: Frame, base: Plan, name: str, options: Sequence[str]) -> str:
    """One of a list of our own, such as the priorities."""
    return str(st.selectbox(
        say.field(here, name), options, format_func=lambda code: say.value(here, name, code, "plan"),
        **drafts.chosen(here, base, name),
    ))  # fmt: skip


def _option(here: Frame, name: str, code: str) -> str:
    entry = here.taxonomy.entry("gap", code) if name == "gap" else None
    label = say.label(here, name, code)
    return here.text("workshop.gap_option", label=label, question=entry.hint(here.words.language)) if entry else label


def _help(here: Frame, name: str) -> str | None:
    """What the codes of a list mean."""
    language = here.words.language
    known = [(e.label(language), e.hint(language) or e.definition(language)) for e in say.entries(here, name)]
    return "\n".join(f"- **{label}** {text}" for label, text in known if text) or None

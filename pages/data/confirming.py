"""A file that was read, until it is confirmed: a glance at what was understood, one button, and every correction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.files.compose import Settings
from data_access.files.roles import ColumnRole
from data_access.files.sensitive import Sensitive
from data_access.model_file import parse_model
from data_access.statement import Problem, Statement
from pages.data import beside, importing, mapping, readers, reading, roles, scoring
from pages.data.importing import PREFIX, Pending
from pages.frame import visitors
from pages.frame.context import Frame


def draw(here: Frame, now: Pending) -> None:
    """The button first, then the rows as they were understood, then what may be corrected, most pressing first."""
    now = reading.asked(here, now)
    head = st.container()
    chosen = roles.corrected(now.profile, now.roles, importing.corrections())
    reading.first_rows(here, now, chosen)
    reading.controls(here, now)
    reading.told(here, now.loaded.doubts)
    settings = scoring.draw(here, now, chosen)
    reading.told(here, now.doubts)
    mapping.draw(here, now)
    reading.private(here, now)
    reading.report(here, now)
    settings = beside.draw(here, now, chosen, settings)
    text = _head(here, now, chosen, settings, head)
    if text:
        with st.expander(here.text("data.preview"), icon=":material/code:", type="compact"):
            st.code(text, language="toml")


def _head(here: Frame, now: Pending, chosen: Sequence[ColumnRole], settings: Settings, place: DeltaGenerator) -> str:
    """What was read and the way on; under it what keeps the data from use. Returns the model, if there is one."""
    exposed, (wrong, text) = roles.exposed(chosen), _composed(now, chosen, settings)
    with place:
        size = {"rows": now.loaded.rows, "columns": len(now.loaded.columns)}
        st.markdown(f"## {here.text('data.was_read', name=now.file.name, **size)}")
        buttons = st.container(horizontal=True, vertical_alignment="bottom")
        st.caption(here.text("data.until_corrected" if now.kept else "data.until_confirmed"))
        agreed = [_confirmed(here, role) for role in exposed]
        if failed := importing.failure():
            st.warning(reading.in_words(here, failed), icon=":material/error:")
        for statement in wrong:
            st.warning(reading.in_words(here, statement), icon=":material/edit:")
        if off := scoring.off_scale(now, chosen, settings.scale):
            st.warning(here.say(off), icon=":material/straighten:")
    with buttons:
        _buttons(here, now, text, ready=not wrong and all(agreed))
    return text


def _composed(now: Pending, chosen: Sequence[ColumnRole], settings: Settings) -> tuple[list[Statement], str]:
    """What is still wrong, and the model when nothing is."""
    wrong = roles.problems(now.profile, chosen)
    if wrong:
        return wrong, ""
    try:
        text = roles.composed(chosen, settings, importing.corrections())
        parse_model(text)
    except Problem as problem:
        return [problem.statement], ""
    return [], text


def _buttons(here: Frame, now: Pending, text: str, *, ready: bool) -> None:
    st.session_state.setdefault(f"{PREFIX}name", now.name)
    name = st.text_input(
        here.text("data.name"), key=f"{PREFIX}name", max_chars=80, width=360, persist_state="session"
    )
    if visitors.sign_in_configured():
        readers.choose(here, now)
    st.button(
        here.text("data.use"), key=f"{PREFIX}use", type="primary", icon=":material/check:", disabled=not ready,
        on_click=partial(importing.use, here, name.strip() or now.name, text),
    )  # fmt: skip
    st.button(here.text("data.put_aside"), key=f"{PREFIX}aside", on_click=importing.put_aside)


def _confirmed(here: Frame, role: ColumnRole) -> bool:
    """The second confirmation for a column that seems to identify a person."""
    looks = here.text(f"data.looks.{role.sensitive}")
    key = "data.sure_agent" if role.is_dimension and role.sensitive is Sensitive.NAME else "data.sure"
    text = here.text(key, column=role.column, looks=looks, part=here.text(f"data.part.{role.part}"))
    return bool(st.checkbox(text, key=f"{PREFIX}sure.{role.column}.{role.part}", persist_state="session"))

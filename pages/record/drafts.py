"""What a person is editing, apart from what is stored, so that two people never overwrite each other unseen.

A form stands on the version it was opened with. When somebody saves in between, both versions are shown and the
person chooses field by field; nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from data_access.access import may_edit_issue
from data_access.statement import Problem
from data_access.workshop.records import Conflict, Difference, Issue, Plan, Why, name_of
from pages.frame.context import Frame
from pages.record import record_words as say

Record = TypeVar("Record", bound=Issue | Plan | Why)
THEIRS, MINE = "theirs", "mine"


def opened(stored: Record) -> Record:
    """The version the forms of this record stand on: the one first seen, until it is saved or loaded anew."""
    base: Record = st.session_state.setdefault(f"draft.{stored.id}", stored)
    return base


def load(stored: Record, *, fresh: bool = True) -> None:
    """Let the forms stand on another version. Fresh, their fields show its contents; else what was typed stays."""
    state = st.session_state
    state[f"draft.{stored.id}"] = stored
    state[f"draft.round.{stored.id}"] = _round(stored.id) + fresh
    state.pop(f"draft.conflict.{stored.id}", None)


def key(record: Issue | Plan | Why, name: str) -> str:
    """The key of a field's widget; its first content is that of the record."""
    return key_of(record, name, getattr(record, name))


def key_of(record: Issue | Plan | Why, name: str, content: Any) -> str:
    """The key of a widget that belongs to a record; it begins with `content`."""
    place = f"edit.{record.id}.{_round(record.id)}.{name}"
    st.session_state.setdefault(place, content)
    return place


def _round(record_id: str) -> int:
    return int(st.session_state.get(f"draft.round.{record_id}", 0))


def save(
    here: Frame, mine: Issue | Plan | Why, *, then: Callable[[], None] = lambda: None, fresh: bool = True
) -> None:
    """Save, do what follows, and draw the page anew; a conflict is kept for `settle`, other trouble is said.

    Not fresh: what is typed in the record's forms and not saved yet stays there.
    """
    if saves(here, mine, then=then, fresh=fresh):
        st.rerun()


def saves(here: Frame, mine: Issue | Plan | Why, *, then: Callable[[], None], fresh: bool) -> bool:
    """`save` before anything is drawn; answers with whether the page has something new to show."""
    try:
        load(_saved(here, mine), fresh=fresh)
        then()
    except Conflict as conflict:
        st.session_state[f"draft.conflict.{mine.id}"] = conflict
    except Problem as problem:
        st.error(say.trouble(here, problem), icon=":material/error:")
        return False
    return True


def _saved(here: Frame, mine: Issue | Plan | Why) -> Issue | Plan | Why:
    store = here.store()
    if isinstance(mine, Issue):
        return store.save_issue(here.user, mine)
    return store.save_plan(here.user, mine) if isinstance(mine, Plan) else store.save_why(here.user, mine)


def newer(here: Frame, stored: Issue | Plan | Why) -> None:
    """Say that somebody saved since the form was opened, and offer to load it."""
    if not may_edit_issue(here.user) or opened(stored).version >= stored.version:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(here.text(_key(here, stored, "newer"), who=say.who(stored.updated_by)), icon=":material/group:")
        if st.button(here.text("workshop.load_newer"), key=f"draft.load.{stored.id}", icon=":material/refresh:"):
            load(stored)
            st.rerun()


def settle(here: Frame, stored: Issue | Plan | Why) -> bool:
    """Where a save met another's, show both versions and let the person choose. Returns whether there was one."""
    conflict = st.session_state.get(f"draft.conflict.{stored.id}")
    if conflict is None:
        return False
    theirs = conflict.theirs
    st.subheader(here.text(_key(here, theirs, "title")), anchor=False)
    text = here.text(_key(here, theirs, "text"), who=say.who(theirs.updated_by), subject=name_of(theirs))
    st.warning(text, icon=":material/group:")
    with st.form(f"conflict.{stored.id}.{theirs.version}"):
        st.markdown(here.text("workshop.conflict.choose"))
        kept = {d.field: d.mine for d in conflict.differences if _choice(here, conflict, d) == MINE}
        if st.form_submit_button(
            here.text("workshop.save"), type="primary", icon=":material/save:", key=f"conflict.save.{stored.id}"
        ):
            save(here, replace(theirs, **kept))
    return True


def _key(here: Frame, theirs: Issue | Plan | Why, name: str) -> str:
    """The text for a version that somebody else saved, or this very person in another window."""
    return f"workshop.{'window' if theirs.updated_by == here.user.name else 'conflict'}.{name}"


def _choice(here: Frame, conflict: Conflict, difference: Difference) -> str:
    name, theirs = difference.field, conflict.theirs
    kind = type(theirs).__name__.lower()
    st.markdown(f"**{say.field(here, name)}**")
    left, right = st.columns(2, border=True)
    with left:
        st.caption(here.text(_key(here, theirs, "theirs"), who=say.who(theirs.updated_by)))
        st.markdown(say.shown(here, name, difference.theirs, kind))
    with right:
        st.caption(here.text(_key(here, theirs, "mine")))
        st.markdown(say.shown(here, name, difference.mine, kind))
    # A field this person did not touch is the other's by default.
    touched = difference.mine != getattr(opened(conflict.mine), name)
    place = f"conflict.{theirs.id}.{theirs.version}.{name}"
    st.session_state.setdefault(place, MINE if touched else THEIRS)
    chosen = st.segmented_control(
        say.field(here, name), (THEIRS, MINE), key=place, required=True, label_visibility="collapsed",
        format_func=lambda code: here.text(_key(here, theirs, f"keep_{code}")),
    )  # fmt: skip
    return str(chosen)

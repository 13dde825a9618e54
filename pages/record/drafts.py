"""What a person is editing, apart from what is stored, so that two people never overwrite each other unseen.

A form stands on the version it was opened with. When somebody saves in between, both versions are shown and the
person chooses field by field; nothing typed is lost. What was typed and not saved is kept by `pages.frame.kept`; it
is there again in another browser, and meets what was saved in between in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from data_access.access import may_edit_issue
from data_access.statement import Problem
from data_access.workshop.changes import Conflict, Difference, editable, name_of, with_content
from data_access.workshop.drafts import Draft
from data_access.workshop.records import Issue, Plan, Why
from pages.frame import kept, top
from pages.frame.context import Frame
from pages.frame.kept import AS_IT_IS, Shape
from pages.record import record_words as say

Record = TypeVar("Record", bound=Issue | Plan | Why)
THEIRS, MINE = "theirs", "mine"
NEW = "new"


def opened(stored: Record) -> Record:
    """The version the forms of this record stand on: the one first seen, until it is saved or loaded anew.

    What was typed before, over contents that somebody has changed since, is a conflict to be settled.
    """
    state, place = st.session_state, f"draft.{stored.id}"
    if place not in state:
        state[place] = stored
        if any(draft.before != getattr(stored, name) for name, draft in _typed(stored).items()):
            _meet(stored)
    base: Record = state[place]
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
    place = _key(record, name)
    st.session_state.setdefault(place, content)
    return place


def line(here: Frame, label: str, record: Issue | Plan | Why, name: str, **given: Any) -> str:
    """A line of text of a record, kept while it is typed."""
    return kept.line(here, label, about(record, name), _key(record, name), **given)


def area(here: Frame, label: str, record: Issue | Plan | Why, name: str, **given: Any) -> str:
    """A text of several lines of a record, kept while it is typed."""
    return kept.area(here, label, about(record, name), _key(record, name), **given)


def chosen(
    here: Frame, record: Issue | Plan | Why, name: str, content: Any = None, *, shape: Shape = AS_IT_IS
) -> dict[str, Any]:
    """Key and callback of a widget in which a field is chosen: kept as well, it begins with `content` if given.

    Other content is begun with anew in the same widget: another one in its place would close a list that is open.
    """
    state, place = st.session_state, _key(record, name)
    if content is not None and state.get(f"{place}.given") != content:
        state[f"{place}.given"] = content
        state.pop(place, None)
    return kept.options(here, about(record, name), place, content, shape=shape)


def now(record: Issue | Plan | Why, name: str, *, shape: Shape = AS_IT_IS) -> Any:
    """What a field of a form holds now, be its widget drawn yet or not."""
    place, typed = _key(record, name), kept.draft_of(about(record, name))
    if place in st.session_state:
        return shape.read(st.session_state[place])
    return typed.content if typed else getattr(record, name)


def put(here: Frame, record: Issue | Plan | Why, name: str, content: Any, *, shape: Shape = AS_IT_IS) -> None:
    """Let a field hold what was taken by a click; to be called before the forms are drawn."""
    kept.put(here, about(record, name), _key(record, name), content, shape=shape)


def about(record: Issue | Plan | Why, name: str) -> Draft:
    """Where a field's draft belongs. What has not been saved yet is found again by what it hangs on."""
    kind, before = type(record).__name__.lower(), getattr(record, name)
    if isinstance(record, Issue):
        return Draft(kind=kind, subject_id=record.id, field=name, content=before, before=before, issue_id=record.id)
    parent = getattr(record, "parent_id", "") or record.issue_id
    subject, field = (record.id, name) if record.version else (parent, f"{NEW}.{kind}.{name}")
    return Draft(kind=kind, subject_id=subject, field=field, content=before, before=before, issue_id=record.issue_id)


def begun(issue: Issue, kind: str) -> str | None:
    """What a record hangs on that this person began to write and has not saved yet; None where there is none."""
    fields = f"{NEW}.{kind}."
    return next((draft.subject_id for draft in kept.drafts() if draft.field.startswith(fields)), None)


def changed(records: Sequence[Record]) -> Record | None:
    """The record that this person typed into last and has not saved."""
    subjects = [draft.subject_id for draft in kept.drafts()]
    typed = [record for record in records if record.id in subjects]
    return max(typed, key=lambda record: subjects.index(record.id), default=None)


def leave(here: Frame, record: Issue | Plan | Why) -> None:
    """Throw away what was typed into a record and not saved."""
    kept.drop(here, *_typed(record).values())


def tell(here: Frame) -> None:
    """Which fields of the issue hold something that is not saved yet, and since when."""
    told = [
        here.text(
            "kept.field", field=say.field(here, draft.field.rpartition(".")[2]), clock=kept.clock(here, draft.at)
        )
        for draft in kept.drafts()
    ]
    if told:
        st.caption(f":material/edit_note: {here.text('kept.here', fields=', '.join(told))}")


def marks(here: Frame) -> dict[str, str]:
    """The issues with something unsaved of this person, and how that is said where they are listed."""
    moments = here.store().drafts.moments(here.user)
    return {issue_id: here.text("kept.yours", clock=kept.clock(here, at)) for issue_id, at in moments.items()}


def _key(record: Issue | Plan | Why, name: str) -> str:
    return f"edit.{record.id}.{_round(record.id)}.{name}"


def _typed(record: Issue | Plan | Why) -> dict[str, Draft]:
    """What is kept of a record's fields, by their names."""
    drafts = {name: kept.draft_of(about(record, name)) for name in editable(record)}
    return {name: draft for name, draft in drafts.items() if draft}


def _meet(stored: Issue | Plan | Why) -> None:
    """Put what was typed beside what is stored, for `settle`."""
    mine = with_content(stored, {name: draft.content for name, draft in _typed(stored).items()})
    st.session_state[f"draft.conflict.{stored.id}"] = Conflict(stored, mine)


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
        base, after = opened(mine), _saved(here, mine)
        kept.drop(here, *_settled(base, after))
        load(after, fresh=fresh)
        then()
    except Conflict as conflict:
        st.session_state[f"draft.conflict.{mine.id}"] = conflict
    except Problem as problem:
        top.refuse(say.trouble(here, problem))
        return False
    return True


def _saved(here: Frame, mine: Issue | Plan | Why) -> Issue | Plan | Why:
    store = here.store()
    if isinstance(mine, Issue):
        return store.save_issue(here.user, mine)
    return store.save_plan(here.user, mine) if isinstance(mine, Plan) else store.save_why(here.user, mine)


def _settled(base: Issue | Plan | Why, after: Issue | Plan | Why) -> list[Draft]:
    """What was typed and is saved now, or was changed in another way."""
    then, now = editable(base), editable(after)
    typed = _typed(base).items()
    return [draft for name, draft in typed if then[name] != now[name] or _plain(draft.content) == _plain(now[name])]


def _plain(content: Any) -> Any:
    return content.strip() if isinstance(content, str) else content


def newer(here: Frame, stored: Issue | Plan | Why) -> None:
    """Say that somebody saved since the form was opened, and offer to load it."""
    if not may_edit_issue(here.user) or opened(stored).version >= stored.version:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(here.text(_words(here, stored, "newer"), who=say.who(stored.updated_by)), icon=":material/group:")
        if st.button(here.text("workshop.load_newer"), key=f"draft.load.{stored.id}", icon=":material/refresh:"):
            if _typed(stored):
                _meet(stored)
            else:
                load(stored)
            st.rerun()


def settle(here: Frame, stored: Issue | Plan | Why) -> bool:
    """Where a save met another's, show both versions and let the person choose. Returns whether there was one."""
    opened(stored)
    conflict = st.session_state.get(f"draft.conflict.{stored.id}")
    if conflict is None:
        return False
    theirs = conflict.theirs
    st.header(here.text(_words(here, theirs, "title")), anchor=False)
    text = here.text(_words(here, theirs, "text"), who=say.who(theirs.updated_by), subject=name_of(theirs))
    st.warning(text, icon=":material/group:")
    with st.form(f"conflict.{stored.id}.{theirs.version}"):
        st.markdown(here.text("workshop.conflict.choose"))
        mine = {d.field: d.mine for d in conflict.differences if _choice(here, conflict, d) == MINE}
        if st.form_submit_button(
            here.text("workshop.save"), type="primary", icon=":material/save:", key=f"conflict.save.{stored.id}"
        ):
            decided = [about(theirs, difference.field) for difference in conflict.differences]
            save(here, replace(theirs, **mine), then=lambda: kept.drop(here, *decided))
    return True


def _words(here: Frame, theirs: Issue | Plan | Why, name: str) -> str:
    """The text for a version that somebody else saved, or this very person in another window."""
    return f"workshop.{'window' if theirs.updated_by == here.user.name else 'conflict'}.{name}"


def _choice(here: Frame, conflict: Conflict, difference: Difference) -> str:
    name, theirs = difference.field, conflict.theirs
    kind = type(theirs).__name__.lower()
    st.markdown(f"**{say.field(here, name)}**")
    left, right = st.columns(2, border=True)
    with left:
        st.caption(here.text(_words(here, theirs, "theirs"), who=say.who(theirs.updated_by)))
        st.markdown(say.shown(here, name, difference.theirs, kind))
    with right:
        st.caption(here.text(_words(here, theirs, "mine")))
        st.markdown(say.shown(here, name, difference.mine, kind))
    # A field this person did not touch is the other's by default.
    touched = difference.mine != getattr(opened(conflict.mine), name)
    place = f"conflict.{theirs.id}.{theirs.version}.{name}"
    st.session_state.setdefault(place, MINE if touched else THEIRS)
    chosen = st.segmented_control(
        say.field(here, name), (THEIRS, MINE), key=place, required=True, label_visibility="collapsed",
        format_func=lambda code: here.text(_words(here, theirs, f"keep_{code}")),
    )  # fmt: skip
    return str(chosen)

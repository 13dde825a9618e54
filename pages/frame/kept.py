"""What somebody types is kept while it is typed: a draft of each field, for that person alone, until it is saved.

Streamlit sends a text only when its field is left. So a script of ours, once typing pauses, tells the field that it
was left, while focus and caret stay where they are; never in the middle of a word that an input method composes.
What was typed just before a connection broke is put back into its field and sent once there is one again; so is what
was typed just before the page was loaded anew, which the tab notes down until it has been sent.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.statement import Problem, Statement
from data_access.workshop.drafts import NO_ISSUE, Draft
from pages.frame import callbacks
from pages.frame.context import Frame
from pages.words.catalogue import Catalogue

Draw = TypeVar("Draw", bound=Callable[..., None])
DRAFTS, TROUBLE = "kept.drafts", "kept.trouble"  # in the session: what the store has, and what it would not take
SCRIPT = (Path(__file__).parent / "kept.js").read_text(encoding="utf-8")
# what the policy of scripts must know of it
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"


@dataclass(frozen=True)
class Refused:
    """What the store would not take, and why."""

    draft: Draft
    because: Statement


@dataclass(frozen=True)
class Shape:
    """How the content of a field stands in its widget, and how it is read from there."""

    shown: Callable[[Any], Any] = lambda content: content
    read: Callable[[Any], Any] = lambda content: content


AS_IT_IS = Shape()


def listen(words: Catalogue, place: DeltaGenerator) -> None:
    """Bring the script to the browser, once; `place` takes no room.

    The button is for the script alone: what a broken connection swallowed comes with the run that it asks for.
    """
    place = place.container()
    place.button(words.text("kept.again"), key="again.kept")
    place.html(f"<i></i><script>{SCRIPT}</script>", unsafe_allow_javascript=True)


def read(here: Frame, issue_id: str = NO_ISSUE) -> None:
    """What this person typed about an issue, or before there is one; the fields drawn after it begin with that.

    What the store would not take while it was away is offered to it again.
    """
    st.session_state[DRAFTS] = {(d.subject_id, d.field): d for d in here.store().drafts.of(here.user, issue_id)}
    for refused in [*_refused().values()]:
        if refused.draft.issue_id == issue_id:
            _keep(here, refused.draft, refused.draft.content)


def drafts() -> Iterator[Draft]:
    """What is kept of this page's fields, oldest first."""
    yield from _known().values()


def draft_of(about: Draft) -> Draft | None:
    """What is kept of a field, or could not be kept; of what `about` says, its place counts."""
    place = (about.subject_id, about.field)
    return _refused()[place].draft if place in _refused() else _known().get(place)


def form(draw: Draw) -> Draw:
    """A part of a page that is drawn anew by itself when something in it changes; trouble in it is one sentence.

    Who is here is asked as for a whole page: a sign-in may have grown too old since.
    """

    @st.fragment
    @wraps(draw)
    def drawn(here: Frame, *given: Any, **named: Any) -> None:
        if not callbacks.is_admitted():
            st.rerun()
        try:
            draw(here, *given, **named)
        except Problem as problem:
            st.warning(here.say(problem.statement), icon=":material/info:")

    return cast(Draw, drawn)


def options(here: Frame, about: Draft, key: str, content: Any = None, *, shape: Shape = AS_IT_IS) -> dict[str, Any]:
    """Key and callback of a widget in which a field is chosen: it begins with what was chosen, else `content`."""
    if key not in st.session_state:
        st.session_state[key] = shape.shown(_first(about, content))
    return {"key": key, "on_change": _typed, "args": (here, about, key, shape)}


def put(here: Frame, about: Draft, key: str, content: Any, *, shape: Shape = AS_IT_IS) -> None:
    """Let a field hold something that was not typed but taken; to be called before its widget is drawn."""
    st.session_state[key] = shape.shown(content)
    _keep(here, about, content)


def line(here: Frame, label: str, about: Draft, key: str, **given: Any) -> str:
    """A line of text that is kept while it is typed."""
    return _text(st.text_input, here, label, about, key, given)


def area(here: Frame, label: str, about: Draft, key: str, **given: Any) -> str:
    """A text of several lines that is kept while it is typed."""
    return _text(st.text_area, here, label, about, key, given)


def _text(
    widget: Callable[..., str | None], here: Frame, label: str, about: Draft, key: str, given: Mapping[str, Any]
) -> str:
    """A server that was started anew knows nothing of the field, but the browser still has what was typed."""
    begins = {} if key in st.session_state else {"value": _first(about)}
    with st.container(key=f"kept.{key}"):
        text = str(widget(label, key=key, on_change=_typed, args=(here, about, key), **begins, **given))
        if text != _first(about) or (about.subject_id, about.field) in _refused():
            _keep(here, about, text)
        _note(here, about)
    return text


def _first(about: Draft, content: Any = None) -> Any:
    draft = draft_of(about)
    return draft.content if draft else about.before if content is None else content


def drop(here: Frame, *gone: Draft) -> None:
    """Forget what was typed into some fields: it was saved, or is not wanted."""
    for about in gone:
        if _known().pop((about.subject_id, about.field), None):
            here.store().drafts.drop(here.user, about.subject_id, [about.field])
        _refused().pop((about.subject_id, about.field), None)


def clock(here: Frame, at: datetime | None) -> str:
    """A moment by the reader's own clock, with its day where that is not today."""
    zone = st.context.timezone
    local = (at or datetime.now().astimezone()).astimezone(ZoneInfo(zone) if zone else None)
    day = "" if local.date() == datetime.now(local.tzinfo).date() else f"{here.plain.show(local, 'date')} "
    return f"{day}{local:%H:%M}"


def _typed(here: Frame, about: Draft, key: str, shape: Shape = AS_IT_IS) -> None:
    """A field was left or typing paused. Called before a page is drawn, be it another one."""
    _keep(here, about, shape.read(st.session_state[key]))


def _keep(here: Frame, about: Draft, content: Any) -> None:
    """Nothing is raised: what cannot be kept now is remembered in the session."""
    place, typed = (about.subject_id, about.field), replace(about, content=content)
    _refused().pop(place, None)
    try:
        if content == about.before:
            drop(here, about)
        else:
            _known()[place] = here.store().drafts.keep(here.user, typed)
    except Problem as problem:
        _refused()[place] = Refused(typed, problem.statement)


def _note(here: Frame, about: Draft) -> None:
    """Beside a field: when its text was kept, or that it is not."""
    draft, refused = draft_of(about), _refused().get((about.subject_id, about.field))
    if refused:
        st.caption(f":orange[{here.text('kept.not')}]", help=here.say(refused.because))
    elif draft:
        st.caption(here.text("kept.saved", clock=clock(here, draft.at)))


def _known() -> dict[tuple[str, str], Draft]:
    known: dict[tuple[str, str], Draft] = st.session_state.setdefault(DRAFTS, {})
    return known


def _refused() -> dict[tuple[str, str], Refused]:
    refused: dict[tuple[str, str], Refused] = st.session_state.setdefault(TROUBLE, {})
    return refused

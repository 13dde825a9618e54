"""Where does the class stand? One line on every page, live: the group, the stage that runs, the time that is left.

The browser counts the time down by itself and asks every two seconds whether anything has changed: one small
request. A part of a page drawn by a timer would be a run for each of thirty people every few seconds, with all that
Streamlit tidies up behind it, and would wait for whatever the page is at. What has changed is drawn in a run that the
script asks for between two others, so that no click is lost to it; what is being typed stays.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from analysis.training.progress import last_move
from data_access.access import User, may_teach
from data_access.statement import Problem
from data_access.workshop.class_records import Group, Remark, Stage, TrainingClass
from data_access.workshop.class_rules import is_open
from data_access.workshop.store import Store
from pages.frame import address, callbacks, open_data, visitors
from pages.frame.context import Frame
from pages.frame.door import members

SCRIPT = (Path(__file__).parent / "class_strip.js").read_text(encoding="utf-8")
# what the policy of scripts must know of it
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
ON_DESK = "desk.class"  # in the session: the id of the class that an instructor has opened
BOARD = "class"  # the page on which all work of the group is seen as it grows
LIVE = (BOARD, "trace")  # pages on which more than this line depends on the stage
SAID, SEEN = "class.said", "class.seen"  # in the session: the last remark and the stage that were pointed out
KEPT_S, NOTED_S, MOST = 1.0, 45.0, 500
_noted: dict[str, float] = {}
_known: dict[tuple[str, str, bool], tuple[float, dict[str, str]]] = {}


@dataclass(frozen=True)
class Standing:
    """A class as one person sees it. `group` is None for who teaches and for who is in none yet."""

    klass: TrainingClass
    group: Group | None
    remarks: tuple[Remark, ...]

    @property
    def state(self) -> str:
        """Another text as soon as anything of it is another that is seen on every page."""
        k, own = self.klass, self.group and (self.group.key, self.group.name, self.group.submitted_at)
        stages = (k.stage, k.open, k.ends_at, k.locks_at_end, k.revealed_at, k.ended_at)
        return _digest(k.id, k.title, stages, own, self.remarks)


def draw(frame: Frame) -> None:
    """The line for who attends a class or leads one; nothing for others, or while the store is away."""
    try:
        klass = attended(frame.store(), frame.user)
    except Problem:
        return
    if klass is not None:
        st.html(f"<i></i><script>{SCRIPT}</script>", unsafe_allow_javascript=True)
        _strip(frame, klass.id)


def attended(store: Store, user: User) -> TrainingClass | None:
    """The class that somebody attends, else the one on the desk, else the newest of those that can be led."""
    if user.attends:
        return store.training_class(user, user.attends)
    led = store.classes(user) if may_teach(user) else ()
    asked = st.session_state.get(address.ARRIVED, {}).get("class_id") or [st.session_state.get(ON_DESK)]
    running = [klass for klass in led if klass.ended_at is None or klass.id == asked[0]]
    return min(running, key=lambda klass: klass.id != asked[0], default=None)


def standing(store: Store, user: User, class_id: str) -> Standing:
    klass = store.training_class(user, class_id)
    if may_teach(user):
        return Standing(klass, None, ())
    own = (group for group in store.groups(user, class_id) if group.key in user.groups)
    return Standing(klass, next(own, None), tuple(store.remarks(user, class_id)))


@st.fragment
def _strip(frame: Frame, class_id: str) -> None:
    """The line, drawn anew by itself once the browser knows of news; with it the pages that depend on the stage."""
    has_news = st.button(frame.text("kept.again"), key="again.class")
    if has_news and (not callbacks.is_admitted() or (frame.user.attends and frame.page in LIVE)):
        st.rerun()
    try:
        now = standing(frame.store(), frame.user, class_id)
        work = _work(frame.store(), frame.user) if frame.user.attends and frame.page == BOARD else ""
    except Problem:  # no longer a member, or the store is away: the whole page says so
        if has_news:
            st.rerun()
        return
    _point_out(frame, now)
    st.html(_line(frame, now, work))


def _point_out(frame: Frame, now: Standing) -> None:
    """Say a stage that begins, the reveal and what the instructor says, once, wherever one is."""
    state, klass = st.session_state, now.klass
    at = "revealed" if klass.revealed_at else klass.stage or ""
    if state.get(SEEN, at) != at and frame.user.attends:
        st.toast(frame.text("class_strip.revealed") if at == "revealed" else _begun(frame, klass),
                 icon=":material/school:", duration="long")  # fmt: skip
    said = [remark.id for remark in now.remarks]
    for remark in now.remarks:
        if remark.id not in state.get(SAID, said):
            st.toast(frame.text("class_strip.said", text=remark.text), icon=":material/campaign:", duration="long")
    state[SEEN], state[SAID] = at, said


def _begun(frame: Frame, klass: TrainingClass) -> str:
    return frame.text("class_strip.begun", stage=frame.text(f"workshop.stage.{klass.stage}")) if klass.stage else ""


def _line(frame: Frame, now: Standing, work: str) -> str:
    klass, ends = now.klass, now.klass.ends_at.timestamp() if now.klass.ends_at else None
    said = [f"<b>{escape(klass.title)}</b>"]
    said += [escape(frame.plain.text("class_strip.group", group=now.group.name))] if now.group else []
    said += [f'<span class="{kind}">{escape(text)}</span>' for kind, text in _where(frame, now)]
    if ends and not (klass.revealed_at or klass.ended_at) and klass.stage:
        told = {"left": frame.text("class_strip.left"), "over": frame.text("class_strip.over")}
        data = "".join(f' data-{name}="{escape(text)}"' for name, text in told.items())
        said.append(f'<span class="time" role="timer" data-ends="{ends}"{data}></span>')
    ended = f' data-ended="{ends}"' if ends and ends <= time.time() else ""
    place = f'data-class="{escape(klass.id)}" data-state="{now.state}" data-work="{work}"{ended}'
    return f'<div class="class-strip" {place}>{"".join(f"<span>{part}</span>" for part in said)}</div>'


def _where(frame: Frame, now: Standing) -> list[tuple[str, str]]:
    """What runs and what is open, each with how it is marked."""
    klass, text = now.klass, frame.plain.text
    if klass.ended_at or klass.revealed_at:
        return [("done", text("class_strip.ended" if klass.ended_at else "class_strip.revealed"))]
    if now.group and now.group.submitted_at:
        return [("done", text("class_strip.submitted"))]
    if klass.stage is None:
        return [("", text("class_strip.not_begun"))]
    number, name = [*Stage].index(klass.stage) + 1, text(f"workshop.stage.{klass.stage}")
    running = ("stage", text("class_strip.stage", number=number, stage=name))
    is_locked = not is_open(klass, klass.stage, datetime.now(UTC))
    return [running, ("locked", text("class_strip.locked"))] if is_locked else [running]


async def pulse(request: Request) -> Response:
    """Whether anything changed: two digests and the server's clock."""
    user = visitors.visitor(request.cookies)
    if user is None:
        return JSONResponse({}, status_code=403)
    asked = request.query_params.get("class", ""), bool(request.query_params.get("work"))
    try:
        return JSONResponse({**await run_in_threadpool(_pulse, user, *asked), "now": time.time()})
    except Problem:
        members.RECENT.forget(user.id)  # was removed, or the class is gone: the page says so at the run that follows
        return JSONResponse({"state": "away", "work": "", "now": time.time()})


def _pulse(user: User, class_id: str, with_work: bool) -> Mapping[str, str]:
    """Asked of the store once a second for a whole group."""
    settings = open_data.settings()
    store, user = open_data.store(settings.store_url), members.attending(user, settings)
    _note_presence(user, store)
    place = (class_id, "".join(user.groups) if user.attends == class_id else user.id, with_work)
    at, known = _known.get(place, (0.0, {}))
    if time.monotonic() - at > KEPT_S:
        if len(_known) > MOST:
            _known.clear()
        state = standing(store, user, class_id).state
        known = {"state": state, "work": _work(store, user) if with_work else ""}
        _known[place] = time.monotonic(), known
    return known


def _note_presence(user: User, store: Store) -> None:
    """Who keeps a page open is there, also without pressing anything."""
    if time.monotonic() - _noted.get(user.id, -NOTED_S) < NOTED_S:
        return
    if len(_noted) > MOST:
        _noted.clear()
    _noted[user.id] = time.monotonic()
    store.attend(user)


def _work(store: Store, user: User) -> str:
    """Another text as soon as the group's work is another."""
    traces = store.traces(user)
    moved = [(t.issue.id, last_move(t), len(t.pins), len(t.whys), len(t.evidence), len(t.plans)) for t in traces]
    return _digest(moved, store.hints(user, user.attends), store.groups(user, user.attends))


def _digest(*what: Any) -> str:
    return hashlib.blake2b(repr(what).encode(), digest_size=9).hexdigest()


ROUTE = Route("/class-pulse", pulse)

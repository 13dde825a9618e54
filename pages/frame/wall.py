"""A page on the wall of a meeting room: nothing around it, large type, arrow keys, and what others decide at once.

The address carries the slide (`slide=K7M4QX-3`); while it does, the page is drawn with what the store kept and the
data are asked nothing. The browser asks every two seconds whether the meeting has news: one small request. What has
changed is drawn in a run that the script asks for between two others, so that no click is lost to it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from data_access.access import User
from data_access.statement import Problem
from data_access.workshop.store import Store
from pages.frame import address, open_data, visitors

PAGE, SLIDE = "review", "slide"  # the page that can be on the wall, and what its address carries
SIZE, SIZES = "wall.size", ("room", "desk", "hand")  # in the session: for which screen charts are drawn
SHOWN = "review.slide"  # in the session: the code of the meeting with the number of the slide
CODE = re.compile(r"([A-Z0-9]{4,12})-(\d{1,3})")
HERE = Path(__file__).parent
STYLE = HERE / "wall.css"
SCRIPT = (HERE / "wall.js").read_text(encoding="utf-8")
# what the policy of scripts must know of it
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"
KEPT_S, MOST = 1.0, 200
CLOCK_S = 3 * 3600  # after which whoever shows the meeting begins another sitting
_known: dict[tuple[str, str], tuple[float, str]] = {}


def take(page: str) -> bool:
    """Whether this run is on the wall: the address names a slide, or the session stands at one."""
    if page != PAGE:
        st.session_state.pop(SHOWN, None)
        return False
    address.take(SLIDE, SHOWN, _parsed)
    at = st.session_state.get(SHOWN)
    if at:
        address.write(SLIDE, at)
    return bool(at)


def _parsed(values: Sequence[str]) -> str | None:
    code = values[0].strip().upper()
    return code if CODE.fullmatch(code) else None


def shown() -> tuple[str, int]:
    """The code of the meeting and the number of the slide that are on the wall."""
    code, _, number = str(st.session_state[SHOWN]).rpartition("-")
    return code, int(number)


def go_to(code: str, number: int) -> None:
    """Put a slide on the wall; the address follows at the end of the run."""
    st.session_state[SHOWN] = f"{code}-{number}"


def leave() -> None:
    """Back to the page with its menu."""
    st.session_state.pop(SHOWN, None)


def show() -> None:
    """Take away what is around the page, and give the browser the keys."""
    st.html(STYLE)
    st.html(f"<i></i><script>{SCRIPT}</script>", unsafe_allow_javascript=True)


def size() -> str:
    """For which screen this is drawn: that of a room until the browser says otherwise."""
    return str(st.session_state.get(SIZE, SIZES[0]))


def listen(state: str, meeting_id: str, again: str) -> None:
    """What the browser compares, and what it presses once the meeting has news or its own screen is another.

    again: the words of what it presses; nobody sees them.
    """
    st.html(f'<i data-meeting="{escape(meeting_id)}" data-state="{state}" data-size="{size()}"></i>')
    st.button(again, key="again.meeting")
    for name in SIZES:
        st.button(f"{again} {name}", key=f"wall.fit.{name}", on_click=_fit, args=(name,))


def _fit(name: str) -> None:
    st.session_state[SIZE] = name


def begin(meeting_id: str, *, anew: bool = False) -> None:
    """The clock of a meeting runs from the first slide that anybody shows, or from now on."""
    file = _clock(meeting_id)
    lasted = gone(meeting_id)
    if anew or lasted is None or lasted > CLOCK_S:
        with suppress(OSError):  # without a place for it there is no clock
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


def gone(meeting_id: str) -> float | None:
    """Seconds that a meeting has lasted; None of one that is on no wall."""
    try:
        return max(0.0, time.time() - _clock(meeting_id).stat().st_mtime)
    except OSError:
        return None


def _clock(meeting_id: str) -> Path:
    """Its time of writing is when a meeting began, for every screen alike, at whichever process of the server."""
    return open_data.settings().data_folder / "meetings" / _digest(meeting_id)


def state_of(store: Store, user: User, meeting_id: str) -> str:
    """Another text as soon as anything of the meeting, or of a plan, is another."""
    meeting = store.meeting(user, meeting_id)
    plans = [(plan.id, plan.version) for plan in store.plans(user)]
    actions, notes = store.meeting_actions(user, meeting_id), store.meeting_notes(user, meeting_id)
    return _digest(meeting.version, meeting.ended_at, plans, [one.id for one in (*actions, *notes)])


def _digest(*what: Any) -> str:
    return hashlib.blake2b(repr(what).encode(), digest_size=9).hexdigest()


async def pulse(request: Request) -> Response:
    """Whether anything changed, one digest; and for how many seconds the meeting has lasted."""
    user = visitors.visitor(request.cookies)
    if user is None:
        return JSONResponse({}, status_code=403)
    meeting_id = request.query_params.get("meeting", "")
    try:
        state = await run_in_threadpool(_pulse, user, meeting_id)
    except Problem:
        return JSONResponse({"state": "away"})  # the page says so at the run that follows
    return JSONResponse({"state": state, "gone": gone(meeting_id)})


def _pulse(user: User, meeting_id: str) -> str:
    """Asked of the store once a second for everybody of the same sight."""
    place = (meeting_id, repr((user.id, user.scope)))
    at, known = _known.get(place, (0.0, ""))
    if time.monotonic() - at > KEPT_S:
        if len(_known) > MOST:
            _known.clear()
        known = state_of(open_data.store(open_data.settings().store_url), user, meeting_id)
        _known[place] = time.monotonic(), known
    return known


ROUTE = Route("/meeting-pulse", pulse)

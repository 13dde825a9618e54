"""Where does the window stand? Another page begins at its top, and what a click asked for is brought into view.

Streamlit leaves the window where it was scrolled to on the page before, and puts a page twice into the browser's
history: by its name, then once more with what it stands for. Both are set right here, in the browser.
"""

from __future__ import annotations

import base64
import hashlib

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# Going to a page is one step in the history: the first address that is written on it takes the place of its name.
# So does what was only looked at there: who goes back wants the page, or the filters, of before. What was opened
# beside a chart is closed by going back; once it was closed there, the step that would do nothing is passed over.
UP = """(() => {
  document.querySelector('[data-testid="stMain"]').scrollTo(0, 0)
  if (history.satrace) return
  history.satrace = true
  const push = history.pushState.bind(history)
  const replace = history.replaceState.bind(history)
  const isMarked = (query) => new URLSearchParams(query).has('mark')
  const asked = (query) => {
    const kept = new URLSearchParams(query)
    for (const name of ['mark', 'segment', 'driver', 'x', 'y', 'depth', 'text', 'lang', 'v']) kept.delete(name)
    return kept.toString()
  }
  let fresh = !location.search
  history.pushState = (state, title, to) => {
    const next = new URL(to, location.href)
    const same = next.pathname === location.pathname
    const opens = isMarked(next.search) && !isMarked(location.search)
    const alike = fresh || asked(next.search) === asked(location.search)
    if (same && !opens && alike) replace(state, title, to)
    else push(state, title, to)
    fresh = !same
    stood = new URL(location.href)
  }
  let stood = new URL(location.href)
  addEventListener('popstate', () => {
    const isIdle = location.pathname === stood.pathname && asked(location.search) === asked(stood.search)
      && !isMarked(location.search) && !isMarked(stood.search)
    stood = new URL(location.href)
    if (isIdle) history.back()
  })
})()"""
# What lies below it is still on its way, and without it the page cannot be scrolled that far.
INTO_VIEW = """(() => {
  let times = 0
  const stop = () => clearInterval(again)
  const scroll = () => {
    const place = document.querySelector('[data-view]')
    const part = place?.closest('[data-testid="stElementContainer"]')
    if (part) part.style.scrollMarginTop = '4rem' // below the menu
    part?.scrollIntoView({block: 'start'})
    if (!place || ++times > 20) stop()
  }
  const again = setInterval(scroll, 100)
  for (const moved of ['wheel', 'touchstart', 'pointerdown', 'keydown']) addEventListener(moved, stop, {once: true})
  scroll()
})()"""

# What was refused is seen where it is said, however far the window was scrolled.
REVEAL = """(() => {
  const places = document.querySelectorAll('[data-refused]')
  const said = places[places.length - 1]?.closest('[data-testid="stVerticalBlock"]')
  if (!said) return
  said.style.scrollMargin = '4.5rem 0 1rem'
  said.scrollIntoView({block: 'nearest'})
})()"""


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


HASHES = tuple(_hash(script) for script in (UP, INTO_VIEW, REVEAL))  # what the policy of scripts must know of them
ASKED, REFUSED = "view.asked", "view.refused"


def show(page: str, place: DeltaGenerator) -> None:
    """Scroll up where another page is drawn than before; `place` takes no room.

    The page's name is in the text because one that stays the same is not run again.
    """
    _run(place, f'<i data-page="{page}"></i>', UP)


def _run(place: DeltaGenerator, mark: str, script: str) -> None:
    place.html(f"{mark}<script>{script}</script>", unsafe_allow_javascript=True)


def go_to(place: str) -> None:
    """Ask for a place of the page to be brought into view once it is drawn."""
    st.session_state[ASKED] = place


def here(place: str) -> None:
    """Where the page draws such a place."""
    mark = st.empty()
    if st.session_state.get(ASKED) == place:
        del st.session_state[ASKED]
        _run(mark, "<i data-view></i>", INTO_VIEW)


def refuse(text: str) -> None:
    """Say why something was not done, and bring it into view; each time anew, though the words are the same."""
    times = st.session_state[REFUSED] = st.session_state.get(REFUSED, 0) + 1
    with st.container():
        st.error(text, icon=":material/error:")
        _run(st.empty(), f'<i data-refused="{times}"></i>', REVEAL)

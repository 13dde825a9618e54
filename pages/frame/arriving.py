"""A link opened while signed out waits on the server until its reader has signed in.

After a sign-in the provider sends everybody to the bare address, as a new session; what stays the same is the token
by which Streamlit knows the browser. So the link waits under a digest of that token, never in an address or a cookie.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from pages.frame.visitors import browser

KEPT_S = 15 * 60
MOST = 1000  # anybody may open links; the oldest are forgotten first


@dataclass(frozen=True)
class Link:
    """A page by its address, and the parameters of the link."""

    page: str
    parameters: Mapping[str, Sequence[str]]


@dataclass
class Waiting:
    """The last link of each browser, for a while."""

    clock: Callable[[], float] = time.monotonic
    _links: dict[str, tuple[float, Link]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, browser: str, link: Link) -> None:
        with self._lock:
            self._links.pop(browser, None)
            self._links[browser] = self.clock(), link
            while len(self._links) > MOST:
                del self._links[next(iter(self._links))]

    def take(self, browser: str) -> Link | None:
        """The link of a browser, once; None where there is none or it has waited too long."""
        with self._lock:
            since, link = self._links.pop(browser, (0.0, None))
        return link if self.clock() - since <= KEPT_S else None


@st.cache_resource(show_spinner=False)
def waiting() -> Waiting:
    return Waiting()


def keep(page: str) -> None:
    """Remember the link that this run was opened by; a bare address asks for nothing."""
    here, parameters = browser(st.context.cookies), {name: st.query_params.get_all(name) for name in st.query_params}
    if here and (page or parameters):
        waiting().keep(here, Link(page, parameters))


def go_on(page: str, pages: Mapping[str, st.Page]) -> None:
    """After a sign-in: on to the page that was asked for before. Another link in the meantime wins."""
    here = browser(st.context.cookies)
    link = waiting().take(here) if here else None
    if link is not None and not page and not st.query_params:
        st.switch_page(pages.get(link.page) or next(iter(pages.values())), query_params=link.parameters)

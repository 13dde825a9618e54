"""A link opened while signed out waits on the server until its reader has signed in.

After a sign-in the provider sends everybody to the bare address, as a new session; what stays the same is the token
by which Streamlit knows the browser. So the link waits under a digest of that token, never in an address or a cookie.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

import streamlit as st

from pages.frame.visitors import browser

T = TypeVar("T")
KEPT_S = 15 * 60
MOST = 1000  # anybody may open links; the oldest are forgotten first


@dataclass(frozen=True)
class Link:
    """A page by its address, and the parameters of the link."""

    page: str
    parameters: Mapping[str, Sequence[str]]


@dataclass
class Waiting(Generic[T]):
    """The last thing of each, as the link of a browser, for a while."""

    clock: Callable[[], float] = time.monotonic
    seconds: float = KEPT_S
    most: int = MOST
    _things: dict[str, tuple[float, T]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, whose: str, thing: T) -> None:
        with self._lock:
            self._things.pop(whose, None)
            self._things[whose] = self.clock(), thing
            while len(self._things) > self.most:
                del self._things[next(iter(self._things))]

    def take(self, whose: str) -> T | None:
        """What waits for somebody, once; None where there is nothing or it has waited too long."""
        with self._lock:
            since, thing = self._things.pop(whose, (0.0, None))
        return thing if self.clock() - since <= self.seconds else None


@st.cache_resource(show_spinner=False)
def waiting() -> Waiting[Link]:
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

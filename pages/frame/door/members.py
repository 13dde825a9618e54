"""Which class does somebody take part in now? Asked of the store, who was asked a moment ago is remembered."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

import streamlit as st

from data_access.access import Role, Scope, User, may_teach
from data_access.settings import Settings
from data_access.workshop.class_records import Member
from data_access.workshop.store import Store
from pages.frame import open_data
from pages.frame.door import opening
from pages.frame.door.opening import Door

KEPT_S, MOST = 3.0, 1000
DRAWN_AS = "class.drawn_as"


@dataclass
class Recent:
    """Members who were found in the last seconds; not those without a group, who may just have chosen one."""

    clock: Callable[[], float] = time.monotonic
    _found: OrderedDict[tuple[str, str], tuple[float, Member]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def member(self, store: Store, user_id: str, *, or_over: bool = False) -> Member | None:
        key = (str(store.engine.url), user_id)
        with self._lock:
            since, member = self._found.get(key, (-KEPT_S, None))
        if member is not None and self.clock() - since < KEPT_S:
            return member
        found = store.membership(user_id, or_over=or_over)
        with self._lock:
            self._found.pop(key, None)
            if found and found.group:
                self._found[key] = self.clock(), found
            while len(self._found) > MOST:
                self._found.popitem(last=False)
        return found

    def forget(self, user_id: str) -> None:
        """Ask the store anew for somebody whose class is not theirs any more."""
        with self._lock:
            for key in [key for key in self._found if key[1] == user_id]:
                del self._found[key]


RECENT = Recent()


def present(door: Door, user: User) -> User | None:
    """Whoever has the cookie as they are now; None for who is in no class any more."""
    if may_teach(user):
        return user
    here = attending(user, door.settings)
    return here if here.attends else None


def is_over(door: Door, user: User) -> bool:
    """Whether no class of somebody goes on: another one may be joined."""
    return not may_teach(user) and open_data.store(door.settings.store_url).membership(user.id) is None


def attending(user: User, settings: Settings) -> User:
    """The user with the class and the group they take part in, where they do.

    Whoever came in by the door has nothing but the class, and goes on reading there once it is over; whoever signed
    in has other data to go back to.
    """
    if may_teach(user) or not user.has(Role.PARTICIPANT):
        return user
    came_in = opening.current() is not None
    member = RECENT.member(open_data.store(settings.store_url), user.id, or_over=came_in)
    if member is None:
        return user
    own = {member.group} if member.group else set()
    # the data of a class are open to all of it, and nothing else is to its members
    return replace(user, groups=user.groups | own, attends=member.class_id, scope=Scope())


def remember(user: User) -> None:
    """Note as what the page is drawn for somebody."""
    st.session_state[DRAWN_AS] = _place(user)


def is_as_before(user: User) -> bool:
    """Whether somebody takes part in the same class and group, with the same rights, as when the page was drawn."""
    return bool(st.session_state.get(DRAWN_AS, _place(user)) == _place(user))


def _place(user: User) -> tuple[str, frozenset[str], frozenset[Role], Scope]:
    return user.attends, user.groups, user.roles, user.scope

"""Who is here? Signed in, come in by the door of a class, or at a server that serves this machine only."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Literal

import streamlit as st

from data_access.access import User, local_analyst
from data_access.providers import OWN
from data_access.settings import Settings
from pages.frame import address, arriving, datasets, unsaved, visitors
from pages.frame.door import members
from pages.frame.door.address import below
from pages.frame.door.opening import Door
from pages.frame.guarded import guarded
from pages.words.catalogue import Catalogue

DOOR = '<a class="way-in" href="{address}" target="_self">{words}</a>'
LEAVE = (
    '<form class="leave" method="post" action="{address}"><input type="hidden" name="lang" value="{language}">'
    '<button type="submit">{words}</button></form>'
)


def is_here(words: Catalogue, settings: Settings) -> User | None:
    """Who is here; what they do is done as long as that stays so."""
    user = _found(words, settings)
    if user is not None:
        members.remember(user)
    return user


def _found(words: Catalogue, settings: Settings) -> User | None:
    """Without configured sign-in the app serves this machine only."""
    if visitors.sign_in_configured():
        if not st.user.is_logged_in:
            st.title(words.text("sign_in.title"), anchor=False)
            _ways_in(words, "sign_in.button")
            return None
        return _signed_in(words, settings)
    if door := visitors.door():
        return _came_in(words, door)
    if visitors.serves_others():
        st.error(words.text("sign_in.not_configured"))
        return None
    return local_analyst()


def _ways_in(words: Catalogue, key: str) -> None:
    """A button for each sign-in service; where there is one only, nobody need know its name."""
    services = visitors.services().values()
    for number, service in enumerate(services):
        named = len(services) > 1
        said = words.text("sign_in.with", provider=service.title(words.language)) if named else words.text(key)
        kind: Literal["primary", "secondary"] = "secondary" if number else "primary"
        if st.button(said, type=kind, key=f"sign_in.{service.name}" if number else "sign_in"):
            st.login(None if service.name == OWN else service.name)


def _signed_in(words: Catalogue, settings: Settings) -> User | None:
    """Who the sign-in service says is here; whoever may not come in can sign in anew or as somebody else."""
    user = guarded(words, lambda: visitors.signed_in(settings))
    if user is None:
        unsaved.keep()
        _ways_in(words, "sign_in.again")
        if st.button(words.text("sign_in.out"), type="tertiary", key="sign_out"):
            st.logout()
    elif address.is_first_run():
        datasets.people(settings).note(user)
        unsaved.restore()
    return user and guarded(words, lambda: members.attending(user, settings))


def _came_in(words: Catalogue, door: Door) -> User | None:
    """Who came in by the door; whoever was taken out of the class can join another."""
    user = visitors.visitor(st.context.cookies)
    asked = guarded(words, lambda: (members.present(door, user) if user else None,))
    (here,) = asked or (None,)
    if asked and here is None:  # else the trouble was said
        st.title(words.text("door.out"), anchor=False)
        st.html(DOOR.format(address=f"{below()}/join?lang={words.language}", words=escape(words.text("door.again"))))
    return here


def settle(page: str, links: Mapping[str, st.Page], user: User | None) -> None:
    """Keep a link over the sign-in; the first run after it opens the page."""
    if not visitors.sign_in_configured():
        return
    if user is None:
        arriving.keep(page)
    elif address.is_first_run():
        arriving.go_on(page, links)


def say(words: Catalogue, user: User) -> None:
    """At the foot of the sidebar: under which name somebody is here, and the way out."""
    if visitors.sign_in_configured():
        st.caption(words.text("sign_in.as", name=user.name))
        if st.button(words.text("sign_in.out"), type="tertiary", key="sign_out"):
            st.logout()
    elif visitors.door():
        st.caption(words.text("door.as", name=user.name))
        leave = escape(words.text("door.leave_here"))
        st.html(LEAVE.format(address=f"{below()}/leave", language=words.language, words=leave))

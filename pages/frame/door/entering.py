"""Who may come in? A code of a class that goes on makes a member of it, the passcode an instructor."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from data_access.access import User
from data_access.workshop import class_rules
from pages.frame import open_data
from pages.frame.door import cookie
from pages.frame.door.join_page import PASSCODE, Filled
from pages.frame.door.opening import Door


class Wrong(Exception):
    """The code or the passcode opens nothing."""


def let_in(door: Door, said: Filled) -> User:
    """Who this is from now on. Raises Wrong, or BadInput for a name that cannot be taken."""
    if said.way == PASSCODE:
        name = class_rules.name_given(said.name, [], field="name")
        if not door.passcode.matches(said.passcode):
            raise Wrong
        return cookie.instructor(name)
    store, code = open_data.store(door.settings.store_url), as_typed(said.code)
    if store.class_of_code(code) is None:
        raise Wrong
    user = cookie.participant(said.name)
    return replace(user, name=store.join(user, code, said.name).name)


def as_typed(code: str) -> str:
    """A code as it was meant: an East Asian keyboard writes wide letters.

    >>> as_typed("ＡＢ12")
    'AB12'
    """
    return unicodedata.normalize("NFKC", code)

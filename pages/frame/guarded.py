"""Trouble of any kind becomes one sentence in the reader's language, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import streamlit as st
from streamlit.errors import StreamlitDuplicateElementKey

from data_access.statement import Problem, Unreachable
from pages.frame import address, logs
from pages.words.catalogue import Catalogue

T = TypeVar("T")


def guarded(words: Catalogue, work: Callable[[], T]) -> T | None:
    """The result of some work; trouble becomes one sentence in the user's language, never a traceback."""
    try:
        return work()
    except Problem as problem:
        logs.refused(problem)
        st.warning(words.say(problem.statement), icon=":material/info:")
        if isinstance(problem, Unreachable):
            _offer_again(words)
    except Exception:  # whatever it is, the other pages go on
        id = logs.failed("page failed")
        st.error(f"{words.text('error.unexpected')} {words.text('error.in_log', id=id)}", icon=":material/error:")
    address.keep()
    return None


def _offer_again(words: Catalogue) -> None:
    """A button for what may be there again by now; one is enough, however many parts of a page wait for it."""
    with suppress(StreamlitDuplicateElementKey):
        st.button(words.text("running.again"), icon=":material/refresh:", key="running.again")

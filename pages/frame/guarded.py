"""Trouble of any kind becomes one sentence in the reader's language, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from data_access.passwords import WithoutPasswords
from data_access.statement import Problem
from pages.frame import address
from pages.words.catalogue import Catalogue

T = TypeVar("T")
LOG = logging.getLogger("satrace")
LOG.addFilter(WithoutPasswords())


def guarded(words: Catalogue, work: Callable[[], T]) -> T | None:
    """The result of some work; trouble becomes one sentence in the user's language, never a traceback."""
    try:
        return work()
    except Problem as problem:
        st.warning(words.say(problem.statement), icon=":material/info:")
        if problem.statement.key == "warehouse.stopped":
            st.button(words.text("running.again"), icon=":material/refresh:", key="running.again")
    except Exception:  # whatever it is, the other pages go on
        LOG.exception("page failed")
        st.error(words.text("error.unexpected"), icon=":material/error:")
    address.keep()
    return None

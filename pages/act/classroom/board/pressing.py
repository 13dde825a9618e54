"""What a press on the board does at the store; what the store refuses is one sentence on top of the page."""

from __future__ import annotations

from collections.abc import Callable

from data_access.statement import Problem
from data_access.workshop.store import Store
from pages.frame import top
from pages.frame.context import Frame


def is_done(here: Frame, work: Callable[[Store], object]) -> bool:
    """Do it and answer whether the store took it."""
    try:
        work(here.store())
    except Problem as problem:
        top.refuse(here.say(problem.statement))
        return False
    return True

"""A class, as who leads it sees it."""

from __future__ import annotations

from data_access.access import NotAllowed, may_teach
from pages.act.classroom.desk import desk
from pages.frame.context import Frame


def asks_data(here: Frame) -> bool:
    """A class has data of its own, which are opened where they are needed: nobody waits for any others."""
    return False


def draw(here: Frame) -> None:
    """Who does not teach has no business at the desk."""
    if not may_teach(here.user):
        raise NotAllowed("class.may_not.teach")
    desk.draw(here)

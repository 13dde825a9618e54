"""A class: the instructor's desk, the board of a group, or the place to join one."""

from __future__ import annotations

from data_access.access import may_teach
from pages.act.classroom.board import board, joining
from pages.act.classroom.desk import desk
from pages.frame.context import Frame


def asks_data(here: Frame) -> bool:
    """What a group pinned is said in the words of its data; the desk opens those of a class where it needs them."""
    return bool(here.user.attends)


def draw(here: Frame) -> None:
    """What a participant sees and what the instructor sees have nothing in common but the class."""
    if may_teach(here.user):
        desk.draw(here)
    elif here.user.attends:
        board.draw(here)
    else:
        joining.by_code(here)

"""Links that wait for a sign-in: one a browser, for a while, and never more than fit."""

from __future__ import annotations

from pages.frame import arriving
from pages.frame.arriving import Link, Waiting

CHANGE, OVERVIEW = Link("change", {"by": ["team"], "team": ["a", "b"]}), Link("overview", {})


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_link_is_taken_once_by_its_own_browser() -> None:
    waiting = Waiting[Link](Clock())
    waiting.keep("mine", CHANGE)
    waiting.keep("theirs", OVERVIEW)
    assert waiting.take("nobody") is None
    assert waiting.take("mine") == CHANGE
    assert waiting.take("mine") is None
    assert waiting.take("theirs") == OVERVIEW


def test_the_last_link_counts() -> None:
    waiting = Waiting[Link](Clock())
    waiting.keep("mine", OVERVIEW)
    waiting.keep("mine", CHANGE)
    assert waiting.take("mine") == CHANGE


def test_a_link_waits_a_quarter_of_an_hour() -> None:
    clock = Clock()
    waiting = Waiting[Link](clock)
    waiting.keep("mine", CHANGE)
    waiting.keep("theirs", CHANGE)
    clock.now += arriving.KEPT_S
    assert waiting.take("mine") == CHANGE
    clock.now += 1
    assert waiting.take("theirs") is None


def test_the_oldest_are_forgotten_first() -> None:
    waiting = Waiting[Link](Clock())
    for number in range(arriving.MOST + 1):
        waiting.keep(str(number), CHANGE)
    assert waiting.take("0") is None
    assert waiting.take("1") == waiting.take(str(arriving.MOST)) == CHANGE

"""Questions wait for their turn in the order they came; too many are refused, and who gives up frees the place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from pages.frame import running
from pages.frame.turns import Full, Turns
from pages.words.catalogue import Catalogue

from ..conftest import OpenPage, seen

PATIENCE_S = 30


class Crowd:
    """People who ask and are answered when they are let."""

    def __init__(self, turns: Turns, pool: ThreadPoolExecutor) -> None:
        self.turns, self.pool = turns, pool
        self.let: dict[str, threading.Event] = {}
        self.threads: dict[str, int] = {}
        self.begun: list[str] = []

    def ask(self, question: str) -> Future[None]:
        """Returns once the question waits, or is worked on."""
        self.let[question] = threading.Event()
        asked = self.pool.submit(self._work, question)
        await_so(lambda: question in self.begun or self.turns.place(question) is not None or asked.done())
        return asked

    def _work(self, question: str) -> None:
        self.threads[question] = threading.get_ident()
        with self.turns.turn(question):
            self.begun.append(question)
            assert self.let[question].wait(PATIENCE_S)


def await_so(it_is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not it_is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    with ThreadPoolExecutor(8) as pool:
        crowd = Crowd(Turns(at_once=2, most=3), pool)
        yield crowd
        for event in crowd.let.values():
            event.set()


def test_in_the_order_they_came_and_never_more_at_once(crowd: Crowd) -> None:
    for question in "abcde":
        crowd.ask(question)
    assert crowd.begun == ["a", "b"]
    assert [crowd.turns.place(question) for question in "abcde"] == [None, None, 1, 2, 3]
    for done, begun in (("b", "abc"), ("c", "abcd"), ("a", "abcde")):
        crowd.let[done].set()
        await_so(lambda begun=begun: len(crowd.begun) == len(begun))  # type: ignore[misc]
        assert crowd.begun == list(begun)


def test_beyond_the_length_of_the_queue_nobody_waits(crowd: Crowd) -> None:
    asked = [crowd.ask(question) for question in "abcde"]
    with pytest.raises(Full) as refused:
        crowd.ask("f").result(PATIENCE_S)
    assert refused.value.waiting == 3
    crowd.let["a"].set()
    asked[0].result(PATIENCE_S)
    await_so(lambda: crowd.turns.place("c") is None)
    assert not crowd.ask("g").done(), "a place was free again"


def test_who_gives_up_leaves_the_queue_and_who_works_does_not(crowd: Crowd) -> None:
    asked = {question: crowd.ask(question) for question in "abcd"}
    assert crowd.turns.give_up(crowd.threads["c"])
    with pytest.raises(TimeoutError):
        asked["c"].result(PATIENCE_S)
    assert crowd.turns.place("d") == 1
    assert not crowd.turns.give_up(crowd.threads["a"]), "that one is stopped at the warehouse"
    crowd.let["a"].set()
    await_so(lambda: "d" in crowd.begun)
    assert "c" not in crowd.begun


def test_trouble_gives_the_turn_back() -> None:
    turns = Turns(at_once=1, most=1)
    for _ in range(3):
        with pytest.raises(ValueError), turns.turn("a"):
            raise ValueError
    with turns.turn("b"):
        assert turns.place("b") is None


@pytest.mark.parametrize("language", ["zh-CN"])
def test_a_page_that_is_refused_says_so_in_one_sentence(
    language: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TURNS", Turns(at_once=0, most=0))
    page = seen(open_page("contribution", lang=language, **{"from": "2026-03-01", "to": "2026-04-01"}))
    assert Catalogue.load(language).text("turns.full", waiting=0) in page

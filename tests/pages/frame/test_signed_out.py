"""Strangers can open only so many pages at once, and who opens the most makes room for the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from pages.frame import visitors
from pages.frame.gate import TRY_LATER, Gate
from pages.frame.signed_out import MOST

from .own_loop import awaited


class Server:
    """The sessions that the gate lets through."""

    def __init__(self) -> None:
        self.begun = self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun, self.open = self.begun + 1, self.open + 1
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self.open -= 1


class Tab:
    """A browser's side of a socket."""

    def __init__(self, gate: Gate, address: str) -> None:
        self.closed: list[int] = []
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        scope = {"type": "websocket", "client": (address, 1), "headers": [], "path": "/_stcore/stream"}
        self.session = asyncio.ensure_future(gate(scope, self._said.get, self._hear))

    async def _hear(self, message: Message) -> None:
        self.closed.append(message["code"])

    def leave(self) -> None:
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1000})


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not become so")


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_pages_of_strangers_are_bounded(is_signed_in: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = visitors.local_analyst() if is_signed_in else None
    monkeypatch.setattr(visitors, "visitor", lambda cookies: someone)

    async def crowd() -> None:
        server = Server()
        gate = Gate(server)
        few = [Tab(gate, "10.0.0.1") for _ in range(2)]
        many = [Tab(gate, "10.0.0.2") for _ in range(MOST)]
        await until(lambda: server.begun == MOST + 2 and (is_signed_in or server.open == MOST))
        closed = [tab.closed for tab in many]
        if is_signed_in:
            assert server.open == MOST + 2 and not any(closed)
        else:
            assert server.open == MOST and closed == [[TRY_LATER]] * 2 + [[]] * (MOST - 2)
        assert not any(tab.closed for tab in few)
        for tab in (*few, *many):
            tab.leave()
        await asyncio.gather(*(tab.session for tab in (*few, *many)))
        assert server.open == 0
        last = Tab(gate, "10.0.0.1")
        await until(lambda: server.open == 1)
        assert not last.closed
        last.leave()
        await last.session

    awaited(crowd())

"""How many may look at the way in at once? Each open page is a session, which takes memory before any sign-in."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

MOST = 300


@dataclass(eq=False)
class Visit:
    """An open page of somebody who is not signed in; `ended` once it has to make room."""

    address: str
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class SignedOut:
    """Whoever opens very many pages loses their own oldest ones, and keeps nobody else from signing in.

    Only ever used by the server's own loop, so nothing has to be locked.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._visits: list[Visit] = []

    @contextmanager
    def visit(self, address: str) -> Iterator[Visit]:
        """A page that is open as long as this context."""
        visit = Visit(address)
        self._visits.append(visit)
        if len(self._visits) > self._most:
            self._end_one()
        try:
            yield visit
        finally:
            if visit in self._visits:
                self._visits.remove(visit)

    def _end_one(self) -> None:
        """The oldest of the address that has most."""
        ((address, _),) = Counter(visit.address for visit in self._visits).most_common(1)
        oldest = next(visit for visit in self._visits if visit.address == address)
        self._visits.remove(oldest)
        oldest.ended.set()

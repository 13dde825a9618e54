"""How often may somebody try a code or a passcode? Each wrong one makes the next wait longer, by address and for all.

A right one shortens nothing: whoever knows the code of a class must not get more tries at the passcode by it. Right
codes are counted by themselves.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

FORGOTTEN_S = 15 * 60  # without another wrong one
MOST = 5000  # addresses; the oldest are forgotten first


@dataclass(frozen=True)
class Limit:
    """Attempts that cost nothing, and the longest wait. The waits between double: 1, 2, 4 ... seconds."""

    free: int
    longest_s: float

    def wait_s(self, wrong: int) -> float:
        return 0.0 if wrong < self.free else min(self.longest_s, 2.0 ** min(wrong - self.free, 30))


ONE, EVERYBODY = Limit(5, 300.0), Limit(40, 4.0)


@dataclass
class Throttle:
    """Only ever used by the server's own loop, so nothing has to be locked."""

    clock: Callable[[], float] = time.monotonic
    one: Limit = ONE
    everybody: Limit = EVERYBODY
    most: int = MOST
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _of_all: tuple[int, float] = (0, 0.0)

    def wait_s(self, address: str) -> float:
        """Seconds that an address has to wait before its next attempt; 0 when it may try now."""
        one = self._left(self.one, self._wrong.get(network(address), (0, 0.0)))
        return max(one, self._left(self.everybody, self._of_all))

    def note(self, address: str) -> None:
        """An attempt of an address was one of those that are counted."""
        whose = network(address)
        self._wrong[whose] = self._once_more(self._wrong.pop(whose, (0, 0.0)))
        self._of_all = self._once_more(self._of_all)
        while len(self._wrong) > self.most:
            self._wrong.popitem(last=False)

    def _left(self, limit: Limit, wrong: tuple[int, float]) -> float:
        times, last = wrong
        since = self.clock() - last
        return 0.0 if since > FORGOTTEN_S else max(0.0, limit.wait_s(times) - since)

    def _once_more(self, wrong: tuple[int, float]) -> tuple[int, float]:
        times, last = wrong
        now = self.clock()
        return (times + 1 if now - last <= FORGOTTEN_S else 1), now


def network(address: str) -> str:
    """Whose address this is: one machine has a whole network of the newer addresses.

    >>> network("192.168.1.7"), network("2001:db8:1:2:3:4:5:6")
    ('192.168.1.7', '2001:db8:1:2::/64')
    """
    with suppress(ValueError):
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address):
            return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return address

"""What does a sign-in service say of somebody now? Rights that it took away meanwhile end while a page is open.

Asked with the access token of the sign-in, at the service's UserInfo endpoint (OpenID Connect Core 1.0, 5.3), by the
run of a page that finds the last answer older than `ask_again_s`. A service that gives no answer is believed for
KEPT_S longer in what it said last; after that, and where it never answered, nobody is let in until it does.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx

from data_access.access import NotAllowed
from data_access.providers import Provider

KEPT_S = 600.0
PATIENCE_S = 3.0
MOST = 5_000  # sign-ins whose answers are held; the oldest make room and are asked anew
OURS = "satrace_"
ENDED = (400, 401, 403)  # the token is not good, or not any more (RFC 6750, 3.1)
Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What was said of a sign-in, and when. `claims` None: that it has ended. `asked` may be later than `said`."""

    claims: Claims | None
    said: float
    asked: float


class Asking:
    """The last answers, by the token that they were asked with. Threads may share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._places: dict[str, str] = {}

    def now(self, claims: Claims, token: str, provider: Provider) -> Claims:
        """The claims of a sign-in as its service means them now. Raises NotAllowed where it ended or does not say."""
        every_s = provider.ask_again_s
        if every_s is None:
            return claims
        if not token:
            raise NotAllowed("access.ended")
        key, now = _key(token), self._clock()
        last = self._answers.get(key)
        if last is None or (last.claims is not None and now - last.asked >= every_s):
            last = self._asked_anew(key, token, provider, claims, last)
        if now - last.said > every_s + KEPT_S:
            raise NotAllowed("access.no_answer")
        return _with(claims, last)

    def known(self, claims: Claims, token: str) -> Claims:
        """The same by the last answer, without asking: for who may not wait. Raises NotAllowed where it ended."""
        last = self._answers.get(_key(token)) if token else None
        return _with(claims, last) if last else claims

    def _asked_anew(self, key: str, token: str, provider: Provider, claims: Claims, last: Answer | None) -> Answer:
        """Ask, and hold the answer; without one the last is held on to, and asked for again later."""
        now = self._clock()
        try:
            found = Answer(self._said(token, provider, claims), now, now)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            if last is None:
                raise NotAllowed("access.no_answer") from None
            found = Answer(last.claims, last.said, now)
        with self._lock:
            self._answers[key] = found
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return found

    def _said(self, token: str, provider: Provider, claims: Claims) -> Claims | None:
        """What the service says of our claims; None where it says that the sign-in ended, or is somebody else's."""
        with httpx.Client(timeout=PATIENCE_S) as client:
            place = self._place(client, provider)
            answer = client.get(place, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code in ENDED:
            return None
        said = answer.raise_for_status().json()
        if not isinstance(said, dict):
            raise ValueError("not a set of claims")
        if said.get("sub") != claims.get("sub"):  # Core 1.0, 5.3.2: else the answer must not be used
            return None
        return {name: value for name, value in said.items() if name.startswith(OURS)}

    def _place(self, client: httpx.Client, provider: Provider) -> str:
        """Where the service is asked, which it says itself. Raises ValueError where it does not."""
        if provider.metadata not in self._places:
            told = client.get(provider.metadata).raise_for_status().json()
            place = told.get("userinfo_endpoint") if isinstance(told, dict) else None
            if not isinstance(place, str):
                raise ValueError("no UserInfo endpoint")
            self._places[provider.metadata] = place
        return self._places[provider.metadata]


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _with(claims: Claims, answer: Answer) -> Claims:
    """The claims of the sign-in with what was said later of roles, scope and groups, which may be less."""
    if answer.claims is None:
        raise NotAllowed("access.ended")
    kept = {name: value for name, value in claims.items() if not name.startswith(OURS)}
    return {**kept, **answer.claims}

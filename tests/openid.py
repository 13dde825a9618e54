"""A real OpenID provider on this machine, in a process of its own: who its people are is said to it by the tests."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

CLIENT, SECRET = "satrace-tests", "a secret of the tests alone"
BACK = "http://127.0.0.1:1/oauth2callback"  # where nothing listens: codes are read from the address


@dataclass(frozen=True)
class OpenId:
    """A provider that listens at its issuer's address."""

    issuer: str

    @property
    def metadata(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def says(self, sub: str, **claims: Any) -> None:
        """From now on it says this of a person."""
        httpx.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def revoke(self, sub: str) -> None:
        """Their tokens are good no more."""
        httpx.post(f"{self.issuer}/users/{sub}/revoke-tokens").raise_for_status()

    def token(self, sub: str) -> str:
        """An access token of a person, by a code as a browser brings it."""
        asked = {"client_id": CLIENT, "response_type": "code", "scope": "openid profile", "redirect_uri": BACK}
        sent = httpx.post(f"{self.issuer}/oauth2/authorize", params=asked, data={"sub": sub})
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": CLIENT}
        answer = httpx.post(f"{self.issuer}/oauth2/token", data={**given, "client_secret": SECRET})
        return str(answer.raise_for_status().json()["access_token"])


@contextmanager
def provider(port: int, *people: Mapping[str, Any]) -> Iterator[OpenId]:
    """The provider with its people, each by their claims with `sub`."""
    said = [part for person in people for part in ("--user-claims", json.dumps(person))]
    started = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *said],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        found = OpenId(f"http://127.0.0.1:{port}")
        _wait_for(found, started)
        yield found
    finally:
        started.terminate()
        started.wait(20)


def _wait_for(found: OpenId, started: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and started.poll() is None:
        try:
            httpx.get(found.metadata).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError("the provider did not start")

"""What a real provider takes away or ends takes effect within the seconds that are set, on a clock of the tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from data_access.access import NotAllowed
from data_access.providers import Provider, providers_of
from data_access.userinfo import KEPT_S, Asking
from tests.openid import OpenId, provider

LI = {"sub": "li", "satrace_roles": ["analyst"], "satrace_scope": "*"}
NARROW = {"satrace_roles": ["viewer"], "satrace_scope": {"team": ["A"]}}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def openid() -> Iterator[OpenId]:
    with provider(free_port(), LI) as found:
        yield found


@pytest.fixture
def asked(openid: OpenId) -> Provider:
    openid.says("li", **{name: value for name, value in LI.items() if name != "sub"})
    return providers_of({"client_id": "a", "server_metadata_url": openid.metadata, "satrace_ask_again": 60})[
        "default"
    ]


def test_a_narrower_scope_takes_effect_when_it_is_asked_for(openid: OpenId, asked: Provider) -> None:
    clock = Clock()
    asking, token = Asking(clock), openid.token("li")
    claims: dict[str, Any] = {**LI, "iat": 1, "satrace_groups": ["left"]}
    assert asking.known(claims, token) == claims  # nothing was asked yet
    assert asking.now(claims, token, asked) == {**LI, "iat": 1}  # groups that are not said any more are none
    openid.says("li", **NARROW)
    clock.now += 59
    assert asking.now(claims, token, asked)["satrace_scope"] == "*"
    clock.now += 1
    now = {"sub": "li", "iat": 1, **NARROW}
    assert asking.now(claims, token, asked) == asking.known(claims, token) == now


def test_a_sign_in_that_was_revoked_ends(openid: OpenId, asked: Provider) -> None:
    clock = Clock()
    asking, token = Asking(clock), openid.token("li")
    asking.now(LI, token, asked)
    openid.revoke("li")
    clock.now += 60
    for ask in (lambda: asking.now(LI, token, asked), lambda: asking.known(LI, token)):
        with pytest.raises(NotAllowed, match="ended"):
            ask()
    assert asking.now(LI, openid.token("li"), asked) == LI  # by another sign-in


def test_an_answer_about_somebody_else_ends_the_sign_in(openid: OpenId, asked: Provider) -> None:
    with pytest.raises(NotAllowed, match="ended"):
        Asking().now({**LI, "sub": "wang"}, openid.token("li"), asked)
    with pytest.raises(NotAllowed, match="ended"):
        Asking().now(LI, "", asked)


def test_without_an_answer_the_last_one_counts_for_a_while(openid: OpenId, asked: Provider) -> None:
    clock = Clock()
    asking, token = Asking(clock), openid.token("li")
    away = replace(asked, metadata=f"http://127.0.0.1:{free_port()}/")
    with pytest.raises(NotAllowed, match="no_answer"):
        asking.now(LI, token, away)
    with provider(free_port(), LI) as other:
        own, taken = replace(asked, metadata=other.metadata), other.token("li")
        asking.now(LI, taken, own)
    clock.now += KEPT_S
    assert asking.now(LI, taken, own) == LI
    clock.now += 61
    with pytest.raises(NotAllowed, match="no_answer"):
        asking.now(LI, taken, own)


def test_who_is_not_to_be_asked_is_not(asked: Provider) -> None:
    assert Asking().now(LI, "", replace(asked, ask_again_s=None, metadata="http://nowhere.invalid/")) == LI

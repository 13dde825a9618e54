"""`--workers`: what is asked for, and what the proxy is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from data_access.statement import BadInput
from pages.frame.launch import _valued
from pages.frame.serving import caddy, workers
from pages.frame.serving.caddy import Site
from pages.frame.serving.only_proxied import HEADER, OnlyProxied
from pages.frame.serving.served import Place
from pages.words.catalogue import LANGUAGES, Catalogue

SITE = Site(Place("http", "127.0.0.1", 8501), (40001, 40002))


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--class"], (None, ["--class"])),
        (["--workers", "2", "--class"], ("2", ["--class"])),
        (["--server.port", "8600", "--workers=3"], ("3", ["--server.port", "8600"])),
        (["--workers"], ("", [])),
    ],
)
def test_the_option_among_others(arguments: list[str], found: tuple[str | None, list[str]]) -> None:
    assert _valued(arguments, "--workers") == found


@pytest.mark.parametrize("said", ["", "0", "-1", "two", "65", "1.5"])
def test_a_number_that_is_none_is_one_sentence(said: str) -> None:
    with pytest.raises(BadInput) as refused:
        workers.number(said)
    assert refused.value.statement.key == "workers.number"


def test_without_the_proxy_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert workers.number(None) is None
    with pytest.raises(BadInput) as refused:
        workers.number("2")
    assert all("apt install caddy" in Catalogue.load(one).say(refused.value.statement) for one in LANGUAGES)


def test_the_settings_hold_no_key_and_believe_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    written = caddy.settings_of(SITE)
    assert "http://:8501 {" in written and "bind 127.0.0.1\n" in written
    assert "lb_policy cookie satrace_worker {$SATRACE_PROXY_KEY}" in written
    assert "trusted_proxies 127.0.0.1/32 ::1/128\n" in written
    assert "tls" not in written and "Secure" not in written
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.7, 10.0.0.8")
    assert "trusted_proxies 10.0.0.7 10.0.0.8\n" in caddy.settings_of(SITE)


def test_with_a_certificate_all_goes_by_tls() -> None:
    place = Place("https", "0.0.0.0", 443)
    written = caddy.settings_of(Site(place, (40001,), "/satrace", (Path("/a b/c.pem"), Path("/a b/k.pem")), 50))
    assert 'tls "/a b/c.pem" "/a b/k.pem"\n' in written and "; Secure" in written
    assert "https://:443 {" in written and "bind" not in written
    assert "@door path /satrace/join /satrace/leave\n" in written
    assert "health_uri /satrace/" in written and "max_size 51MB" in written


@pytest.mark.parametrize(("said", "is_answered"), [(b"the key", True), (b"another", False), (None, False)])
def test_only_the_proxy_is_answered(said: bytes | None, is_answered: bool) -> None:
    reached: list[Any] = []
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["headers"])

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    headers = [(b"host", b"x")] + ([(HEADER.encode(), said)] if said else [])
    for kind in ("http", "websocket"):
        scope = {"type": kind, "method": "GET", "path": "/", "headers": headers}
        asyncio.run(OnlyProxied(app, "the key")(scope, receive, send))
    assert reached == ([[(b"host", b"x")]] * 2 if is_answered else []), "the key stays outside"
    assert [one.get("status", one.get("code")) for one in sent if "body" not in one] == (
        [] if is_answered else [403, 1008]
    )

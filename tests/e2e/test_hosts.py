"""What the server says to whoever is no browser of its own: under other names, with too much, by TLS."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from pages.frame.upload_limits import MOST_FILES

from .strangers import Stranger

pytestmark = pytest.mark.browser  # it needs the server of those tests


def status(server: str, host: str) -> int:
    """What the server says to whoever opens the app's socket under a host name."""
    place = urlsplit(server)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=30)
    headers = {"Host": f"{host}:{place.port}", "Upgrade": "websocket", "Connection": "Upgrade",
               "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    connection.request("GET", "/_stcore/stream", headers=headers)
    found = connection.getresponse().status
    connection.close()
    return found


def test_no_other_host_name_is_answered(server: str) -> None:
    assert status(server, "127.0.0.1") == status(server, "localhost") == 101
    assert status(server, "evil.example.com") == 403
    assert status(server, "127.0.0.1.evil.example.com") == 403
    other = Stranger(server).ask
    assert other("GET", "overview", Host="evil.example.com").status == 403
    assert other("GET", "_stcore/health", Host="10.0.0.1").status == 200  # how a balancer asks


def test_every_answer_says_what_a_page_may_load(server: str) -> None:
    stranger = Stranger(server)
    for path in ("", "overview", "_stcore/health", "_stcore/metrics", "static/nothing.js"):
        plain, by_tls = stranger.ask("GET", path), stranger.ask("GET", path, own=False, X_Forwarded_Proto="https")
        for answer in (plain, by_tls):
            policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
            assert policy["default-src"] == policy["frame-ancestors"] == "'self'" and "http" not in str(policy)
            assert "unsafe" not in policy["script-src"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert plain.headers["Strict-Transport-Security"] is None
        assert by_tls.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookies = {way: stranger.ask("GET", "_stcore/health", X_Forwarded_Proto=way) for way in ("http", "https")}
    assert "; Secure" not in cookies["http"].headers["Set-Cookie"]
    assert "; Secure" in cookies["https"].headers["Set-Cookie"]


def test_a_session_brings_so_much_at_once(server: str) -> None:
    stranger = Stranger(server)
    with stranger.session() as session:
        first, second, *rest = session.places(MOST_FILES + 1)
        with stranger.announced(first, 200_000_000) as one, stranger.announced(second, 200_000_000) as two:
            assert one is two is None  # both wait for what was announced
            assert stranger.upload(rest[0], b"x" * 50_000_000) == 413
        brought = [stranger.upload(place, b"x") for place in (first, second, *rest)]
        assert brought == [204] * MOST_FILES + [413]
        assert stranger.upload(first, b"y") == 204  # in the place of one
        assert stranger.ask("PUT", first, Transfer_Encoding="chunked").status == 411
        assert stranger.upload(f"_stcore/upload_file/{session.id}/another", b"x") == 403  # nobody was told of it
        assert Stranger(server).upload(first, b"z") == 403  # another browser was

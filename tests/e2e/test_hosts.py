"""Who reaches the server under a name of their own (DNS rebinding) is not answered."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

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

"""Several workers behind one address: which processes they are, and people who are at one or another."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from .conftest import Server

PATIENCE_S = 60.0
STICKS = "satrace_worker"


def workers(server: Server) -> list[int]:
    """Processes of the workers, without the proxy."""
    return [pid for pid in children(server.process.pid) if b"--worker\0" in _command(pid)]


def children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:2]
        except (OSError, ValueError):
            continue
        if int(above) == parent and state != "Z":
            found.append(int(folder.name))
    return sorted(found)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_alive(pid: int) -> bool:
    return bool(_command(pid))


def await_so(it_is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not it_is_so():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def asked(
    server: str, path: str, *, cookie: str = "", form: Mapping[str, str] | None = None, **more: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of one request; with a form it is sent as a page of the server sends it."""
    place = urlsplit(server)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": server, **more}
    with closing(http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE_S)) as connection:
        connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def at_each(server: str, many: int = 2) -> list[str]:
    """A cookie for each worker, as browsers get them."""
    found: dict[str, None] = {}
    for _ in range(200):
        for cookie in asked(server, "/")[1].get_all("Set-Cookie") or []:
            if cookie.startswith(STICKS):
                found.setdefault(cookie.partition(";")[0])
        if len(found) == many:
            return list(found)
    raise AssertionError(f"only {len(found)} of {many} workers give cookies")

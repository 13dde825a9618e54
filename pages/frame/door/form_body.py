"""What does a form bring? Read in bounds of size and time, and only from a page of this server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

MOST_BYTES, MOST_FIELDS, LONGEST_S = 4096, 8, 10.0
KIND = "application/x-www-form-urlencoded"


class Refused(Exception):
    """The request is not answered as one of a form; its status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def is_from_here(request: Request) -> bool:
    """Whether a page of this server sent the form: by the origin, or by the browser's own word where it says none."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    host = request.headers.get("host", "")
    try:
        is_same = urlsplit(origin).netloc.lower() == host.lower() != ""
    except ValueError:
        return False
    return is_same and request.headers.get("sec-fetch-site", "same-origin") == "same-origin"


async def fields(request: Request) -> Mapping[str, str]:
    """The fields of a form. Raises Refused."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise Refused(415)
    try:
        async with asyncio.timeout(LONGEST_S):
            body = await _body(request)
        return dict(parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=MOST_FIELDS))
    except TimeoutError:
        raise Refused(408) from None
    except (ValueError, ClientDisconnect):
        raise Refused(400) from None


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Refused(413)
    return bytes(body)

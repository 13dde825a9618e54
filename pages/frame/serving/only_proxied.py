"""A worker answers its proxy alone: others on this machine who find its port could say to be anybody, from anywhere.

What the proxy says of where a request came from is believed for that reason only.
"""

from __future__ import annotations

from hmac import compare_digest

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "x-satrace-proxy"
KEY = "SATRACE_PROXY_KEY"  # in the environment of proxy and workers: made at each start, said to nobody else
NOT_SO = 1008  # why a socket is closed


class OnlyProxied:
    """The outermost layer of a worker."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._key = app, key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_from_proxy(scope):
            await self._app(_without_key(scope), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": NOT_SO})
        else:
            await PlainTextResponse("Only by the proxy.", 403)(scope, receive, send)

    def _is_from_proxy(self, scope: Scope) -> bool:
        return any(name == HEADER.encode() and compare_digest(value, self._key) for name, value in scope["headers"])


def _without_key(scope: Scope) -> Scope:
    """The request as the app may see it."""
    if "headers" not in scope:
        return scope
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != HEADER.encode()]}

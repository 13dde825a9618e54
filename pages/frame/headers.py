"""What every answer carries: which sources a page may load from, who may frame it, and cookies for TLS only.

Behind TLS means: the request came by it, be it to this server or to a proxy that uvicorn trusts (FORWARDED_ALLOW_IPS,
this machine by default), or people come back from their sign-in by it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

from pages.frame import class_strip, in_browser, kept, top, wall

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
YEAR_S = 365 * 24 * 3600


def secured(scope: Scope, send: Send, policy: str | None = None) -> Send:
    """Sends what an answer is to carry along with it. `policy`: of a page that needs less than the app does."""

    async def out(message: Message) -> None:
        if message["type"] == "http.response.start":
            carried = MutableHeaders(scope=message)
            carried.update(_carried())
            if policy:
                carried["Content-Security-Policy"] = policy
            if _by_tls(scope):
                carried["Strict-Transport-Security"] = f"max-age={YEAR_S}"
                message["headers"] = [_for_tls(*header) for header in message["headers"]]
        await send(message)

    return out


@cache
def _carried() -> dict[str, str]:
    return {
        "Content-Security-Policy": _policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "same-origin",
    }


def _policy() -> str:
    """Nothing from elsewhere, neither pictures nor scripts; styles are made by the page itself."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in INLINE.findall(page)]
    ours = (*top.HASHES, in_browser.HASH, kept.HASH, class_strip.HASH, wall.HASH)
    scripts = " ".join(["'self'", *(f"'sha256-{one}'" for one in hashes), *ours])
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


def _by_tls(scope: Scope) -> bool:
    if scope.get("scheme") == "https":
        return True
    auth = st.secrets.get("auth", {}) if st.secrets.load_if_toml_exists() else {}
    return str(auth.get("redirect_uri", "")).startswith("https://")


def _for_tls(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A cookie that is never sent without TLS; any other header as it is."""
    if name.lower() != b"set-cookie" or b"; secure" in value.lower():
        return name, value
    return name, value + b"; Secure"

"""Where do people reach this server: at its own socket, or at that of the proxy before several of them?"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st


@dataclass(frozen=True)
class Place:
    """What is listened on. `address` may be one that stands for all, as 0.0.0.0 does."""

    scheme: str
    address: str
    port: int

    @property
    def url(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{host}:{self.port}"


_proxy: list[Place] = []  # none or one: of the process, as the server is


def behind(url: str) -> None:
    """From now on people reach this server at the proxy that listens there."""
    at = urlsplit(url)
    _proxy[:] = [Place(at.scheme, at.hostname or "", at.port or 0)]


def is_behind() -> bool:
    """Whether this server is one of several behind a proxy of ours."""
    return bool(_proxy)


def place() -> Place:
    """Where people reach this server."""
    if _proxy:
        return _proxy[0]
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return Place(scheme, str(st.get_option("server.address") or ""), int(st.get_option("server.port")))

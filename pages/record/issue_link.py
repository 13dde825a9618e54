"""The address that opens an issue, or something that is pinned, from outside: none where it leads nowhere else."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlencode, urljoin, urlsplit

import streamlit as st

from data_access.workshop.tracing import Trace, dataset_of
from pages.frame.context import Frame


def link_of(here: Frame, row: Trace) -> str:
    """An address that opens the issue over its own data."""
    asked = {"issue": row.issue.id, "lang": here.words.language}
    if row.origin is not None:
        asked["data"] = dataset_of(row.origin)
    return outward(f"trace?{urlencode(asked)}")


def outward(link: str) -> str:
    """A link by the host that the reader's browser names; empty on this machine alone, where nobody else gets."""
    base = st.context.url or ""
    return urljoin(base, link) if base and not is_local(urlsplit(base).hostname or "") else ""


def is_local(host: str) -> bool:
    """Whether a host is this very machine.

    >>> [is_local(host) for host in ("localhost", "127.0.0.1", "[::1]", "satrace.example.com", "10.0.0.7")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

"""Where do others reach this server? Its address in the local network, as a link and as a QR code."""

from __future__ import annotations

import io
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from pages.frame.door import opening
from pages.frame.serving import served

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Nothing is sent there: the system only says by which of its addresses it would go.
DIRECTIONS = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254")
WILDCARDS = ("0.0.0.0", "::", "")
ASKED_PORT = 9


def join_address(code: str = "") -> str:
    """The address by which people join, with the code of their class.

    Where people sign in, or only this machine is served, it is that of the class page.
    """
    return join_address_of(_base(), code)


def join_address_of(base: str, code: str = "") -> str:
    """The same below an address of the server."""
    query = f"?{urlencode({'code': code})}" if code else ""
    return f"{base}/join{query}" if opening.current() else f"{base}/class"


def qr_svg(text: str) -> str:
    """A QR code as a picture of any size, dark on white with its quiet edge: it is read on a dark screen too."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", dark="#17212B", light="#FFFFFF", border=4, xmldecl=False, omitsize=True
    )
    return picture.getvalue().decode()


def qr_terminal(text: str) -> str:
    """A QR code made of signs."""
    signs = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(signs, compact=True, border=2)
    return signs.getvalue()


@cache
def own_addresses() -> Sequence[str]:
    """This machine's addresses in its networks, the likeliest one first; empty without a network."""
    found = [*map(_towards, DIRECTIONS)]
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [*dict.fromkeys(one for one in found if one and not one.startswith("127."))]


def own_names() -> Sequence[str]:
    """What this machine is called by others, beside its addresses."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.split(".")[0]
    return [*dict.fromkeys([name, short, f"{short}.local"])] if short else []


def _towards(direction: str) -> str:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.connect((direction, ASKED_PORT))
        return str(asked.getsockname()[0])
    return ""


def local_addresses() -> Sequence[str]:
    """The addresses that others of the local network use, the likeliest one first."""
    place = served.place()
    return [f"{replace(place, address=host).url}{below()}" for host in _hosts()]


def below() -> str:
    """What stands before every path of the server."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def _base() -> str:
    """What comes before the page: as the reader reached the server, unless nobody else could by that."""
    opened = urlsplit(st.context.url or "")
    if opened.hostname and opened.hostname not in LOOPBACK:
        return f"{opened.scheme}://{opened.netloc}{below()}"
    return local_addresses()[0]


def _hosts() -> Sequence[str]:
    """The one that is listened on, or all of this machine; itself where it has no network."""
    said = served.place().address
    return [said] if said not in WILDCARDS else own_addresses() or LOOPBACK[:1]

"""Who sends a request, by the cookies of its browser? Streamlit asks this for its own socket only."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value, decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
    XSRF_COOKIE_NAME,
)

from data_access import providers
from data_access.access import NotAllowed, User, local_analyst
from data_access.providers import Provider
from data_access.settings import Settings
from data_access.signed_out import SignedOut
from data_access.statement import Problem
from data_access.userinfo import Asking
from pages.frame.door import opening
from pages.frame.door.address import LOOPBACK
from pages.frame.door.opening import Door
from pages.frame.serving import served

Cookies = Mapping[str, str]
ASKING = Asking()
LOG = logging.getLogger("satrace")


def sign_in_configured() -> bool:
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def door() -> Door | None:
    """The door that people come in by; None where they sign in, or where this machine only is served."""
    return None if sign_in_configured() else opening.current()


def serves_others() -> bool:
    """Whether other machines than this one can reach the server."""
    return served.place().address not in LOOPBACK


def services() -> Mapping[str, Provider]:
    """The sign-in services that people may come in by, by name."""
    return providers.providers_of(st.secrets["auth"].to_dict())


def closed_services() -> Sequence[str]:
    """Those that let nobody in, for nothing is written of what they may give."""
    return [name for name, one in services().items() if not one.is_open] if sign_in_configured() else []


def signed_in(settings: Settings) -> User:
    """Who the sign-in service says is here, which is asked anew when that is set. Raises NotAllowed."""
    claims, known = st.user.to_dict(), services()
    if _signed_out(settings).has(claims):
        raise NotAllowed("access.ended")
    asked = ASKING.now(claims, _token(st.context.cookies), providers.provider_of(claims, known))
    return _admitted(asked, known, settings)


def _admitted(claims: Mapping[str, Any], known: Mapping[str, Provider], settings: Settings) -> User:
    return providers.admitted(claims, known, open_scope=settings.open_scope, hours=settings.claims_hours)


def visitor(cookies: Cookies) -> User | None:
    """The user a request is from; None for whoever may not come in."""
    if found := door():
        return found.signer.user(cookies)
    if not sign_in_configured():
        return None if serves_others() else local_analyst()
    try:
        settings, claims = Settings.from_environment(os.environ), claims_of(cookies)
        if claims and _signed_out(settings).has(claims):
            return None
        return _admitted(ASKING.known(claims, _token(cookies)), services(), settings)
    except Problem:
        return None


def end(cookies: Cookies) -> None:
    """Whoever signs out ends the sign-in everywhere, in other tabs and for whoever copied the cookies too."""
    if sign_in_configured() and (claims := claims_of(cookies)):
        try:
            _signed_out(Settings.from_environment(os.environ)).end(claims)
        except OSError:  # the browser forgets it all the same
            LOG.exception("a sign-out was not kept")


def _signed_out(settings: Settings) -> SignedOut:
    return SignedOut(settings.data_folder, settings.claims_hours)


def claims_of(cookies: Cookies) -> Mapping[str, Any]:
    """What the sign-in service said of whoever has these cookies; nothing where the server did not sign them."""
    claims = _signed(cookies, USER_COOKIE_NAME)
    return claims if claims.get("is_logged_in") else {}


def _token(cookies: Cookies) -> str:
    """What the sign-in service is asked with; "" where there is none."""
    return str(_signed(cookies, TOKENS_COOKIE_NAME).get("access_token") or "")


def _signed(cookies: Cookies, name: str) -> Mapping[str, Any]:
    """What the server itself wrote into a cookie; nothing where it was written by anybody else."""
    secret = get_cookie_secret()

    def part(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1")) if value else None

    said = get_cookie_with_chunks(part, name)
    found = json.loads(said) if said else {}
    return found if isinstance(found, dict) else {}


def browser(cookies: Cookies) -> str | None:
    """A digest that tells this browser from others, and says nothing else."""
    token, _ = decode_xsrf_token_string(cookies.get(XSRF_COOKIE_NAME) or "")
    return hashlib.sha256(token).hexdigest() if token else None


def person(cookies: Cookies) -> str | None:
    """What tells whoever is signed in, however long ago, or came in by the door from all others."""
    if found := door():
        user = found.signer.user(cookies)
        return user.id if user else None
    claims = claims_of(cookies)
    identity = claims.get("sub") or claims.get("email")
    return f"{claims.get('provider', providers.OWN)}:{identity}" if identity else None

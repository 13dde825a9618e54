"""Who sends a request, by the cookies of its browser? Streamlit asks this for its own socket only."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value, decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME, XSRF_COOKIE_NAME

from data_access.access import User, local_analyst, user_from_claims
from data_access.settings import Settings
from data_access.statement import Problem
from pages.frame.door import opening
from pages.frame.door.address import LOOPBACK
from pages.frame.door.opening import Door
from pages.frame.serving import served

Cookies = Mapping[str, str]


def sign_in_configured() -> bool:
    return bool(st.secrets.load_if_toml_exists() and "auth" in st.secrets)


def door() -> Door | None:
    """The door that people come in by; None where they sign in, or where this machine only is served."""
    return None if sign_in_configured() else opening.current()


def serves_others() -> bool:
    """Whether other machines than this one can reach the server."""
    return served.place().address not in LOOPBACK


def admitted(claims: Mapping[str, Any], settings: Settings) -> User:
    """The user named by the claims of a sign-in. Raises NotAllowed."""
    return user_from_claims(claims, open_scope=settings.open_scope, hours=settings.claims_hours)


def visitor(cookies: Cookies) -> User | None:
    """The user a request is from; None for whoever may not come in."""
    if found := door():
        return found.signer.user(cookies)
    if not sign_in_configured():
        return None if serves_others() else local_analyst()
    try:
        return admitted(claims_of(cookies), Settings.from_environment(os.environ))
    except Problem:
        return None


def claims_of(cookies: Cookies) -> Mapping[str, Any]:
    """What the sign-in service said of whoever has these cookies; nothing where the server did not sign them."""
    secret = get_cookie_secret()

    def part(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1")) if value else None

    said = get_cookie_with_chunks(part, USER_COOKIE_NAME)
    claims = json.loads(said) if said else {}
    return claims if isinstance(claims, dict) and claims.get("is_logged_in") else {}


def browser(cookies: Cookies) -> str | None:
    """A digest that tells this browser from others, and says nothing else."""
    token, _ = decode_xsrf_token_string(cookies.get(XSRF_COOKIE_NAME) or "")
    return hashlib.sha256(token).hexdigest() if token else None


def person(cookies: Cookies) -> str | None:
    """The id of whoever is signed in, however long ago, or came in by the door."""
    if found := door():
        user = found.signer.user(cookies)
        return user.id if user else None
    claims = claims_of(cookies)
    return claims.get("sub") or claims.get("email")

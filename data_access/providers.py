"""Which sign-in service may say what? It says who somebody is; how far that may reach is written beside its address.

A service that stands in [auth] itself is the installation's own and may give everything. One of several has a section
of its own, [auth.NAME], and gives no more than `satrace_roles` and `satrace_scope` there let through: without them it
lets nobody in. Its people's ids begin with its name, so that nobody at one service can pass for somebody at another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from data_access.access import NotAllowed, Role, Scope, User, roles_of, scope_of, user_from_claims
from data_access.selection import Selection

OWN = "default"  # what Streamlit calls the service that stands in [auth] itself
SHORTEST_ASK_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A sign-in service and what it may give at most. `titles` by language, "" for any.

    `ask_again_s`: after so many seconds it is asked anew what it says of somebody; None means once, at the sign-in.
    """

    name: str = OWN
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    roles: frozenset[Role] = frozenset()
    scope: Scope | None = None
    ask_again_s: float | None = None
    metadata: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anybody can come in by it at all."""
        return bool(self.roles) and self.scope is not None

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles.get("") or self.name

    def id_of(self, identity: str) -> str:
        return identity if self.name == OWN else f"{self.name}:{identity}"


def providers_of(auth: Mapping[str, Any]) -> Mapping[str, Provider]:
    """The services of the section [auth] of the secrets, by name, in their order.

    >>> found = providers_of({"main": {"client_id": "a", "satrace_roles": ["admin"], "satrace_scope": "*"},
    ...                       "partner": {"client_id": "b"}})
    >>> [(name, one.is_open) for name, one in found.items()]
    [('main', True), ('partner', False)]
    """
    own = {OWN: _provider(OWN, auth)} if "client_id" in auth else {}
    named = {name: one for name, one in auth.items() if isinstance(one, Mapping) and "client_id" in one}
    return {**own, **{name: _provider(name, one) for name, one in named.items()}}


def admitted(
    claims: Mapping[str, Any],
    providers: Mapping[str, Provider],
    *,
    open_scope: bool = False,
    hours: float = 8.0,
    now: float | None = None,
) -> User:
    """The user that the claims of a sign-in name, as far as its service may say so. Raises NotAllowed."""
    provider = provider_of(claims, providers)
    user = user_from_claims(claims, open_scope=open_scope, hours=hours, now=now)
    roles = user.roles & provider.roles
    if not roles:
        raise NotAllowed("access.no_role")
    return replace(user, id=provider.id_of(user.id), roles=roles, scope=_narrowed(user.scope, provider.scope))


def provider_of(claims: Mapping[str, Any], providers: Mapping[str, Provider]) -> Provider:
    """The service that the server itself noted beside the claims. Raises NotAllowed where it is known no more."""
    name = claims.get("provider", OWN)
    found = providers.get(name) if isinstance(name, str) else None
    if found is None or not found.is_open:
        raise NotAllowed("access.no_provider")
    return found


def _provider(name: str, section: Mapping[str, Any]) -> Provider:
    title, again = section.get("satrace_title", {}), section.get("satrace_ask_again")
    is_number = isinstance(again, int | float) and not isinstance(again, bool)
    return Provider(
        name=name,
        titles={"": title} if isinstance(title, str) else {str(key): str(one) for key, one in dict(title).items()},
        roles=_most_roles(name, section),
        scope=_most_scope(name, section),
        ask_again_s=max(float(again or 0), SHORTEST_ASK_S) if is_number else None,
        metadata=str(section.get("server_metadata_url", "")),
    )


def _most_roles(name: str, section: Mapping[str, Any]) -> frozenset[Role]:
    if name == OWN and "satrace_roles" not in section:
        return frozenset(Role)
    try:
        return roles_of(section.get("satrace_roles"))
    except NotAllowed:
        return frozenset()


def _most_scope(name: str, section: Mapping[str, Any]) -> Scope | None:
    if name == OWN and "satrace_scope" not in section:
        return Scope()
    try:
        return scope_of(section.get("satrace_scope"), open_scope=False)
    except NotAllowed:
        return None


def _narrowed(scope: Scope, most: Scope | None) -> Scope:
    """What both let through."""
    return Scope(Selection().within((*scope.filters, *(most.filters if most else ()))).filters)

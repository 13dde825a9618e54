"""Who is asking, and what may they see and do? Pure: rights are functions of roles, never of pages."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from data_access.selection import Filter, Selection
from data_access.statement import Problem

EVERYTHING = "*"  # the scope of who may see all data
CLOCKS_APART_S = 300.0  # a sign-in from further ahead than clocks differ is no sign-in


class Role(StrEnum):
    """What a person is in Satrace; a person may be several at once."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    PARTICIPANT = "participant"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"


class NotAllowed(Problem):
    """The user's roles do not reach this far."""


@dataclass(frozen=True)
class Scope:
    """The part of the data a user may see; no filters means all of it."""

    filters: tuple[Filter, ...] = ()

    def covers(self, selection: Selection) -> bool:
        """Whether every contact of the selection lies inside this scope.

        >>> Scope((Filter("team", ("A", "B")),)).covers(Selection(filters=(Filter("team", ("A",)),)))
        True
        >>> Scope((Filter("team", ("A", "B")),)).covers(Selection())
        False
        """
        return selection.within(self.filters) == selection.within(())


@dataclass(frozen=True)
class User:
    """A person in this run. `groups` are the workshop groups of a participant, `attends` the id of the class."""

    id: str
    name: str
    roles: frozenset[Role] = frozenset({Role.VIEWER})
    scope: Scope = Scope()
    groups: frozenset[str] = field(default_factory=frozenset)
    attends: str = ""

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


def may_edit_issue(user: User) -> bool:
    """Open an issue, write its diagnosis and its plans."""
    return user.has(Role.ANALYST, Role.PARTICIPANT, Role.INSTRUCTOR, Role.ADMIN)


def may_pin(user: User) -> bool:
    """Add evidence to an issue and take it off again."""
    return may_edit_issue(user)


def may_remove(user: User, author_id: str) -> bool:
    """Take away a whole issue or a plan, and bring it back: who made it, and who answers for all."""
    return may_edit_issue(user) and (user.id == author_id or user.has(Role.INSTRUCTOR, Role.ADMIN))


def may_close_issue(user: User) -> bool:
    """Close and reopen issues: a workshop group hands in, it does not judge itself."""
    return user.has(Role.ANALYST, Role.INSTRUCTOR, Role.ADMIN)


def may_teach(user: User) -> bool:
    """Open a class, lead it and see its key; whoever sits at an installation without sign-in may as well."""
    return user.has(Role.INSTRUCTOR, Role.ADMIN) or is_local(user)


def has_classes(user: User) -> bool:
    """Whether classes are anything to the user: to lead, or to take part in."""
    return may_teach(user) or user.has(Role.PARTICIPANT)


def is_outside_class(user: User) -> bool:
    """Whoever takes part in a class has its data and its board, and no other data, register or plans."""
    return may_teach(user) or not user.attends


def may_judge_signals(user: User) -> bool:
    """Say what a signal is, freeze baselines and begin limits anew."""
    return user.has(Role.ANALYST, Role.INSTRUCTOR, Role.ADMIN)


def may_hold_meetings(user: User) -> bool:
    """Prepare a meeting and write down what it decides."""
    return user.has(Role.ANALYST, Role.INSTRUCTOR, Role.ADMIN)


def may_recover(user: User) -> bool:
    """See the list of customers likely dissatisfied, by masked ids, and choose whom to contact."""
    return user.has(Role.ANALYST, Role.INSTRUCTOR, Role.ADMIN)


def may_see_unheard(user: User) -> bool:
    """Open the page of customers likely dissatisfied: not in a class, whose data are not about customers to call."""
    return is_outside_class(user) and may_recover(user)


def may_correct_levels(user: User) -> bool:
    """Say how a column is measured, for everybody; whoever sits at an installation without sign-in may as well."""
    return user.has(Role.INSTRUCTOR, Role.ADMIN) or is_local(user)


def may_import(user: User) -> bool:
    """Bring data in and confirm their semantic model."""
    return user.has(Role.ANALYST, Role.INSTRUCTOR, Role.ADMIN)


def may_see_rows(user: User) -> bool:
    """Look at single contacts behind a number, within the scope."""
    return may_edit_issue(user)


def may_read_audit(user: User) -> bool:
    """Read who was shown which contacts and who took along which files."""
    return user.has(Role.ADMIN)


def sees_every_group(user: User) -> bool:
    """A participant sees the work of the own group only, unless another role reaches further."""
    return not user.has(Role.PARTICIPANT) or may_close_issue(user)


def local_analyst() -> User:
    """The user of an installation without sign-in: it serves this machine only."""
    return User(id="local", name="local analyst", roles=frozenset({Role.ANALYST}))


def is_local(user: User) -> bool:
    """Whether this is an installation without sign-in, where everybody is the same user."""
    return user.id == local_analyst().id


def user_from_claims(
    claims: Mapping[str, Any], *, open_scope: bool = False, hours: float = 8.0, now: float | None = None
) -> User:
    """The user named by OpenID Connect claims: `sub` or `email`, `name`, `iat`, and three of ours.

    `satrace_roles` and `satrace_groups` are a name or a list of names, `satrace_scope` maps a dimension to the
    values let through, or is "*" for all data. What is missing or cannot be read lets nobody in: no role that is
    known, no scope (unless `open_scope`), no moment of the sign-in within the last `hours`. `now` is in seconds since
    1970.

    Raises: NotAllowed.

    >>> claims = {"email": "li@example.com", "iat": 0, "satrace_roles": ["boss", "viewer"], "satrace_scope": "*"}
    >>> user_from_claims(claims, now=60).roles
    frozenset({<Role.VIEWER: 'viewer'>})
    """
    identity = _text(claims.get("sub")) or _text(claims.get("email"))
    if not identity:
        raise NotAllowed("access.no_identity")
    _check_age(claims.get("iat"), hours, time.time() if now is None else now)
    return User(
        id=identity,
        name=_text(claims.get("name")) or _text(claims.get("email")) or identity,
        roles=roles_of(claims.get("satrace_roles")),
        scope=scope_of(claims.get("satrace_scope"), open_scope=open_scope),
        groups=frozenset(_names(claims.get("satrace_groups"))),
    )


def _check_age(issued: Any, hours: float, now: float) -> None:
    is_moment = isinstance(issued, int | float) and not isinstance(issued, bool)
    if not is_moment or not now - issued <= hours * 3600:
        raise NotAllowed("access.too_old", hours=hours)
    if issued - now > CLOCKS_APART_S:
        raise NotAllowed("access.from_ahead", minutes=CLOCKS_APART_S / 60)


def roles_of(claim: Any) -> frozenset[Role]:
    """The roles known here among a name or a list of names. Raises NotAllowed where there is none."""
    known = frozenset(Role(name.lower()) for name in _names(claim) if name.lower() in set(Role))
    if not known:
        raise NotAllowed("access.no_role")
    return known


def scope_of(claim: Any, *, open_scope: bool) -> Scope:
    """The part of the data that a claim opens; only what says so opens everything. Raises NotAllowed."""
    if claim == EVERYTHING:
        return Scope()
    if isinstance(claim, str):
        claim = claim.strip() or None
    if isinstance(claim, str):  # some identity providers can only send text
        try:
            claim = json.loads(claim)
        except json.JSONDecodeError:
            raise NotAllowed("access.scope_unreadable") from None
    if claim is None or claim == {}:
        if open_scope:
            return Scope()
        raise NotAllowed("access.no_scope")
    if not isinstance(claim, Mapping) or not all(isinstance(key, str) and key for key in claim):
        raise NotAllowed("access.scope_unreadable")
    return Scope(tuple(Filter(name, _values(claim[name])) for name in sorted(claim)))


def _values(claim: Any) -> tuple[str | None, ...]:
    values = claim if isinstance(claim, list | tuple) else [claim]
    if not all(value is None or isinstance(value, str | int | float) for value in values):
        raise NotAllowed("access.scope_unreadable")
    return tuple(None if value is None else str(value) for value in values)


def _names(claim: Any) -> list[str]:
    values = [claim] if isinstance(claim, str) else claim if isinstance(claim, list | tuple) else []
    return [name for name in map(_text, values) if name]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""

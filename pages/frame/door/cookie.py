"""What a browser keeps of whoever came in by the door: a signed cookie, which a restart of the server does not end.

It says who somebody is, never what they may see of a class: that is asked of the store in every run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from itsdangerous import BadData, URLSafeTimedSerializer

from data_access.access import Role, User
from data_access.workshop.signs import name_read

NAME = "satrace_class"
LASTS_S = 3 * 24 * 3600
LONGEST = 2000  # of a value that is looked at
ROLES = {"member": Role.PARTICIPANT, "instructor": Role.INSTRUCTOR}


class Signer:
    """Writes cookies and reads them. `mark` is that of the passcode: with another one, instructors come in anew."""

    def __init__(self, key: bytes, mark: str) -> None:
        self._serializer = URLSafeTimedSerializer(
            key, salt="satrace.class", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256}
        )
        self._mark = mark

    def written(self, user: User) -> str:
        said = {"id": user.id, "name": user.name}
        return str(self._serializer.dumps(said | ({"mark": self._mark} if user.has(Role.INSTRUCTOR) else {})))

    def user(self, cookies: Mapping[str, str]) -> User | None:
        """Who has these cookies; None where this server did not sign them, or more than three days ago."""
        value = cookies.get(NAME, "")
        if not value or len(value) > LONGEST:
            return None
        try:
            return self._user(self._serializer.loads(value, max_age=LASTS_S))
        except (BadData, KeyError, TypeError, AttributeError):
            return None

    def _user(self, said: Mapping[str, Any]) -> User | None:
        role = ROLES[said["id"].partition("-")[0]]
        if role is Role.INSTRUCTOR and said["mark"] != self._mark:
            return None
        return User(id=said["id"], name=said["name"], roles=frozenset({role}))


def participant(name: str) -> User:
    """Somebody who has not been here before."""
    return User(id=f"member-{uuid4()}", name=name, roles=frozenset({Role.PARTICIPANT}))


def instructor(name: str) -> User:
    """Whoever leads classes under a name is the same person the next time, on any machine."""
    digest = hashlib.sha256(name_read(name).encode()).hexdigest()[:32]
    return User(id=f"instructor-{digest}", name=name, roles=frozenset({Role.INSTRUCTOR}))

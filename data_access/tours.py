"""How far has each person come on the tour, and who has left it? Ids as hashes and names of steps, nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data_access.access import User

FILE = "tours.json"


@dataclass(frozen=True)
class Tour:
    """When somebody began, the steps done or skipped since, and whether the tour was left."""

    since: datetime
    passed: frozenset[str] = frozenset()
    left: bool = False


class Tours:
    """The tours of an installation, in a file of its data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def of(self, user: User) -> Tour | None:
        """None for who never began one, nor said no."""
        known = self._known().get(_id(user))
        with suppress(KeyError, TypeError, ValueError):
            if isinstance(known, Mapping):
                return Tour(datetime.fromisoformat(known["since"]), frozenset(known["passed"]), known["left"] is True)
        return None

    def keep(self, user: User, tour: Tour) -> None:
        """Where that cannot be written down, the tour is only forgotten sooner."""
        noted = {"since": tour.since.isoformat(), "passed": sorted(tour.passed), "left": tour.left}
        part = self._file.with_suffix(".part")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({**self._known(), _id(user): noted}), encoding="utf-8")
            part.replace(self._file)

    def _known(self) -> Mapping[str, object]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _id(user: User) -> str:
    return hashlib.sha256(user.id.encode()).hexdigest()[:32]

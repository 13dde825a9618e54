"""Who has signed in here, so that people can be chosen by name: ids and names, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from data_access.access import User

FILE = "people.json"


class People:
    """Those who have signed in to the installation whose data sets lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def known(self) -> Mapping[str, str]:
        """Names by id."""
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        pairs = known.items() if isinstance(known, dict) else ()
        return {id: name for id, name in pairs if isinstance(name, str)}

    def note(self, user: User) -> None:
        """Remember somebody; where that cannot be written down, others have to write the id."""
        known = self.known()
        if known.get(user.id) == user.name:
            return
        part = self._file.with_suffix(".part")
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({**known, user.id: user.name}, ensure_ascii=False), encoding="utf-8")
            part.replace(self._file)

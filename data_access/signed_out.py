"""Which sign-ins did their people end themselves? A cookie that was copied before is good for nothing after that.

The cookie of a sign-in is signed, and held by the browser alone: what ended is noted here, by a digest, in the data
folder that all servers at one address share, for as long as a sign-in is good.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = "signed_out"
TOLD_APART_BY = ("provider", "iss", "sub", "email", "iat", "nonce", "at_hash", "jti")


class SignedOut:
    """The sign-ins that ended at an installation whose data lie in a folder, each an empty file."""

    def __init__(self, data_folder: Path, hours: float) -> None:
        self._folder, self._kept_s = data_folder / FOLDER, hours * 3600

    def has(self, claims: Mapping[str, Any]) -> bool:
        return (self._folder / _key(claims)).exists()

    def end(self, claims: Mapping[str, Any]) -> None:
        """Note a sign-in as ended, and forget those that are too old to be good anyway. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / _key(claims)).touch()
        for file in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another server forgot it too
                if time.time() - file.stat().st_mtime > self._kept_s:
                    file.unlink()


def _key(claims: Mapping[str, Any]) -> str:
    told = [claims.get(name) for name in TOLD_APART_BY]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()

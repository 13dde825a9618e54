"""What is mixed into the masked ids of persons, so that no other installation's codes, and no list, name them."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from data_access.settings import Settings

FILE = "salt"


@cache
def salt() -> bytes:
    """The salt of this installation: the one of the environment, else of the data folder, made at first use."""
    settings = Settings.from_environment()
    return hashlib.sha256(settings.salt.encode()).digest() if settings.salt else kept(settings.data_folder)


def kept(folder: Path, name: str = FILE) -> bytes:
    """A secret of a folder, only for its owner to read. Where none can be kept it lasts as long as the process."""
    file, made = folder / name, secrets.token_bytes(32)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{name}.{secrets.token_hex(8)}"
        with suppress(FileExistsError):
            if not file.exists():
                written_for_owner(part, made)
                os.link(part, file)  # of several processes that start at once, one is first
        part.unlink(missing_ok=True)
        return file.read_bytes()
    return made


def written_for_owner(path: Path, content: bytes) -> None:
    """Write a new file that nobody else may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)

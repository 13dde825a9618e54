"""The content hash of a file, read once: as long as a file lies as it lay, it holds what it held."""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import suppress
from pathlib import Path

from data_access.files.options import content_hash

SETTLED_NS = 2_000_000_000  # a file that was changed less than this ago may change again without its time telling


def kept_hash(path: Path, cache: Path) -> str:
    """As `content_hash`; kept in the folder `cache` with size, place on the disk and times of the file."""
    kept = cache / f"{place_hash(path)}.hash"
    state = _state(path)
    with suppress(OSError, ValueError):
        known = json.loads(kept.read_text(encoding="utf-8"))
        if isinstance(known, list) and known[:-1] == state:
            return str(known[-1])
    found = content_hash(path)
    if state == _state(path) and time.time_ns() - max(state[-2:]) > SETTLED_NS:
        _keep(kept, [*state, found])
    return found


def place_hash(path: Path) -> str:
    """Where a file lies, as a part of a file's name."""
    return hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]


def _state(path: Path) -> list[int]:
    at = path.stat()
    return [at.st_dev, at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns]


def _keep(kept: Path, known: list[int | str]) -> None:
    """Written whole or not at all; without it the next command only takes longer."""
    part = kept.with_suffix(".part")
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(known), encoding="utf-8")
        part.replace(kept)

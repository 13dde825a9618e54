"""What of the data folder is somebody's work or cannot be made again: that is kept, and nothing else.

Left out is what the program makes itself - the sample, cases, examples, files as they were read - and secrets that it
makes anew: the passcode's hash and the key of the cookies. The salt is kept, for without it the masked ids that stand
in evidence would name nobody any more.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from data_access import people, salt, tours
from data_access.library import AUDIT, LAST

FOLDERS = ("imports", "classes")
FILES = (salt.FILE, tours.FILE)
UNSETTLED = (AUDIT, LAST, people.FILE, tours.FILE)  # written at any moment, each whole by itself
HALF = ".part"


def kept(folder: Path) -> list[PurePosixPath]:
    """The files of a data folder that a backup holds, by their places in it."""
    inside = [path for name in FOLDERS for path in (folder / name).rglob("*")]
    paths = [*inside, *(folder / name for name in FILES)]
    found = (PurePosixPath(path.relative_to(folder).as_posix()) for path in paths if path.is_file())
    return sorted(path for path in found if not any(part.endswith(HALF) for part in path.parts))


def is_kept(path: PurePosixPath) -> bool:
    """Whether a place may come out of a backup: nothing leads out of the data folder or to what does not belong."""
    is_plain = not path.is_absolute() and ".." not in path.parts and "\\" not in str(path)
    return is_plain and (path.parts[0] in FOLDERS if len(path.parts) > 1 else str(path) in FILES)


def state(folder: Path) -> tuple[object, ...]:
    """Another value once a file was brought, replaced or removed that stays as it is otherwise."""
    settled = (path for path in kept(folder) if path.name not in UNSETTLED)
    return tuple((path, *_stamp(folder / path)) for path in settled)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns

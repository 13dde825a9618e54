"""Is the SQLite file below a store still the one that was opened?

A file may be moved, removed or replaced while the program runs; what is then written to the open file nobody will
find again. So each store has an id inside, which stands in a small file beside it as well, and before and after each
transaction the file and its log must be where they were, the same by their inodes. A file that is known and gone is
never made anew. Only SQLite ever opens the file: closing it here would give up the locks of all its connections.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy import make_url
from sqlalchemy.exc import DisconnectionError

from data_access.statement import BadInput, Unreachable

Inode = tuple[int, int]


@dataclass(frozen=True)
class StoreFile:
    """The file of a store, and the id it must have once it was opened."""

    path: Path
    id: str = ""
    inode: Inode | None = None
    only_read: bool = False  # whatever may be written

    @property
    def note(self) -> Path:
        """The file that says which store belongs here."""
        return self.path.with_name(f"{self.path.name}.id")

    @property
    def is_new(self) -> bool:
        """Whether no store was ever opened here. Raises Unreachable when it is gone, BadInput for an empty file."""
        if self.path.exists():
            if not self.path.stat().st_size:
                raise BadInput("store.not_a_store", place=self.path.name)
            return False
        if self.note.exists():
            raise Unreachable("store.gone", place=self.path.name)
        return True

    @property
    def is_writable(self) -> bool:
        return not self.only_read and self._may_be_written

    @property
    def _may_be_written(self) -> bool:
        return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)

    @property
    def address(self) -> str:
        """As SQLite takes it: never to be made anew; to be read only where it cannot be written."""
        mode = "rw" if self.is_writable else "ro"
        alone = not self._may_be_written and not self.path.with_name(f"{self.path.name}-wal").exists()
        return f"file:{quote(str(self.path.absolute()))}?mode={mode}{'&immutable=1' if alone else ''}"

    def temporary(self) -> Path:
        """A place beside it to make a new store in, so that none is ever found half made."""
        return self.path.with_name(f".{self.path.name}.{uuid4().hex}")

    def recognised(self, id: str) -> StoreFile:
        """The file with its id and inode. Raises Unreachable when another store was opened here before."""
        known = self.note.read_text(encoding="utf-8").strip() if self.note.exists() else ""
        if known and known != id:
            raise Unreachable("store.another", place=self.path.name)
        if not known and self.is_writable:
            self.note.write_text(f"{id}\n", encoding="utf-8")
        return replace(self, id=id, inode=_inode(self.path))

    def check(self) -> None:
        """Raises Unreachable unless the file is where it was, and the same."""
        if _inode(self.path) is None:
            raise Unreachable("store.gone", place=self.path.name)
        if _inode(self.path) != self.inode:
            raise Unreachable("store.another", place=self.path.name)

    def check_inside(self, id: str | None, log: object) -> None:
        """Raises Unreachable when the file holds another store, or the log is not the one opened with it."""
        if id != self.id or log != self.log():
            raise Unreachable("store.another", place=self.path.name)

    def log(self) -> Inode | None:
        """The file of changes beside it, which stays the same as long as any connection is open."""
        return _inode(self.path.with_name(f"{self.path.name}-wal"))

    def remember_log(self, connection: Any, record: Any) -> None:
        """Which log a new connection writes to: SQLAlchemy's event `connect`."""
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # opens the log
        record.info["log"], record.info["address"] = self.log(), self.address

    def check_address(self, _connection: Any, record: Any, _fairy: Any) -> None:
        """Whether the file may by now be written, or no longer, is noticed by a new connection: event `checkout`."""
        if record.info["address"] != self.address:
            raise DisconnectionError

    def connect(self, _dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        """How SQLAlchemy's event `do_connect` opens the file."""
        arguments[:] = [self.address]
        options["uri"] = True


def begin_anew(url: str) -> None:
    """Set aside the SQLite store of a URL, if there is one, so that the next start makes a new one.

    Nothing is deleted, and a store on a server is left alone.
    """
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        return
    path, stamp = Path(str(target.database)), f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    for end in ("", "-wal", "-shm", ".id"):
        old = path.with_name(path.name + end)
        if old.exists():
            old.rename(path.with_name(f"{path.name}.before-{stamp}{end}"))


def _inode(path: Path) -> Inode | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

"""How much may one session have uploaded at once? What is on its way counts as well as what has arrived."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

MOST_FILES = 8
MOST_BYTES = 420 * 1024 * 1024  # two of the largest files, and the tables beside them


class UploadLimits:
    """Only ever asked by the server's own loop, so nothing has to be locked."""

    def __init__(self) -> None:
        self._coming: dict[tuple[str, str], int] = {}

    @contextmanager
    def taken(self, session: str, file: str, size: int) -> Iterator[bool]:
        """Count a file that comes as long as it does; False when it is one too many."""
        sizes = self._sizes(session)
        sizes.pop(file, None)
        fits = len(sizes) < MOST_FILES and sum(sizes.values()) + size <= MOST_BYTES
        fits = fits and (session, file) not in self._coming
        if not fits:
            yield False
            return
        self._coming[session, file] = size
        try:
            yield True
        finally:
            del self._coming[session, file]

    def _sizes(self, session: str) -> dict[str, int]:
        manager = get_instance().uploaded_file_mgr
        assert isinstance(manager, MemoryUploadedFileManager)
        arrived = {id: len(file.data) for id, file in list(manager.file_storage.get(session, {}).items())}
        return arrived | {file: size for (of, file), size in self._coming.items() if of == session}

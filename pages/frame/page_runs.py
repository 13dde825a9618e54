"""Which page does a run belong to? A part of a page may be asked for when its page is gone.

Leaving a field and pressing a link are two messages of the browser, the field's often the later one. Streamlit would
go back to the old page for it, draw nothing, and from then on take what both pages show for known to the browser:
fields come back blank, and choices in the sidebar as the first of their list.
"""

from __future__ import annotations

import time
from typing import Any

LATE_S = 3.0  # within which both messages of one press come; the server may lead back to the same page after it


class Pages:
    """The page that a connection is on and the one it just left, as its messages tell."""

    def __init__(self) -> None:
        self._at: str | None = None
        self._left: str | None = None
        self._since = 0.0
        self._query = ""

    def correct(self, run: Any) -> bool:
        """Make a run of a part one of the whole page where the part is not there. Returns whether it was changed.

        That is the first run of a connection, as a server that was started anew knows no parts, and a run of a part
        of the page that was just left.
        """
        if self._at is None or not run.fragment_id:
            return self._whole(run)
        page = run.page_script_hash
        if page == self._at:
            return False
        if self._left in (page, "") and time.monotonic() - self._since < LATE_S:
            run.fragment_id, run.page_script_hash, run.query_string = "", self._at, self._query
            return True
        self._at, self._left = page, None  # the server led to another page
        return False

    def _whole(self, run: Any) -> bool:
        page, is_part = run.page_script_hash, bool(run.fragment_id)
        self._at, self._left, self._since = page, self._at if page != self._at else None, time.monotonic()
        self._query, run.fragment_id = run.query_string, ""
        return is_part

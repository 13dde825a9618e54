"""Are the words of a command line text? A terminal may send bytes that are none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def as_text(arguments: Sequence[str] | None) -> list[str]:
    """The arguments, with U+FFFD where bytes are no text; a file of that very name is still found.

    >>> as_text(["--where", "team=\\udcff"])
    ['--where', 'team=\ufffd']
    """
    given = sys.argv[1:] if arguments is None else arguments
    return [one if os.path.exists(one) else _replaced(one) for one in given]  # noqa: PTH110


def _replaced(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

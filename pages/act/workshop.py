"""Issues, their evidence, causes and remedies."""

from __future__ import annotations

from pages.ui.context import Context


def draw(here: Context) -> None:
    raise NotImplementedError(here)

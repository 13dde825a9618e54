"""One file for each analysis: its Presentation. Which there are, `analysis.methods` says."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from analysis.methods import METHODS
from pages.words.presentation import Presentation


@cache
def presentation_of(method: str) -> Presentation:
    """What is said of an analysis. Raises KeyError for an unknown one.

    >>> presentation_of("dose").shown_on
    'drivers'
    """
    if method not in METHODS:
        raise KeyError(method)
    found: Presentation = import_module(f"{__name__}.{method}").PRESENTATION
    return found


def known(method: str) -> Presentation | None:
    """What is said of an analysis; nothing of one that this version does not have, such as an old pin's."""
    return presentation_of(method) if method in METHODS else None


def presentations() -> tuple[Presentation, ...]:
    """All of them, in the order of the menu."""
    return tuple(presentation_of(method) for method in METHODS)

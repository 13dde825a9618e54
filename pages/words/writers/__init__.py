"""How does a result leave the command line? By the name of the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from analysis.result import Result
from pages.words.catalogue import Catalogue

WRITERS: Mapping[str, str] = {"json": "json_text", "csv": "csv_text", "text": "plain_text"}  # format: its module


def writer(name: str) -> Callable[[Result, Catalogue], str]:
    """Writes a result in a format. Raises KeyError for an unknown one.

    >>> writer("text").__name__
    'to_text'
    """
    found: Callable[[Result, Catalogue], str] = getattr(import_module(f"{__name__}.{WRITERS[name]}"), f"to_{name}")
    return found

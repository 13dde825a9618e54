"""Is what a person points at a database or a data file? Told by its address, before anything large is imported."""

from __future__ import annotations

from pathlib import Path

SERVED_SUFFIXES = (".sqlite", ".sqlite3")  # of files that are asked where they lie, and not read as data files


def is_database(source: str) -> bool:
    """Whether a source is spoken to as a database rather than read as a file.

    >>> is_database("postgresql://host/db"), is_database("calls.sqlite"), is_database("calls.xlsx")
    (True, True, False)
    """
    return "://" in source or Path(source).suffix.lower() in SERVED_SUFFIXES

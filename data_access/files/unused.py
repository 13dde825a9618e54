"""Which options say nothing about a file of some kind? They are named, not passed over."""

from __future__ import annotations

from data_access.files.options import ReadOptions
from data_access.files.sniff import Kind

OF_TEXT = ("encoding", "delimiter")
WITHOUT = {
    Kind.TEXT: ("sheet",),
    Kind.WORKBOOK: OF_TEXT,
    Kind.JSON: (*OF_TEXT, "sheet", "header"),
    Kind.SPSS: (*OF_TEXT, "sheet", "header"),
    Kind.PARQUET: (*OF_TEXT, "sheet", "header", "skip_last"),
}


def unused_options(options: ReadOptions, kind: Kind) -> tuple[str, ...]:
    """The options that were given and have no meaning for a kind, as they are written on the command line.

    >>> unused_options(ReadOptions(sheet=("May",), skip_last=2), Kind.PARQUET)
    ('sheet', 'skip-last')
    """
    given = [name for name in WITHOUT.get(kind, ()) if getattr(options, name) is not None]
    return tuple(name.replace("_", "-") for name in given)

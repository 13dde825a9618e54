"""Which sign stands between the columns of a text file?"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from data_access.files.encoding import HEAD, lines_of

DELIMITERS = (",", "\t", ";", "|")
SAID = re.compile(r'\s*"?sep=(.)"?\s*', re.I)
MOST_LINES = 200


def said_delimiter(line: str) -> str | None:
    """The delimiter that a first line `sep=;` names, as Excel writes and reads it.

    >>> said_delimiter("sep=;"), said_delimiter("a;b")
    (';', None)
    """
    found = SAID.fullmatch(line[:20].strip("\ufeff\r\n"))
    return found[1] if found else None


def delimiter_of(path: Path, encoding: str) -> tuple[str, bool]:
    """The delimiter and whether it was guessed: the one named, else that which splits most lines alike."""
    sample = _first_lines(path, encoding)
    first = sample.split("\n", 1)[0]
    named = said_delimiter(first)
    if named:
        return named, False
    if path.suffix.lower() == ".tsv" and "\t" in sample:
        return "\t", True
    found = max(DELIMITERS, key=lambda d: _fit(sample, d))
    return found, found != ","


def _first_lines(path: Path, encoding: str) -> str:
    found: list[str] = []
    signs = 0
    for text, _ in lines_of(path, encoding):
        found.append(text)
        signs += len(text)
        if len(found) >= MOST_LINES or signs > 4 * HEAD:
            break
    return "".join(found)


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of records that have the usual width, which is more than one; ties go to the wider table."""
    try:
        widths = Counter(
            len(record) for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if record
        )
    except csv.Error:
        return 0.0, 0
    split = {width: n for width, n in widths.items() if width > 1}
    if not split:
        return 0.0, 0
    usual = max(split, key=lambda width: (split[width], width))
    return round(split[usual] / sum(widths.values()), 1), usual

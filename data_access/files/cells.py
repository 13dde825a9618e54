"""What kind of thing does a cell of text hold? As much as finding the table needs to know, by linear patterns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from data_access.convert.limits import LONGEST_LOOKED_AT

NUMBER = re.compile(r"[-+(]?[¥￥$€£]?[-+]?\d[\d.,'\u00a0\u202f ]{0,40}([eE][-+]?\d{1,3})?\s?(%|％|分|[¥￥$€£])?\)?")
MOMENT = re.compile(
    r"\d{1,4}([-/.年:]\d{1,2}){1,2}([-/.月日 T,:].{0,30})?|\d{1,2}[-/ ][A-Za-z]{3,9}[-/ ,]{1,2}\d{2,4}.{0,20}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}.{0,20}|\d{4}年\d{1,2}月.{0,20}"
)
BLANK = frozenset(("", "-", "--", "—", "n/a", "na", "#n/a", "null", "none", "nan", "(空)", "（空）", "无", "/", "."))
DIGIT = re.compile(r"\d")
MOSTLY = 0.8


class Looks(StrEnum):
    """What a cell looks like. CODED is text with a digit, as the number of a ticket."""

    BLANK = ""
    NUMBER = "n"
    MOMENT = "d"
    CODED = "x"
    TEXT = "t"


def looks(cell: str) -> Looks:
    """
    >>> looks("1.234,56").name, looks("2025-09-01 08:39").name, looks("C0012").name, looks("Phone").name
    ('NUMBER', 'MOMENT', 'CODED', 'TEXT')
    """
    return _looks(cell[:LONGEST_LOOKED_AT].strip())


@lru_cache(maxsize=1 << 16)  # the first rows are looked at once for each row that could be their header
def _looks(cut: str) -> Looks:
    """Remembered by the cut cell, so that no long text is kept."""
    if cut.lower() in BLANK:
        return Looks.BLANK
    if not DIGIT.search(cut):
        return Looks.TEXT
    if MOMENT.fullmatch(cut):
        return Looks.MOMENT
    return Looks.NUMBER if NUMBER.fullmatch(cut) else Looks.CODED


def filled(record: Sequence[str]) -> int:
    """How many cells of a record say something."""
    return sum(1 for cell in record if cell.strip())


class Column:
    """What the cells below a row look like: the kind most of them have, and the words that occur."""

    def __init__(self, cells: Iterable[str]) -> None:
        all_cells = list(cells)
        said = [(kind, cell.strip().casefold()) for cell in all_cells if (kind := looks(cell)) is not Looks.BLANK]
        kinds = Counter(kind for kind, _ in said)
        most, n = kinds.most_common(1)[0] if kinds else (Looks.BLANK, 0)
        self.kind = most if n >= MOSTLY * len(said) else Looks.BLANK
        self.words = Counter(word for _, word in said)
        self.is_full = len(said) >= 0.95 * len(all_cells) and len(said) > 1
        self.repeats = len(self.words) <= 0.5 * len(said)

    @property
    def is_typed(self) -> bool:
        return self.kind in (Looks.NUMBER, Looks.MOMENT)

    def vote(self, cell: str) -> float:
        """How much a cell above this column speaks for being its name: above nought for, below against."""
        kind, word = looks(cell), cell.strip().casefold()
        if kind is Looks.BLANK:
            return 0.0
        if self.is_typed:
            return 1.0 if kind in (Looks.TEXT, Looks.CODED) else -1.0
        if word in self.words:
            return -1.0 if self.repeats or self.words[word] > 1 else -0.5
        if self.kind is Looks.CODED:
            return 1.0 if kind is Looks.TEXT else -0.25
        if kind in (Looks.NUMBER, Looks.MOMENT):
            return -0.5 if self.kind is Looks.TEXT else 0.0
        return 0.5 if self.repeats else 0.0

    def fits(self, cell: str) -> bool:
        """Whether a cell could be one of this column's values."""
        word = cell.strip().casefold()
        if self.is_typed:
            return looks(cell) is self.kind
        if self.kind is Looks.CODED:
            return looks(cell) is self.kind and (" " not in word or any(" " in known for known in self.words))
        return word in self.words

    def could_be(self, cell: str) -> bool:
        """Whether a cell is of this column's kind: there, and a number, date or code where all others are."""
        kind = looks(cell)
        if kind is Looks.BLANK:
            return False
        return kind is self.kind if self.is_typed or self.kind is Looks.CODED else True

"""What kind of thing does a cell of text hold? As much as finding the table needs to know, by linear patterns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property, lru_cache

from data_access.convert.limits import LONGEST_LOOKED_AT

NUMBER = re.compile(r"[-+(]?[¥￥$€£]?[-+]?\d[\d.,'\u00a0\u202f ]{0,40}([eE][-+]?\d{1,3})?\s?(%|％|分|[¥￥$€£])?\)?")
MOMENT = re.compile(
    r"\d{1,4}([-/.年:]\d{1,2}){1,2}([-/.月日 T,:].{0,30})?|\d{1,2}[-/ ][A-Za-z]{3,9}[-/ ,]{1,2}\d{2,4}.{0,20}"
    r"|[A-Za-z]{3,9} \d{1,2},? \d{4}.{0,20}|\d{4}年\d{1,2}月.{0,20}"
)
BLANK = frozenset(("", "-", "--", "—", "n/a", "na", "#n/a", "null", "none", "nan", "(空)", "（空）", "无", "/", "."))
DIGIT = re.compile(r"\d")
MOSTLY = 0.8
LOOKED_AT = 200  # records
Records = Sequence[Sequence[str]]


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


@lru_cache(maxsize=1 << 16)  # most tables repeat their values
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
    """What the cells below a row look like: the kind most of them have, and the words that occur.

    Of each record there is the kind and the text of its cell; None where it has none.
    """

    def __init__(self, kinds: Sequence[Looks | None], texts: Sequence[str | None]) -> None:
        counted = Counter(kinds)
        cells = len(kinds) - counted.pop(None, 0)
        self._said = cells - counted.pop(Looks.BLANK, 0)
        self._kinds, self._texts = kinds, texts
        most, n = counted.most_common(1)[0] if counted else (Looks.BLANK, 0)
        self.kind = most if n >= MOSTLY * self._said else Looks.BLANK
        self.is_full = self._said >= 0.95 * cells and self._said > 1

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word occurs; numbers and dates are seldom asked for theirs."""
        cells = zip(self._kinds, self._texts, strict=True)
        return Counter([text.strip().casefold() for kind, text in cells if kind and text is not None])

    @property
    def repeats(self) -> bool:
        """Whether words occur more than once, mostly."""
        return len(self.words) <= 0.5 * self._said

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


class Below:
    """The first records of a file, each cell looked at once, however many of the rows may be the header."""

    def __init__(self, records: Records) -> None:
        self._records = records
        width = max((len(record) for record in records), default=0)
        rows = [
            [*record, *[None] * (width - len(record))] if filled(record) else [None] * width for record in records
        ]
        self._texts = [list(cells) for cells in zip(*rows, strict=True)]
        self._kinds = [[None if cell is None else looks(cell) for cell in cells] for cells in self._texts]

    def columns(self, row: int) -> list[Column]:
        """What the columns hold below a row, none of them wider than the widest record there."""
        width = max((len(record) for record in self._records[row + 1 :]), default=0)
        until = row + 1 + _enough_rows(width)
        return [
            Column(kinds[row + 1 : until], texts[row + 1 : until])
            for kinds, texts in zip(self._kinds[:width], self._texts, strict=False)
        ]

    def columns_unlike(self, row: int) -> list[Column]:
        """The same without the rows that repeat it: some reports print their header again."""
        header = self._records[row]
        kept = [record for record in self._records[row + 1 :] if record != header]
        return self.columns(row) if len(kept) == len(self._records) - row - 1 else columns_of(kept)


def columns_of(records: Records) -> list[Column]:
    """What the columns of some records hold."""
    return Below(records).columns(-1)


def _enough_rows(width: int) -> int:
    """Of very wide records fewer tell enough."""
    return LOOKED_AT if width <= LOOKED_AT else LOOKED_AT // 4

"""How much room does text take on a slide? Guessed on the safe side: nobody draws it before it is opened. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

WIDE, HIGH = 13.333, 7.5  # inches
MARGIN, TOP, BOTTOM = 0.6, 1.75, 6.75
BODY = WIDE - 2 * MARGIN
SMALLEST = 14  # points
SIZES = (20, 18, 16)  # of the letters of a table that has room
MOST_ROWS = 7
LONGEST_CELL = 150  # letters of text in a cell; all of it stands in the workbook
LINE = 1.36  # a line of Chinese letters is higher than one of Latin ones
_PADDING = 0.2
BOLD = 1.15  # how much wider bold letters are


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: heads, rows, how wide its columns are beside each other, which stand at the right, size of letters."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    size: int = SMALLEST

    def inches(self, wide: float) -> list[float]:
        return [wide * width / sum(self.widths) for width in self.widths]

    def heights(self, wide: float) -> list[float]:
        """Of the head and of each row."""
        columns = self.inches(wide)
        return [max(_cell_height(text, column, self.size) for text, column in zip(row, columns, strict=True))
                for row in (self.heads, *self.rows)]  # fmt: skip

    def grown(self, wide: float, high: float) -> Grid:
        """In the largest letters that need no slide more than the smallest and cut no word."""
        least = len(list(in_pages(self, wide, high)))
        larger = (replace(self, size=size) for size in SIZES)
        return next((grid for grid in larger if not grid.splits(wide) and grid._fits(wide, high, least)), self)

    def _fits(self, wide: float, high: float, slides: int) -> bool:
        head, *rows = self.heights(wide)
        return head + max(rows, default=0.0) <= high and len(list(in_pages(self, wide, high))) <= slides

    def splits(self, wide: float) -> bool:
        """Whether a word, a number or a day is longer than its column is wide, so that it would be cut in two."""
        columns = self.inches(wide)
        return any(
            _ems(word) * self.size / 72 * (BOLD if row is self.heads else 1) > column - _PADDING
            for row in (self.heads, *self.rows) for text, column in zip(row, columns, strict=True)
            for word in text.split() if word.isascii()
        )  # fmt: skip


def letters(text: str) -> int:
    """Places that a text takes: a Chinese sign as many as two letters."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def shortened(text: str, most: int = LONGEST_CELL) -> str:
    """A text as long as fits, with dots where it was cut.

    >>> shortened("one two three", 8), shortened("一二三四", 7)
    ('one two…', '一二三…')
    """
    if letters(text) <= most:
        return text
    room = most - 1
    for place, sign in enumerate(text):
        room -= letters(sign)
        if room < 0:
            return text[:place].rstrip() + "…"
    return text


def lines(text: str, wide: float, size: float) -> int:
    """Lines of a wrapped text in a box so many inches wide; where words end, some of each line is lost.

    >>> lines("一二三四五六七八", 1, 18), lines("a word and another", 1, 18)
    (2, 3)
    """
    room = max(wide * 72 / size, 1.0)
    return max(1, sum(ceil(_ems(part) / room) for part in text.split("\n")))


def _ems(text: str) -> float:
    """How wide a text is in heights of its letters: a Chinese sign as wide as high, a Latin one about half of it."""
    chinese = sum(ord(sign) > 0x2E7F for sign in text)
    return chinese + (len(text) - chinese) * (0.6 if " " in text else 0.56)


def height(text: str, wide: float, size: float) -> float:
    """Inches that a wrapped text takes."""
    return lines(text, wide, size) * size * LINE / 72


def fitting(text: str, wide: float, high: float, sizes: Sequence[int], *, bold: bool = False) -> tuple[str, int]:
    """The text in the largest size in which it fits, cut at the smallest."""
    wide = wide * 0.88 if bold else wide
    for size in sizes:
        if height(text, wide, size) <= high:
            return text, size
    kept = text
    while len(kept) > 1 and height(kept + "…", wide, sizes[-1]) > high:
        kept = kept[:-1]
    return kept.rstrip() + "…", sizes[-1]


def in_pages(grid: Grid, wide: float, high: float) -> Iterator[Grid]:
    """The grid in as many as are needed for each to fit; at most seven rows each."""
    head, *rows = grid.heights(wide)
    first, used = 0, head
    for place, row in enumerate(rows):
        if place > first and (used + row > high or place - first >= MOST_ROWS):
            yield replace(grid, rows=grid.rows[first:place])
            first, used = place, head
        used += row
    yield replace(grid, rows=grid.rows[first:])


def _cell_height(text: str, wide: float, size: int) -> float:
    spare = size * LINE / 72 if lines(text, wide - _PADDING, size) > 3 else 0.0  # fonts differ in width
    return height(text, wide - _PADDING, size) + spare + 0.12

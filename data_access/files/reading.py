"""How one column of text is read, once it is known."""

from __future__ import annotations

from dataclasses import dataclass

from data_access.files.amounts import Amounts
from data_access.files.dates import Written
from data_access.files.forms import sql_text
from data_access.statement import Statement

BLANK_WORDS = (
    "null", "n/a", "#n/a", "nan", "\\n", "<na>", "(空)", "（空）", "(跳过)", "（跳过）", "(null)", "(blank)",
    "(empty)", "#null!", "#value!", "#div/0!", "#ref!", "#name?", "#num!",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How one staged column is read. `expression` gives its value, NULL where the cell cannot be read.

    present counts cells that say something, failed those of them that cannot be read, blank_words those left out.
    once and parts: as in Form. unit and scale: of the values, where cells or name tell. offered: SQL that says
    whether a customer was asked. told: doubts that come true when the reading does; each lacks the column's name.
    title: name and label, in which the words stand that tell what the column is.
    """

    source: str
    name: str
    kind: str  # text, words, number, integer, date, time, zoned, or native for what a file already typed
    expression: str
    blanks: tuple[str, ...] = BLANK_WORDS
    written: Written | None = None
    amounts: Amounts | None = None
    present: int = 0
    failed: int = 0
    blank_words: int = 0
    distinct: int = 0
    parts: tuple[tuple[str, str], ...] = ()
    once: bool = False
    unit: str = ""
    scale: tuple[float, float] | None = None
    offered: str = ""
    told: tuple[Statement, ...] = ()
    title: str = ""

    @property
    def is_time(self) -> bool:
        return self.kind in ("date", "time", "zoned")

    @property
    def is_blank_word(self) -> str:
        """SQL: whether a cell holds a word for blank."""
        words = ", ".join(sql_text(word) for word in self.blanks)
        return f"lower({self.source}) IN ({words})" if words else "false"

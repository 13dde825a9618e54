"""What was taken from a file as the table, what was left out, and why: plain facts for whoever shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from data_access.statement import Statement


class Why(StrEnum):
    """Why rows, columns or sheets of a file are no part of its table."""

    ABOVE = "above"  # titles and notes above the header
    TECHNICAL = "technical"  # a row of names for machines below the header
    TOTAL = "total"  # sums and averages below the last row
    TOTAL_INSIDE = "total_inside"  # sums and averages between the rows
    FOOTER = "footer"  # notes below the last row
    ASKED = "asked"  # what a person said to skip at the end
    REPEATED = "repeated"  # the header again, between the rows
    BLANK_ROWS = "blank_rows"
    COPIES = "copies"  # rows that equal another in all they say, an id included
    ANSWERED_AGAIN = "answered_again"  # further rows of an id
    BLANK_COLUMN = "blank_column"  # neither a name nor a value
    OTHER_SHEET = "other_sheet"
    HIDDEN_SHEET = "hidden_sheet"


@dataclass(frozen=True)
class LeftOut:
    """Something left out: `n` rows, columns or sheets; `first` is its row or column in the file from 1, or 0."""

    why: Why
    n: int
    first: int = 0
    text: str = ""


@dataclass(frozen=True)
class Account:
    """How the table was found.

    kind: of file. sheets: those read, one below the other. header: first and last row of the names, from 1 as in a
    spreadsheet; None where the file has none. first_row: of the data. empty: names of columns without a value.
    hidden_rows: read, though the file hides them. encoding and delimiter: of text.
    """

    kind: str
    header: tuple[int, int] | None
    first_row: int
    sheets: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    empty: tuple[str, ...] = ()
    hidden_rows: int = 0
    encoding: str = ""
    delimiter: str = ""

    def statements(self) -> Iterator[Statement]:
        """What was decided, each with the option that decides otherwise."""
        if self.header is None:
            yield Statement("file.no_names")
        elif self.header[1] > self.header[0]:
            yield Statement("file.header_rows", {"first": self.header[0], "last": self.header[1]})
        elif self.header[0] > 1 and not any(one.why is Why.ABOVE for one in self.left_out):
            yield Statement("file.header_row", {"row": self.header[0]})
        if len(self.sheets) > 1:
            yield Statement("file.sheets_stacked", {"sheets": self.sheets, "first": self.sheets[0]})
        elif others := [one.text for one in self.left_out if one.why is Why.OTHER_SHEET]:
            yield Statement("file.sheet_taken", {"sheet": self.sheets[0], "others": others})
        for one in self.left_out:
            if one.why in TOLD:
                yield Statement(f"file.left_{one.why.value}", {"n": one.n, "row": one.first, "text": one.text})
        if hidden := [one.text for one in self.left_out if one.why is Why.HIDDEN_SHEET]:
            yield Statement("file.hidden_sheets", {"sheets": hidden, "first": hidden[0]})
        if self.hidden_rows:
            yield Statement("file.hidden_rows", {"n": self.hidden_rows})
        if self.empty:
            yield Statement("file.empty_columns", {"columns": self.empty, "n": len(self.empty)})


TOLD = (Why.ABOVE, Why.TECHNICAL, Why.TOTAL, Why.TOTAL_INSIDE, Why.FOOTER, Why.REPEATED, Why.ASKED)


def account_from(known: Mapping[str, Any]) -> Account:
    """An account from the JSON form of its fields."""
    left_out = tuple(LeftOut(**{**one, "why": Why(one["why"])}) for one in known["left_out"])
    lists = {key: tuple(known[key]) for key in ("sheets", "empty")}
    header = tuple(known["header"]) if known["header"] else None
    return Account(**{**known, **lists, "header": header, "left_out": left_out})

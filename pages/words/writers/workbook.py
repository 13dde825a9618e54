"""What all workbooks share: how one is begun and ended, the colours and the paper of a printed page, and its rows.

Excel makes a row as high as its text when it opens a file; WPS, LibreOffice and printing on a server need not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

INK, BRAND, QUIET, LOSS, LINK = "#17212B", "#1F3A5F", "#5B6670", "#A04400", "#005A8C"
LINE, PALE, PAPER = "#B4BDC7", "#E7ECF2", "#FFFFFF"
A3, A4 = 8, 9
HIGHEST_PT = 409.0  # of a row
Styles = Mapping[str, Format]


def make_workbook(
    title: str, styles: Mapping[str, Mapping[str, Any]], write: Callable[[xlsxwriter.Workbook, Styles], None]
) -> bytes:
    """An .xlsx as `write` fills it, with its styles by name; no text becomes a formula."""
    buffer = BytesIO()
    # the clock is the only thing that would make two equal files differ
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        write(book, {name: book.add_format(dict(given)) for name, given in styles.items()})
    return buffer.getvalue()


def lines_of(text: str, wide: float) -> int:
    """Lines that a wrapped text takes in a column so many letters wide; a Chinese sign is as wide as two letters.

    >>> lines_of("Since October", 8), lines_of("收费争议" * 4, 17)
    (2, 2)
    """
    return sum(-(-len(part.encode("gbk", "replace")) // max(int(wide) - 1, 1)) or 1 for part in text.split("\n"))


def row_height(cells: Iterable[tuple[str, float]], size: int) -> float:
    """Height in points of a row of wrapped texts, each with the width of its column; size: of its letters."""
    lines = max((lines_of(text, wide * 10 / size) for text, wide in cells), default=1)
    return min(lines * size * 1.36 + 4, HIGHEST_PT)


def set_paper(sheet: Worksheet, paper: int, *, head: int | None = None, footer: str = "") -> None:
    """Across, as wide as one page and as long as it takes; the row `head` stands on every page, `footer` below."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    if head is not None:
        sheet.repeat_rows(head)
    sheet.set_footer(f"&L{footer[:100].replace('&', '&&')}&R&P / &N")

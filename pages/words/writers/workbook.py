"""What all workbooks share: how one is begun and ended, and the colours of a printed page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

INK, BRAND, QUIET, LOSS, LINK = "#17212B", "#1F3A5F", "#5B6670", "#A04400", "#005A8C"
LINE, PALE, PAPER = "#B4BDC7", "#E7ECF2", "#FFFFFF"
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

"""Tables of a slide as plain HTML: large, few rows, nothing to be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Cell:
    """A cell: HTML that is escaped already, and how it is set."""

    html: str
    kind: str = ""


def cell(text: str, kind: str = "") -> Cell:
    return Cell(escape(text), kind)


def strong(text: str, *below: str, kind: str = "") -> Cell:
    """A text in bold with quiet lines below it."""
    return Cell(f"<b>{escape(text)}</b>" + "".join(f"<small>{escape(line)}</small>" for line in below if line), kind)


def mark(text: str, kind: str = "") -> str:
    """A badge."""
    return f'<span class="wall-mark {kind}">{escape(text)}</span>'


def table(heads: Sequence[tuple[str, str]], rows: Sequence[tuple[Sequence[Cell], str]], *, kind: str = "") -> str:
    """heads: words and kind of each column; rows: their cells and the kind of the row; kind: `dense` beside another
    table, else the type is larger the fewer the rows."""
    top = "".join(f'<th class="{kind}">{escape(words)}</th>' for words, kind in heads)
    body = "".join(f'<tr class="{kind}">{_row(heads, cells)}</tr>' for cells, kind in rows)
    return f'<table class="wall-table {kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def _row(heads: Sequence[tuple[str, str]], cells: Sequence[Cell]) -> str:
    return "".join(
        f'<td class="{one.kind}" data-head="{escape(words)}">{one.html}</td>'
        for (words, _), one in zip(heads, cells, strict=True)
    )

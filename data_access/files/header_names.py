"""What is each column called when its header has several rows? A name, and a label where a question stands by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_NAME, LONGEST_LABEL = 200, 1_000
SHORTER = 0.6
SAYS_NOTHING = frozenset(("response", "open-ended response", "selected choice", "回答", "选项", "内容"))
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Names:
    """The name of each column and its label; a label is empty where it would repeat the name."""

    names: tuple[str, ...]
    labels: tuple[str, ...]


def name_columns(rows: Rows, wide: Sequence[Sequence[tuple[int, int, int]]]) -> Names:
    """Names from header rows of equal width; `wide`: for each row its cells merged across columns.

    >>> name_columns([["Q1", "Q2"], ["How was it?", "Q2"]], [[], []])
    Names(names=('Q1', 'Q2'), labels=('How was it?', ''))
    >>> name_columns([["", "Service", ""], ["No", "Type", "Sort"]], [[(0, 1, 2)], []])
    Names(names=('No', 'Service Type', 'Service Sort'), labels=('', '', ''))
    """
    cleaned = [[" ".join(cell.replace("\ufeff", "").split()) for cell in row] for row in rows]
    if len(cleaned) < 2:
        return _named(cleaned[0] if cleaned else [], [])
    merged = any(wide)
    complete = [i for i, row in enumerate(cleaned) if _names_all(row, cleaned)]
    if complete and not merged:
        chosen = complete[0]
        for other in complete[1:]:
            if _length(cleaned[other]) < SHORTER * _length(cleaned[chosen]):
                chosen = other
        others = [row for i, row in enumerate(cleaned) if i != chosen]
        return _named(cleaned[chosen], others if chosen == 0 or len(complete) > 1 else [])
    spread = [
        _spread(row, spans, cleaned[i + 1 :], merged)
        for i, (row, spans) in enumerate(zip(cleaned, wide, strict=True))
    ]
    return _named([_joined(cells) for cells in zip(*spread, strict=True)], [])


def _named(names: Sequence[str], others: Rows) -> Names:
    cut = tuple(name[:LONGEST_NAME] for name in names)
    labels = []
    for c, name in enumerate(names):
        parts = [row[c] for row in others if row[c] and row[c].casefold() not in {name.casefold(), *SAYS_NOTHING}]
        labels.append(
            _joined(parts)[:LONGEST_LABEL] if parts else name[:LONGEST_LABEL] if len(name) > LONGEST_NAME else ""
        )
    return Names(cut, tuple(labels))


def _names_all(row: Sequence[str], rows: Rows) -> bool:
    """Whether a row alone has a name for every column that is named at all, and none twice."""
    named = [row[c] for c in range(len(row)) if any(other[c] for other in rows)]
    return all(named) and len({name.casefold() for name in named}) == len(named)


def _length(row: Sequence[str]) -> float:
    return sum(map(len, row)) / max(len(row), 1)


def _spread(row: Sequence[str], spans: Sequence[tuple[int, int, int]], below: Rows, merged: bool) -> list[str]:
    """A group's name above each of its columns: as far as it is merged, else up to the next name."""
    cells = list(row)
    for _, first, last in spans:
        for c in range(max(first, 0), min(last + 1, len(cells))):
            cells[c] = cells[c] or row[first]
    if merged or not below:
        return cells
    for c in range(1, len(cells)):
        if not cells[c] and any(lower[c] for lower in below):
            cells[c] = cells[c - 1]
    return cells


def _joined(parts: Sequence[str]) -> str:
    """The parts from the top down, none twice in a row.

    >>> _joined(["Service", "Type"]), _joined(["No", "No"]), _joined(["What about?", "Response"])
    ('Service Type', 'No', 'What about?')
    """
    kept: list[str] = []
    for part in parts:
        if part and (not kept or part != kept[-1]) and not (kept and part.casefold() in SAYS_NOTHING):
            kept.append(part)
    return " ".join(kept)

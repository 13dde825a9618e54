"""Where in a file is the table? Its header, which may have several rows or be missing, and its last row.

Judged by the first and the last records. A header differs from what stands below it: words above numbers and dates,
words that never occur again. Above it stand titles, below the last row sums and notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from data_access.convert.limits import LONGEST_LOOKED_AT
from data_access.files.account import LeftOut, Why
from data_access.files.cells import LOOKED_AT, Below, Column, Looks, Records, columns_of, filled, looks
from data_access.files.header_names import SAYS_NOTHING, Names, name_columns
from data_access.statement import BadInput

Span = tuple[int, int, int]
SEARCHED, MOST_HEADER_ROWS, MOST_FOOTERS = 40, 4, 20
NEARLY_AS_GOOD = 0.8
FEW = 0.34
SUMS = re.compile(
    r"((grand|sub|report|overall)[ -]?)?(totals?|sum)|average|mean|overall"
    r"|合计|总计|小计|共计|累计|汇总|平均值?|均值|总和|总数|gesamt(summe|ergebnis)?|summe|durchschnitt|mittelwert"
    r"|total general|promedio|moyenne|totale|итого",
    re.I,
)
SUMS_OF = re.compile(
    rf"({SUMS.pattern})(\s?[:：(（].{{0,40}}|\s(of|for|rows|cases|responses|records|von)\s.{{0,40}})", re.I
)
MACHINE = re.compile(r"\s*\{\s*\"")


@dataclass(frozen=True)
class Header:
    """Where the names stand and what they are.

    rows: first and last record of the names, from 0; None where there are none. first: the first record below them.
    """

    rows: tuple[int, int] | None
    first: int
    names: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def find_header(top: Records, asked: tuple[int, int] | None, wide: Sequence[Span] = ()) -> Header:
    """The header of a file from its first records. `asked`: the rows of the header, from 1; (0, 0) is none.

    `wide` are cells merged across columns: record, first and last column. Raises BadInput for a header asked for
    beyond the first records.
    """
    sample = top[:LOOKED_AT]
    rows = _asked_rows(sample, asked) if asked else _found_rows(sample)
    first = rows[-1] + 1 if rows else _first_full(sample)
    machine = [r for r in rows if _is_machine(sample[r])]
    said = [r for r in rows if r not in machine] or rows
    width = _width(sample, rows, first)
    names = name_columns([_padded(sample[r], width) for r in said], [[s for s in wide if s[0] == r] for r in said])
    if not rows:
        names = Names(("",) * width, ("",) * width)
    left_out = (*_above(sample, rows, first), *_machine(sample, machine))
    return Header((said[0], rows[-1]) if rows else None, first, names.names, names.labels, left_out)


def find_footers(last: Records, body: Records, asked: int | None) -> list[LeftOut]:
    """Sums and notes at the end, from the top down, judged by some records of the body. `asked`: skip so many."""
    full = [record for record in last if filled(record)]
    if asked is not None:
        if asked and asked >= len(full):
            raise BadInput("file.skip_too_many", n=asked, most=max(0, len(full) - 1))
        return [LeftOut(Why.ASKED, asked, 0, shown(full[-asked]))] if asked else []
    usual = _usual(body)
    full_rows = [record for record in body if filled(record) > _few(usual)]  # a short file's notes are in its body
    columns = columns_of(full_rows or body)
    found: list[tuple[Why, Sequence[str]]] = []
    for record in reversed(full[-MOST_FOOTERS:]):
        why = _footer(record, columns, usual)
        if why is None or len(found) >= len(full) - 1:
            break
        found.insert(0, (why, record))
    groups: dict[Why, list[Sequence[str]]] = {}
    for why, record in found:
        groups.setdefault(why, []).append(record)
    return [LeftOut(why, len(records), 0, shown(records[0])) for why, records in groups.items()]


def _found_rows(sample: Records) -> list[int]:
    """The records that hold the names; none where the first row is data already."""
    usual = _usual(sample)
    candidates = [
        r
        for r, record in enumerate(sample[:SEARCHED])
        if filled(record) > 0.5 * usual or (usual == 1 and filled(record))
    ]
    below = Below(sample)
    scores = {r: _score(sample, below, r) for r in candidates}
    for r in candidates[1:]:  # further down only what surely names something counts, above several rows
        if scores[r] < 1 or len(candidates) - candidates.index(r) <= 2 < len(candidates):
            del scores[r]
    best = max(scores.values(), default=-1.0)
    if best < 0:
        return []
    start = next(r for r, score in scores.items() if score >= NEARLY_AS_GOOD * best)
    return [*_groups_above(sample, start), start, *_more_below(sample, below, start)]


def _usual(sample: Records) -> int:
    """How many cells a full row has: nine of ten rows have no more."""
    counts = sorted(filled(record) for record in sample if filled(record))
    return counts[int(0.9 * (len(counts) - 1))] if counts else 0


def _score(sample: Records, below: Below, r: int) -> float:
    votes = [column.vote(cell) for column, cell in zip(below.columns_unlike(r), sample[r], strict=False)]
    return sum(votes) - 0.25 * sum(not cell.strip() for cell in sample[r])


def _groups_above(sample: Records, start: int) -> list[int]:
    """Rows right above the names that group them: words with gaps between, no title and no pair of key and value."""
    found: list[int] = []
    for r in range(start - 1, max(start - MOST_HEADER_ROWS, -1), -1):
        cells = [(c, cell) for c, cell in enumerate(sample[r]) if cell.strip()]
        words = all(
            looks(cell) in (Looks.TEXT, Looks.CODED) and not cell.strip().endswith((":", "：")) for _, cell in cells
        )
        with_gaps = len(cells) > 1 and cells[-1][0] - cells[0][0] >= len(cells)
        if not (words and with_gaps):
            break
        found.insert(0, r)
    return found


def _more_below(sample: Records, below: Below, start: int) -> list[int]:
    """Rows below the first of the names that are no data either: questions, their parts, names for machines."""
    found: list[int] = []
    for r in range(start + 1, min(start + MOST_HEADER_ROWS, len(sample) - 1)):
        if not filled(sample[r]) or not (_is_machine(sample[r]) or _is_header_too(sample[r], below.columns(r))):
            break
        found.append(r)
    return found


def _is_header_too(record: Sequence[str], columns: Sequence[Column]) -> bool:
    """No cell speaks against it, and several words stand above numbers or dates."""
    votes = [column.vote(cell) for column, cell in zip(columns, record, strict=False)]
    if _says_parts(record, columns):
        return True
    gaps = sum(column.is_full and not cell.strip() for column, cell in zip(columns, record, strict=False))
    surely = sum(vote == 1.0 for vote in votes)
    return min(votes, default=-1.0) > -0.5 and (surely >= 2 or (surely == 1 and gaps >= 1))


def _says_parts(record: Sequence[str], columns: Sequence[Column]) -> bool:
    """A survey tool's row of parts: "Response" below a question, options below another, nothing below the rest.

    An option is what its cells say too, so the columns alone would take this row for an answer.
    """
    parts = [c for c, cell in enumerate(record) if cell.strip().casefold() in SAYS_NOTHING]
    unsaid = [c for c, column in enumerate(columns) if column.is_full and not any(record[c : c + 1])]
    return bool(parts and unsaid) and not any(record[c].strip().casefold() in columns[c].words for c in parts)


def _is_machine(record: Sequence[str]) -> bool:
    said = [cell[:LONGEST_LOOKED_AT] for cell in record if cell.strip()]
    return len(said) > 1 and sum(bool(MACHINE.match(cell)) for cell in said) > 0.5 * len(said)


def _asked_rows(sample: Records, asked: tuple[int, int]) -> list[int]:
    first, last = asked
    if last > len(sample):
        raise BadInput("file.header_beyond", row=last, most=len(sample))
    return list(range(first - 1, last)) if first else []


def _first_full(sample: Records) -> int:
    usual = _usual(sample)
    return next((r for r, record in enumerate(sample) if filled(record) > 0.5 * usual), 0)


def _width(sample: Records, rows: Sequence[int], first: int) -> int:
    """As wide as the names; wider where half of the rows say something beyond them."""
    named = max((_last_filled(sample[r]) for r in rows), default=0)
    ends = sorted(_last_filled(record) for record in sample[first:] if filled(record))
    usual = ends[len(ends) // 2] if ends else 0
    return max(named, usual) if named else max(ends, default=0)


def _last_filled(record: Sequence[str]) -> int:
    return max((i + 1 for i, cell in enumerate(record) if cell.strip()), default=0)


def _padded(record: Sequence[str], width: int) -> list[str]:
    return [*record[:width], *[""] * (width - len(record))]


def _above(sample: Records, rows: Sequence[int], first: int) -> list[LeftOut]:
    above = [r for r in range(rows[0] if rows else first) if filled(sample[r])]
    return [LeftOut(Why.ABOVE, len(above), above[0] + 1, shown(sample[above[0]]))] if above else []


def _machine(sample: Records, rows: Sequence[int]) -> list[LeftOut]:
    return [LeftOut(Why.TECHNICAL, len(rows), rows[0] + 1, shown(sample[rows[0]]))] if rows else []


def shown(record: Sequence[str]) -> str:
    return " ".join(next((cell for cell in record if cell.strip()), "")[:60].split())


def _few(usual: int) -> float:
    """So few cells make a note, where a full row has `usual`."""
    return max(1, FEW * usual)


def _footer(record: Sequence[str], columns: Sequence[Column], usual: int) -> Why | None:
    """Why a record at the end is no row: a sum names itself, a note fills few cells and fits no column."""
    said = [(c, cell) for c, cell in enumerate(record) if cell.strip() and c < len(columns)]
    if _is_sum(said, record, columns):
        return Why.TOTAL
    few = len(said) <= _few(usual) and usual >= 2
    if not said or not few or any(columns[c].fits(cell) for c, cell in said):
        return None
    return Why.FOOTER if usual >= 3 or columns[said[0][0]].is_typed else None


def _is_sum(said: Sequence[tuple[int, str]], record: Sequence[str], columns: Sequence[Column]) -> bool:
    """A word for a sum where the columns hold no such word: right at the front, or in a row that lacks something."""
    for place, (c, cell) in enumerate(said[:3]):
        word = cell[:LONGEST_LOOKED_AT].strip().strip(":：—-= ")
        exact = SUMS.fullmatch(word)
        if (exact or SUMS_OF.fullmatch(word)) and columns[c].words[cell.strip().casefold()] < 2:
            lacks = any(
                column.is_full and not (i < len(record) and column.could_be(record[i]))
                for i, column in enumerate(columns)
            )
            if lacks or (exact and place == 0):
                return True
    return False

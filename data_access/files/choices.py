"""Which columns are the answers of one question? Neighbours that each say no by the same sign, yes by their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from data_access.files.profile import ColumnProfile, Holds
from data_access.labels import Scalar

YES = ("1", "是", "y", "yes", "true", "t", "√", "有")
NO = ("0", "-1", "2", "否", "n", "no", "false", "f", "无", "没有")
SELECTED = re.compile(r"\s*[-–]\s*(Selected Choices?|Text)$", re.I)
BRACKETS = "()（）[]【】"
NO_FLAG = re.compile(r"^(是否|有无|is_|has_|was_|flag_)$", re.I)


def is_flag(column: ColumnProfile) -> bool:
    """Two values, or one and blanks."""
    return column.holds is Holds.TRUTH or column.distinct == 2 or (column.distinct == 1 and column.missing > 0)


def typed(value: str | None, c: ColumnProfile) -> Scalar | None:
    """A value of a profile in the type of its column."""
    if value is None or not c.is_number:
        return value
    return int(float(value)) if float(value).is_integer() else float(value)


@dataclass(frozen=True)
class Sign:
    """How a tick box says no and yes; None where a blank means no."""

    no: Scalar | None
    yes: Scalar


Run = list[tuple[ColumnProfile, Sign]]


def runs(columns: Sequence[ColumnProfile]) -> Iterator[Run]:
    """Neighbours that belong to one question, in the order of the table."""
    run: Run = []
    for column in columns:
        sign = _sign(column)
        if run and (sign is None or not _continues(run, column, sign)):
            yield from _whole(run)
            run = []
        if sign is not None:
            run.append((column, sign))
    yield from _whole(run)


def _sign(c: ColumnProfile) -> Sign | None:
    """How a column says no and yes, None when it is no tick box."""
    if c.holds not in (Holds.TEXT, Holds.INTEGER) or not is_flag(c):
        return None
    if c.distinct == 1:
        yes = typed(c.texts[0], c) if c.texts else None
        return None if yes is None else Sign(None, yes)
    no = next((v for v in c.texts if v.casefold() in NO and v != "2"), None)
    yes = next((typed(v, c) for v in c.texts if v != no), None)
    refusal = typed(no, c)
    return None if refusal is None or yes is None else Sign(refusal, yes)


def _continues(run: Run, column: ColumnProfile, sign: Sign) -> bool:
    """The same sign for no, and the next number for yes or the same one."""
    before, last = run[0][1], run[-1][1]
    if sign.no != before.no:
        return False
    if isinstance(sign.yes, str) or isinstance(last.yes, str):
        return True
    return sign.yes > last.yes or (sign.yes == last.yes and bool(common_start([*run, (column, sign)])))


def _whole(run: Run) -> Iterator[Run]:
    """A run counts when its yes signs number its members, or when its headers begin alike."""
    if len(run) < 3:
        return
    numbered = len({sign.yes for _, sign in run}) == len(run) and not isinstance(run[0][1].yes, str)
    if numbered or common_start(run):
        yield run


def common_start(run: Run) -> str:
    """What all headers begin with, up to a whole word; empty when that says nothing."""
    return _start([column.name for column, _ in run])


def question_of(run: Run) -> str:
    """The question that the columns answer: what their labels begin with, else their headers; empty where none is."""
    labels = [column.label for column, _ in run]
    asked = _start(labels) if all(labels) else ""
    return without_choice(asked or common_start(run))


def without_choice(question: str) -> str:
    """A question as it was asked, without what a survey tool adds to its column.

    >>> without_choice("What was it about? - Selected Choice")
    'What was it about?'
    """
    return SELECTED.sub("", question)


def option_of(column: ColumnProfile, run: Run) -> str:
    """What one column of a question offers: what stands in its label, else in its header, after the question."""
    labels = [c.label for c, _ in run]
    own, start = (column.label, _start(labels)) if all(labels) else (column.name, "")
    start = start or common_start(run)
    rest = own[len(start) :].strip(" _-–:：.、") if start and own.startswith(start) else ""
    rest = rest[1:-1] if rest[:1] in BRACKETS and rest[-1:] in BRACKETS else rest
    return rest if any(c.isalpha() for c in rest) else ""


def _start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    start = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    start = re.sub(r"[A-Za-z0-9]+$", "", start) if start.isascii() else start
    start = start.rstrip(" _-–:：.（(")
    return "" if len(start) < 2 or NO_FLAG.match(f"{start}") or NO_FLAG.match(f"{start}_") else start

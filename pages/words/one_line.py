"""A name as it is shown: on one line, no longer than a heading can hold, and turning round nothing beside it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Option = TypeVar("Option", bound=Hashable)
LONGEST, ENOUGH = 120, 2_000  # signs that are shown, and of a text that are looked at
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # that turn the direction of what follows
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_JOINED = "\u200d\ufe0e\ufe0f"  # joins two signs, or says how the one before it is drawn


def one_line(text: str) -> str:
    r"""Line breaks and tabs as a space, what turns the direction of writing gone, the end of a long text cut off.

    >>> one_line("5G\n\tbill"), one_line("\u202eabc"), one_line("\n")
    ('5G bill', 'abc', '\\n')
    """
    plain = _MARKS.sub("", text[:ENOUGH])
    if _CONTROL.search(plain):
        plain = " ".join(_CONTROL.sub(" ", plain).split())
    plain = plain or ascii(text)[1:-1]  # nothing else would be seen of it
    return plain if len(plain) <= LONGEST else f"{plain[: _end(plain)].rstrip()}…"


def told_apart(options: Sequence[Option], show: Callable[[Option], str]) -> Callable[[Option], str]:
    """What each option of a list is called; those called alike are numbered, else one of them could not be chosen.

    >>> list(map(told_apart(["a b", "a\\nb", "c"], one_line), ["a b", "a\\nb", "c"]))
    ['a b (1)', 'a b (2)', 'c']
    """
    called = {option: show(option) for option in options}
    times, seen = Counter(called.values()), Counter[str]()
    for option, name in called.items():
        if times[name] > 1:
            seen[name] += 1
            called[option] = f"{name} ({seen[name]})"
    return lambda option: called[option] if option in called else show(option)


def _end(text: str) -> int:
    """Where to cut, so that a letter keeps its accents and an emoji is whole."""
    end = LONGEST - 1
    while end > 1 and (text[end] in _JOINED or text[end - 1] == _JOINED[0] or unicodedata.combining(text[end])
                       or "\U0001f3fb" <= text[end] <= "\U0001f3ff"):  # fmt: skip
        end -= 1
    return end

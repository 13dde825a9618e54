"""What does a reader see of a text? Blanks, control signs and signs without a shape are nothing to see. Pure."""

from __future__ import annotations

import unicodedata

# letters and marks of Unicode that are drawn as nothing
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))


def is_blank(text: str) -> bool:
    """Whether there is nothing to read.

    >>> is_blank(" \\u200b\\u3000\\n"), is_blank(" a ")
    (True, False)
    """
    return not any(map(_is_seen, text))


def is_same_name(one: str, other: str) -> bool:
    """Whether two names read alike: capitals, widths, composed letters, blanks and what nobody sees do not count.

    >>> is_same_name("Ann Lee", "ＡＮＮ\\u200b  lee"), is_same_name("Ann Lee", "Ann Li")
    (True, False)
    """
    return name_read(one) == name_read(other)


def one_line(text: str) -> str:
    """The text on one line, without signs that a terminal or another program would take for orders.

    >>> one_line("a\\x1b[31m\\r\\nb")
    'a [31m b'
    """
    return " ".join("".join(" " if _is_order(sign) else sign for sign in text).split())


def name_read(name: str) -> str:
    """What of a name is read: the same for all ways to write it."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(filter(_is_seen, folded))


def _is_seen(sign: str) -> bool:
    is_filler = sign in _FILLERS or any(first <= ord(sign) <= last for first, last in _SELECTORS)
    return not is_filler and unicodedata.category(sign)[0] != "Z" and unicodedata.category(sign) not in ("Cc", "Cf")


def _is_order(sign: str) -> bool:
    """Control signs, ends of lines, and signs that turn the direction of what follows."""
    turns = "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"
    return turns or unicodedata.category(sign) in ("Cc", "Zl", "Zp")

"""How much room does a text take, and how is it made to fit? Widths are estimates: the browser's font decides."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from unicodedata import east_asian_width

_LATIN, _WIDE = 0.54, 1.0  # of the font size
# spaces (not the ones that hold together), single Chinese characters, words
_PIECE = re.compile(r"[ \t\n]+|[⺀-鿿豈-﫿＀-￯]|[^ \t\n⺀-鿿豈-﫿＀-￯]+")


@lru_cache(4096)  # figures measure the same words again and again, as they grow line by line
def width(text: str, size: float) -> float:
    """Pixels a text takes; Chinese characters are as wide as high.

    >>> width("固话", 10), round(width("3G", 10), 1)
    (20.0, 10.8)
    """
    return sum(_WIDE if east_asian_width(sign) in "WF" else _LATIN for sign in text) * size


def shortened(text: str, room: float, size: float) -> str:
    """One line that fits, with an ellipsis when something was cut."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def fitted(text: str, room: float, size: float, *, lines: int = 2) -> str:
    """The text in at most so many lines, for a figure: `<` and `&` are shown as they are, lines parted by <br>.

    >>> fitted("宽带装移机预约与改约服务", 60, 10, lines=2)
    '宽带装移机预<br>约与改约服务'
    """
    done = [""]
    pieces = [part for piece in _PIECE.findall(text.strip()) for part in _breakable(piece, room, size)]
    for i, piece in enumerate(pieces):
        if width(done[-1] + piece, size) <= room or not done[-1]:
            done[-1] += piece
        elif len(done) < lines:
            done.append(piece.strip())
        else:
            done[-1] = shortened(done[-1] + "".join(pieces[i:]), room, size)
            break
    return "<br>".join(as_text(line.strip()) for line in done)


def as_text(text: str) -> str:
    """Words of data or people in a figure: `<` and `&` are shown as they are."""
    return html.escape(text, quote=False)


def holds(text: str, room: float, size: float, *, lines: int = 2) -> bool:
    """Whether the whole text fits into so many lines without a word parted.

    >>> holds("Value-added services", 100, 15), holds("September", 60, 15)
    (True, False)
    """
    if width(longest_word(text), size) > room:
        return False
    return text.endswith("…") or not fitted(text, room, size, lines=lines).endswith("…")


def _breakable(piece: str, room: float, size: float) -> list[str]:
    """A word wider than the room, cut in parts that fit."""
    if width(piece, size) <= room:
        return [piece]
    signs = max(int(room / (size * _LATIN)), 1)
    return [piece[i : i + signs] for i in range(0, len(piece), signs)]


def longest_word(text: str) -> str:
    """What cannot be parted between two lines."""
    return max(_PIECE.findall(text), key=lambda piece: width(piece, 1), default="")


def bold(text: str) -> str:
    return f"<b>{text}</b>"

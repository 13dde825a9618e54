"""In which encoding is a text file written? Judged by all its bytes: one wrong line in a million breaks an import."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

HIGH_RUN = re.compile(rb"[\x80-\xff]+")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
HEAD = 65_536
LONGEST_LINE = 1 << 24


def utf16_of(head: bytes) -> str | None:
    """UTF-16 with a mark, or without one where every second byte of ASCII text is nought."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    pairs = max(len(head[:2000]) // 2, 1)
    if odd > 0.3 * pairs and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * pairs and odd == 0 else None


def encoding_of(path: Path) -> tuple[str, bool]:
    """The encoding of a text file and whether it had to be guessed.

    "mixed" means that some lines are UTF-8 and others are GBK. All lines are read: one wrong line in a million is
    what breaks an import later.
    """
    head = _head(path)
    for mark, name in BOMS:
        if head.startswith(mark):
            return (name, False) if name == "utf-16" or _all_utf8(path) else ("mixed", True)
    wide = utf16_of(head)
    if wide:
        return wide, True
    if _all_utf8(path):
        return "utf-8", False
    return _eight_bit(path), True


def _all_utf8(path: Path) -> bool:
    decoder_errors = io.TextIOWrapper(path.open("rb"), encoding="utf-8", errors="strict", newline="")
    with decoder_errors as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _eight_bit(path: Path) -> str:
    """GB18030 (which holds GBK), Western Windows where high bytes stand alone, or a mixture."""
    seen: Counter[str] = Counter()
    single = runs = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            found = HIGH_RUN.findall(line)
            runs, single = runs + len(found), single + sum(len(r) == 1 for r in found)
            seen[line_encoding(line)] += 1
    if single > 0.5 * runs:
        return "cp1252"
    if not seen["utf-8"] and not seen["unknown"]:
        return "gb18030"
    return "mixed"


def line_encoding(line: bytes) -> str:
    """How one line is written: "utf-8", "gb18030", or "unknown".

    Two-byte UTF-8 letters (Greek, Cyrillic, accents) are also two-byte GBK characters, so a line counts as UTF-8
    only with a character of three bytes or more.

    >>> line_encoding("满意度".encode("gbk")), line_encoding("满意度".encode())
    ('gb18030', 'utf-8')
    """
    for name in ("utf-8", "gb18030"):
        try:
            text = line.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "gb18030" or any(c > "\u07ff" for c in text):
            return name
    return "unknown"


def lines_of(path: Path, encoding: str) -> Iterator[tuple[str, str]]:
    """Each line of a file and how it was read: the encoding, or "unknown" where signs had to be replaced."""
    if encoding != "mixed":
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            while text := file.readline(LONGEST_LINE):
                yield text, "unknown" if "\ufffd" in text else encoding
        return
    with path.open("rb") as raw:
        for number, line in enumerate(iter(partial(raw.readline, LONGEST_LINE), b"")):
            found = "utf-8" if line.isascii() else line_encoding(line)
            text = line.decode("utf-8" if found == "unknown" else found, errors="replace")
            yield (text.removeprefix("\ufeff") if number == 0 else text), found


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)

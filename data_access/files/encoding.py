"""In which encoding is a text file written? Judged by all its bytes: one wrong line in a million breaks an import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

HIGH_RUN = re.compile(rb"[\x80-\xff]+")
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),  # begins like the next
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
HEAD = 65_536
LONGEST_LINE = 1 << 24
WESTERN = "äöüßéèêëàâáíìîïóòôúùûñçœæøåãõý€’–".encode("cp1252")  # what Western text has of high bytes, mostly
SHORT_RUN, FEW = 2.5, 0.3  # bytes in one run, and the share of other ones, below which text is Western
USUAL_OF_GBK = 0.9  # of the characters of a text in simplified Chinese: the 6,763 of GB 2312
KANA = 0.2  # of the characters of a Japanese text, at least


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
            return (name, False) if name != "utf-8-sig" or _is_all(path, "utf-8") else ("mixed", True)
    wide = utf16_of(head)
    if wide:
        return wide, True
    if _is_all(path, "utf-8"):
        return "utf-8", False
    return _eight_bit(path), True


def _eight_bit(path: Path) -> str:
    """An encoding of East Asia, Western Windows where high bytes stand alone, or a mixture of lines."""
    seen: Counter[str] = Counter()
    single = runs = signs = other = 0
    sample = bytearray()
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            found = HIGH_RUN.findall(line)
            runs, single = runs + len(found), single + sum(len(r) == 1 for r in found)
            signs, other = signs + sum(map(len, found)), other + sum(len(r.translate(None, WESTERN)) for r in found)
            seen[line_encoding(line)] += 1
            if len(sample) < HEAD:
                sample += line
    if not seen["utf-8"]:
        east = _east_asian(bytes(sample), path)
        if east:
            return east
    if single > 0.5 * runs or (signs < SHORT_RUN * runs and other < FEW * signs):
        return "cp1252"
    if not seen["utf-8"] and not seen["unknown"]:
        return "gb18030"
    return "mixed"


def _east_asian(sample: bytes, path: Path) -> str | None:
    """Traditional Chinese or Japanese, whose bytes GBK may read as rare characters; None for anything else."""
    pairs = _pairs(sample)
    usual = sum(0xA1 <= first <= 0xF7 and second >= 0xA1 for first, second in pairs)
    if pairs and usual >= USUAL_OF_GBK * len(pairs):
        kana = sum(first in (0xA4, 0xA5) for first, _ in pairs)
        return "euc_jp" if kana >= KANA * len(pairs) and _is_all(path, "euc_jp") else None
    for name, is_usual in (("cp932", _is_kana), ("big5", _is_usual_big5)):
        text = sample.decode(name, errors="ignore")
        letters = [c for c in text if not c.isascii()]
        if letters and sum(map(is_usual, letters)) >= KANA * len(letters) and _is_all(path, name):
            return name
    return None


def _pairs(sample: bytes) -> list[tuple[int, int]]:
    """Lead and trail bytes as GBK has them."""
    found, i = [], 0
    while i < len(sample) - 1:
        if sample[i] >= 0x81:
            found.append((sample[i], sample[i + 1]))
            i += 1
        i += 1
    return found


def _is_kana(letter: str) -> bool:
    return "\u3040" <= letter <= "\u30ff"


def _is_usual_big5(letter: str) -> bool:
    """Whether a character is among the usual ones of Big5, which come first in it."""
    code = letter.encode("big5", errors="ignore")
    return len(code) == 2 and 0xA4 <= code[0] <= 0xC6


def _is_all(path: Path, encoding: str) -> bool:
    """Whether a whole file can be read so."""
    with path.open(encoding=encoding, errors="strict", newline="") as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return False
    return True


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

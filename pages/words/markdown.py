"""The one way in which words of data and of people come into Markdown: as text."""

from __future__ import annotations

import re

JOINER = "\u2060"  # takes no place; parts what Markdown would take for an address or a picture's name
_MARKDOWN = re.compile(r"([\\`*_\[\]$~<>|#&])|^(\s{0,3}\d{0,9})([-+=.)])(?=\s)", re.MULTILINE)
_NAMED = re.compile(r"(:)(?=[A-Za-z/]|[\w+-]+:)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.IGNORECASE)


def escape_markdown(text: str) -> str:
    r"""Data shown in Markdown as it stands: no picture, link, colour, icon, formula or list comes of it.

    >>> escape_markdown("*3G* [x]")
    '\\*3G\\* \\[x\\]'
    """
    text = _MARKDOWN.sub(lambda hit: f"\\{hit[1]}" if hit[1] else f"{hit[2]}\\{hit[3]}", text)
    return _NAMED.sub(lambda hit: f"\\:{JOINER}" if hit[1] else JOINER, text)


def unescaped(text: str) -> str:
    """What was escaped for Markdown, as it stands.

    >>> unescaped(escape_markdown(":red[x] www.example.com"))
    ':red[x] www.example.com'
    """
    return re.sub(r"\\(.)", r"\1", text.replace(JOINER, ""))

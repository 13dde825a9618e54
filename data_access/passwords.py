"""No password in any message: addresses and settings as they may be shown, wherever in a text they stand."""

from __future__ import annotations

import re
from typing import Any

GONE = "***"
_IN_ADDRESS = re.compile(r"(:/{1,3}[^\s@/:]{0,200}):\S{0,1000}@")  # a path has one of the slashes
_BARE = re.compile(r"(?<![\w.:+-])([\w.+-]{1,64}):[^\s@/]{1,200}@(?=[\w\[])")
_SAID = re.compile(
    r"(?i)((?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key)['\"]?\s{0,3}(?:=|:|%3d)\s{0,3})"
    r"(?:'[^']{0,1000}'|\"[^\"]{0,1000}\"|\{[^}]{0,1000}\}|(?:(?!%3b|%26)[^\s&;])+)"
)


def hidden(text: str) -> str:
    """A text without the passwords in it.

    >>> hidden("postgresql://li:a@b@db.example.com/x?sslpassword=c&connect_timeout=3")
    'postgresql://li:***@db.example.com/x?sslpassword=***&connect_timeout=3'
    >>> hidden("DRIVER={any};UID=li;PWD={a;b};"), hidden("li:secret@db.example.com")
    ('DRIVER={any};UID=li;PWD=***;', 'li:***@db.example.com')
    """
    text = _IN_ADDRESS.sub(rf"\1:{GONE}@", text)
    return _SAID.sub(rf"\1{GONE}", _BARE.sub(rf"\1:{GONE}@", text))


def hidden_in(value: Any) -> Any:
    """A value without the passwords in its texts, be they in a list."""
    if isinstance(value, str):
        return hidden(value)
    return type(value)(map(hidden_in, value)) if type(value) in (list, tuple) else value

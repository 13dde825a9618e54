"""Is a TOML text small and shallow enough for the parser, which builds whatever it is given?"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from data_access.statement import BadInput

MOST_SIGNS = 1 << 20
MOST_PARTS, DEEPEST = 8, 12  # of one key; brackets within brackets
NOT_STRUCTURE = re.compile(
    r'#[^\n]*|"""(?:[^\\"]|\\.|"(?!""))*(?:"""|\Z)|\'\'\'(?:[^\']|\'(?!\'\'))*(?:\'\'\'|\Z)'
    r"|\"(?:[^\"\\\n]|\\.)*\"?|'[^'\n]*'?",
    re.S,
)
DOTTED = re.compile(r"[^,=\[\]{}\n]{1,1000}")
BRACKETS = re.compile(r"[\[\]{}]")


def parsed(text: str) -> dict[str, Any]:
    """What a TOML text says. Raises BadInput where it is none, too long or too deep."""
    if len(text) > MOST_SIGNS:
        raise BadInput("model.too_long", n=len(text), most=MOST_SIGNS)
    structure = NOT_STRUCTURE.sub(_blank, text)
    for number, line in enumerate(structure.splitlines(), start=1):
        if any(part.count(".") >= MOST_PARTS for part in DOTTED.findall(line)):
            raise BadInput("model.too_deep", line=number)
    _check_brackets(structure)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise BadInput("model.not_toml", detail=str(error)) from error


def _blank(found: re.Match[str]) -> str:
    """A string is one part of a key or a value; its lines are kept, so that they can be counted."""
    return "" if found[0].startswith("#") else '""' + "\n" * found[0].count("\n")


def _check_brackets(structure: str) -> None:
    depth = 0
    for found in BRACKETS.finditer(structure):
        depth += 1 if found[0] in "[{" else -1 if depth else 0
        if depth > DEEPEST:
            raise BadInput("model.too_deep", line=structure.count("\n", 0, found.start()) + 1)

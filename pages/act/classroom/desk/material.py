"""What a class is made of: a case with its key, and the data that are frozen for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase

from data_access.statement import BadInput
from data_access.training import Case, Key
from data_access.workshop.class_rules import MOST_GROUPS

_NAMES = (*ascii_uppercase, *(f"A{sign}" for sign in ascii_uppercase))  # as the columns of a sheet
PARTED = re.compile(r"[,，、;；\n]+")
Tell = Callable[[float], None]  # hears the share done, 0 to 1
Freeze = Callable[[Path, Tell], str]  # into a folder; answers with the version of the data


@dataclass(frozen=True)
class Material:
    """`freeze` copies the data; nothing changes them from then on."""

    case: Case
    key: Key
    freeze: Freeze = field(compare=False)


Prepare = Callable[[], Material]


def group_names(typed: str) -> tuple[str, ...]:
    """How many groups, or what they are called.

    Raises: BadInput for none, too many, or two of one name.

    >>> group_names("3"), group_names("Red, Blue")
    (('A', 'B', 'C'), ('Red', 'Blue'))
    """
    typed = typed.strip()
    if typed.isdecimal():
        names = tuple(_NAMES[: int(typed)]) if int(typed) <= MOST_GROUPS else ()
    else:
        names = tuple(name.strip() for name in PARTED.split(typed) if name.strip())
    if not 0 < len(names) <= MOST_GROUPS:
        raise BadInput("desk.trouble.groups", most=MOST_GROUPS)
    if len({name.casefold() for name in names}) < len(names):
        raise BadInput("desk.trouble.same_name")
    return names

"""Which questions are worth asking again? What the model names of a preset."""

from __future__ import annotations

from dataclasses import dataclass

from data_access.labels import Labels
from data_access.selection import Filter


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A question worth asking again: which columns, among which contacts, and by what it may look different.

    `of` is a dimension whose members are compared instead of contacts; empty for contacts.
    """

    name: str
    labels: Labels
    columns: tuple[str, ...]
    of: str = ""
    where: tuple[Filter, ...] = ()
    within: tuple[str, ...] = ()

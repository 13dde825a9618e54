"""Which segment stands behind a mark that was clicked? It stays open on its page until it is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analysis.result import Result
from data_access.selection import Filter
from pages.frame.context import Context
from pages.words.methods import presentation_of

OPEN = "panel.open"
Where = tuple[Filter, ...]


@dataclass(frozen=True)
class Marks:
    """The segments behind the marks of a chart and the rows of its table, in the order of the table.

    wheres: None for a row that is no segment. also: what else follows when the segment of a row is opened.
    usual: the key that is marked where none is open.
    """

    page: str
    wheres: Sequence[Where | None]
    also: Callable[[int], object] | None = None
    usual: str | None = None

    @property
    def lead_somewhere(self) -> bool:
        return any(self.wheres)

    def click(self, key: str) -> None:
        """A mark was clicked: its segment is opened, the one that is open closed."""
        place = int(key)
        if opened(self.page) is not None and self.marked == key:
            close()
        else:
            self._open(place)

    def row(self, place: int | None) -> None:
        """A row was chosen, or none any more."""
        if place is None:
            close()
        else:
            self._open(place)

    def _open(self, place: int) -> None:
        where = self.wheres[place] if place < len(self.wheres) else None
        st.session_state[OPEN] = None if where is None else (self.page, where)
        if self.also:
            self.also(place)

    @property
    def marked(self) -> str | None:
        """The key of the mark whose segment is open."""
        where = opened(self.page)
        return self.usual if where is None or where not in self.wheres else str(list(self.wheres).index(where))


def marks_of(
    here: Context, result: Result, *, also: Callable[[int], object] | None = None, usual: str | None = None
) -> Marks:
    """The marks of a chart whose keys are the places of the rows of a result."""
    return Marks(here.page, [_where(result, segment) for segment in result.table["segment"]], also, usual)


def _where(result: Result, segment: Any) -> Where | None:
    rows = presentation_of(result.method).rows
    if not rows.possible(result):
        return None
    return tuple(Filter(name, (member,)) for name, member in rows.members(result, segment).items()) or None


def opened(page: str) -> Where | None:
    """The segment that is open on a page."""
    there: tuple[str, Where] | None = st.session_state.get(OPEN)
    return there[1] if there and there[0] == page else None


def close() -> None:
    st.session_state[OPEN] = None

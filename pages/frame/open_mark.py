"""Which segment stands open behind a mark that was clicked? A part of the address, so that Back closes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

import streamlit as st

from data_access.selection import Filter, Period
from data_access.semantics import SemanticModel
from pages.frame import address
from pages.words.options import code_of, member_of

OPEN, LINK = "panel.open", "mark"  # in the session, in the address
Where = tuple[Filter, ...]
Behind = tuple[Where, Period | None]  # the segment behind a mark, and its own days where it stands for some
Members = Callable[[str], Sequence[str | None]]


def opened(page: str) -> Behind | None:
    """The segment that is open on a page, and its days where the mark stands for some."""
    there: tuple[str, Behind] | None = st.session_state.get(OPEN)
    return there[1] if there and there[0] == page else None


def set_open(page: str, behind: Behind | None) -> None:
    st.session_state[OPEN] = None if behind is None else (page, behind)


def close() -> None:
    st.session_state[OPEN] = None


def arrive(page: str, model: SemanticModel, members: Members) -> None:
    """Open what a link asks for; one that asks for none, as that of Back, closes what is open."""
    values = address.requested(LINK)
    if address.is_new():
        set_open(page, _read(values, model, members))


def write(behind: Behind) -> None:
    """Say in the address what is open."""
    where, span = behind
    conditions = [f"{part.dimension}:{code_of(value)}" for part in where for value in part.values]
    address.write(LINK, *conditions, *([f"{span.start}/{span.end}"] if span else []))


def _read(values: Sequence[str], model: SemanticModel, members: Members) -> Behind | None:
    """None where any part of it is unknown."""
    where = [_condition(value, model, members) for value in values if ":" in value]
    try:
        days = [tuple(map(date.fromisoformat, value.split("/"))) for value in values if ":" not in value]
        spans = [Period(first, last) for first, last in days]
    except ValueError:
        return None
    if not values or None in where or len(spans) > 1:
        return None
    known = groupby((pair for pair in where if pair), key=lambda pair: pair[0])
    filters = tuple(Filter(name, tuple(member for _, member in pairs)) for name, pairs in known)
    return filters, (spans[0] if spans else None)


def _condition(value: str, model: SemanticModel, members: Members) -> tuple[str, str | None] | None:
    name, _, code = value.partition(":")
    if name not in (*model.cuts, *model.reasons) or member_of(code) not in members(name):
        return None
    return name, member_of(code)

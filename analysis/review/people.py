"""No single agent and no customer stands on a shared screen: their ids become codes before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from data_access.selection import Filter
from data_access.semantics import SemanticModel
from data_access.statement import Statement
from data_access.warehouse.rows import masked
from data_access.workshop.meeting_records import MeetingSlide


def persons_of(model: SemanticModel) -> Mapping[str, str]:
    """Dimensions whose members are single people, each with the letter of its codes."""
    letters = {column: letter for column, letter in ((model.agent, "a"), (model.customer_id, "c")) if column}
    return {cut.name: letters[cut.column] for cut in model.cuts.values() if cut.column and cut.column in letters}


def own_cuts(model: SemanticModel) -> tuple[str, ...]:
    """Dimensions of the model that can stand side by side on a shared screen."""
    people = persons_of(model)
    return tuple(name for name, cut in model.dimensions.items() if not cut.overlaps and name not in people)


def without_people(value: Any, people: Mapping[str, str]) -> Any:
    """A value as it may be shown: members of dimensions of people as codes, wherever they stand in it.

    >>> without_people({"segment": {"team": "A"}}, {"agent": "a"})
    {'segment': {'team': 'A'}}
    """
    if isinstance(value, Filter) and value.dimension in people:
        return Filter(value.dimension, tuple(masked(one, people[value.dimension]) for one in value.values))
    if isinstance(value, Statement):
        return Statement(value.key, without_people(value.values, people))
    if isinstance(value, Mapping):
        return {name: _member(name, one, people) for name, one in value.items()}
    if isinstance(value, list | tuple):
        pair = len(value) == 2 and isinstance(value[0], str) and value[0] in people
        return (
            (value[0], _member(value[0], value[1], people))
            if pair
            else tuple(without_people(one, people) for one in value)
        )
    return value


def _member(name: str, value: Any, people: Mapping[str, str]) -> Any:
    if name in people and isinstance(value, str | int):
        return masked(value, people[name])
    return without_people(value, people)


def slide_without_people(slide: MeetingSlide, people: Mapping[str, str]) -> MeetingSlide:
    """The slide as everybody in the room, and whoever opens it later, may see it. Its queries go where they name
    single people."""
    if not people:
        return slide
    shown = {
        name: without_people(getattr(slide, name), people)
        for name in ("options", "statements", "caveats", "statistics", "rows", "parts")
    }
    filters = without_people(slide.selection.filters, people)
    is_about = filters != slide.selection.filters
    return replace(
        slide, **shown, selection=replace(slide.selection, filters=filters), sql=() if is_about else slide.sql
    )
